//! Which pages may call: Cross-Origin Resource Sharing.
//!
//! Named origins may send and list, with credentials. Where none is named, or `*` is given, pages
//! of every origin may send, without credentials, and none may list. CORS keeps pages from
//! reading answers, it is no check of who sends: a `text/plain` request needs no preflight.

use std::str::FromStr;
use std::time::Duration;

use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, header};
use tower_http::cors::{AllowCredentials, AllowOrigin, CorsLayer};
use url::Url;

/// How long a browser may keep the answer to a preflight.
const PREFLIGHT_AGE: Duration = Duration::from_secs(600);

/// An origin whose pages may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowedOrigin {
    /// `*`: every origin may send, without credentials.
    Any,
    /// Exactly this one may send and list.
    Named(HeaderValue),
}

impl FromStr for AllowedOrigin {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "*" {
            return Ok(Self::Any);
        }
        let is_origin = Url::parse(text).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text
        });
        match HeaderValue::from_str(text) {
            Ok(value) if is_origin => Ok(Self::Named(value)),
            _ => {
                Err("expected an origin as browsers send it, such as https://www.example.com, or *")
            }
        }
    }
}

/// The layer that answers preflights and marks answers for the pages that may read them.
pub fn layer(origins: &[AllowedOrigin]) -> CorsLayer {
    let named: Vec<HeaderValue> = origins
        .iter()
        .filter_map(|origin| match origin {
            AllowedOrigin::Named(value) => Some(value.clone()),
            AllowedOrigin::Any => None,
        })
        .collect();
    let anyone_sends = named.len() < origins.len() || origins.is_empty();

    let trusted = named.clone();
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, parts| {
            named.contains(origin) || (anyone_sends && is_for(&Method::POST, parts))
        }))
        .allow_credentials(AllowCredentials::predicate(move |origin, _| {
            trusted.contains(origin)
        }))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::RETRY_AFTER])
        .max_age(PREFLIGHT_AGE)
}

/// Whether the request, or the one that a preflight announces, has the method.
fn is_for(method: &Method, parts: &Parts) -> bool {
    if parts.method == Method::OPTIONS {
        let announced = parts.headers.get(header::ACCESS_CONTROL_REQUEST_METHOD);
        announced.is_some_and(|announced| announced == method.as_str())
    } else {
        parts.method == *method
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_taken_as_browsers_send_them() {
        for right in [
            "https://www.example.com",
            "http://localhost:8080",
            "http://[::1]:1",
            "https://xn--bcher-kva.example",
        ] {
            let origin: AllowedOrigin = right.parse().unwrap();
            assert_eq!(
                origin,
                AllowedOrigin::Named(HeaderValue::from_static(right))
            );
        }
        assert_eq!("*".parse(), Ok(AllowedOrigin::Any));
        for wrong in [
            "",
            "null",
            "www.example.com",
            "https://www.example.com/",
            "https://Example.com",
            "https://example.com:443",
            "https://a@example.com",
            "https://*.example.com ",
            "ftp://example.com",
            "https://bücher.example",
        ] {
            assert!(wrong.parse::<AllowedOrigin>().is_err(), "{wrong}");
        }
    }
}
