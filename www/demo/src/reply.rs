//! Building responses.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};

/// Pages and scripts in UTF-8, as they are sent.
pub const HTML: &str = "text/html; charset=utf-8";
/// See [`HTML`].
pub const SCRIPT: &str = "text/javascript; charset=utf-8";
/// See [`HTML`].
pub const JSON: &str = "application/json";
/// See [`HTML`].
pub const TEXT: &str = "text/plain; charset=utf-8";

/// An answer that no cache keeps: each load asks again, so that counts are true and an edit shows.
pub fn reply(status: StatusCode, content_type: &str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    set(headers, header::CONTENT_TYPE.as_str(), content_type);
    uncached(headers);
    response
}

/// An answer without a body.
pub fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    uncached(response.headers_mut());
    response
}

/// Keeps an answer out of every cache.
pub fn uncached(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// Lets pages of any origin read an answer, and send any request for it.
pub fn allow_any_origin(headers: &mut HeaderMap) {
    for name in [
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        header::ACCESS_CONTROL_ALLOW_METHODS,
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
    ] {
        headers.insert(name, HeaderValue::from_static("*"));
    }
}

/// Sets a header; one that is not a header is left out.
pub fn set(headers: &mut HeaderMap, name: &str, value: &str) {
    if let Some((name, value)) = field(name, value) {
        headers.insert(name, value);
    }
}

/// Sets several: the first of a name replaces what was there, the next ones are added.
pub fn set_all(headers: &mut HeaderMap, fields: &[(String, String)]) {
    let fields: Vec<_> = fields
        .iter()
        .filter_map(|(name, value)| field(name, value))
        .collect();
    for (name, _) in &fields {
        headers.remove(name);
    }
    for (name, value) in fields {
        headers.append(name, value);
    }
}

fn field(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    Some((
        HeaderName::try_from(name).ok()?,
        HeaderValue::try_from(value).ok()?,
    ))
}
