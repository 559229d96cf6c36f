//! The number of a request: in its answer (`X-Request-Id`) and beside all that is logged of it.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use uuid::Uuid;

use crate::proxies::TrustedProxies;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// How long the number that a proxy gives may be.
const LENGTH: usize = 64;

/// The number, as text.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Numbers the request, and marks its answer.
pub async fn number(
    State(proxies): State<Arc<TrustedProxies>>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = given(&proxies, &request).unwrap_or_else(|| Uuid::new_v4().simple().to_string());
    let value = HeaderValue::from_str(&id);
    request.extensions_mut().insert(RequestId(id));
    let mut response = next.run(request).await;
    if let Ok(value) = value {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }
    response
}

/// The number that a trusted proxy gave it. A client's own could say who it is.
fn given(proxies: &TrustedProxies, request: &Request) -> Option<String> {
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    proxies
        .trust(peer.ip())
        .then(|| well_formed(request.headers()))?
}

fn well_formed(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(X_REQUEST_ID)?.to_str().ok()?;
    let is_right = (1..=LENGTH).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    is_right.then(|| id.to_owned())
}
