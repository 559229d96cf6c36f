//! Refuses requests beyond the rates, before anything is done for them.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, MatchedPath, Request, State as Shared};
use axum::middleware::Next;
use axum::response::Response;

use super::State;
use crate::body::read_body;
use crate::problem::Problem;

/// What watches over the collector asks as often as it likes.
const UNLIMITED: [&str; 2] = ["/healthz", "/readyz"];

pub async fn rated(
    Shared(state): Shared<Arc<State>>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let route = request.extensions().get::<MatchedPath>();
    if route.is_some_and(|route| UNLIMITED.contains(&route.as_str())) {
        return Ok(next.run(request).await);
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
    let address = state.proxies.origin(peer, request.headers());
    match state.rates.take(address, Instant::now()) {
        Ok(()) => Ok(next.run(request).await),
        Err(wait) => {
            // A client that is still sending may miss an early answer.
            read_body(request.into_body(), state.request_timeout).await?;
            Err(Problem::TooOften {
                seconds: wait.as_secs() + 1,
            })
        }
    }
}
