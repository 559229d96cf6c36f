//! Routes for the publisher alone.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use super::State;
use crate::access::may_read;
use crate::problem::Problem;

/// The request is the publisher's: a handler that takes this first answers nobody else.
pub struct Admin;

impl FromRequestParts<Arc<State>> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<State>) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let allowed = peer.is_some_and(|&ConnectInfo(peer)| {
            may_read(
                state.admin_token.as_ref(),
                &state.proxies,
                peer,
                &parts.uri,
                &parts.headers,
            )
        });
        if allowed {
            Ok(Self)
        } else {
            Err(Problem::Unauthorized)
        }
    }
}
