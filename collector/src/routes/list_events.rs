//! `GET /v1/events`: what is stored, for the publisher alone.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{ConnectInfo, Extension, Query, State as Shared};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::State;
use crate::access::may_read;
use crate::problem::Problem;
use crate::store::{Order, StoredEvent};

/// How many events a listing has at most.
const LIMIT: u16 = 1000;

/// What may be asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Only events with a greater sequence, in either order.
    #[serde(default)]
    after: u64,
    /// At most so many.
    #[serde(default = "default_limit")]
    limit: u16,
    /// Oldest or newest first.
    #[serde(default)]
    order: Order,
}

fn default_limit() -> u16 {
    100
}

#[derive(Serialize)]
struct Listing {
    events: Vec<StoredEvent>,
    /// The greatest sequence listed, or `after` if nothing is: where to go on.
    last: u64,
}

pub async fn list_events(
    Shared(state): Shared<Arc<State>>,
    Extension(ConnectInfo(peer)): Extension<ConnectInfo<SocketAddr>>,
    uri: Uri,
    headers: HeaderMap,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Response, Problem> {
    if !may_read(state.admin_token.as_ref(), peer, &uri, &headers) {
        return Err(Problem::Unauthorized);
    }
    let Query(page) = page.map_err(|error| Problem::Query(error.body_text()))?;
    if !(1..=LIMIT).contains(&page.limit) {
        return Err(Problem::Query(format!(
            "limit={} is out of range",
            page.limit
        )));
    }

    let listed = state.store.list(page.after, page.limit, page.order).await;
    let events = listed.map_err(|error| {
        tracing::error!(%error, "events cannot be listed");
        Problem::Unavailable
    })?;
    let sequences = events.iter().map(|stored| stored.sequence);
    let last = sequences.max().unwrap_or(page.after);
    // No cache on the way may keep what only the publisher may see.
    let headers = [(header::CACHE_CONTROL, "no-store")];
    Ok((headers, Json(Listing { events, last })).into_response())
}
