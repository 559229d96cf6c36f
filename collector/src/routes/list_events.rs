//! `GET /v1/events`: what is stored, for the publisher alone.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Shared};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::admin::Admin;
use super::list::{Limit, asked};
use super::{PRIVATE, State};
use crate::problem::Problem;
use crate::store::{Order, StoredEvent};

const EXPECTED: &str = "after=SEQUENCE, limit=1 to 1000, order=asc or desc";

/// What may be asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Only events with a greater sequence, in either order.
    #[serde(default)]
    after: u64,
    /// At most so many.
    #[serde(default = "default_limit")]
    limit: Limit,
    /// Oldest or newest first.
    #[serde(default)]
    order: Order,
}

fn default_limit() -> Limit {
    Limit(100)
}

#[derive(Serialize)]
struct Listing {
    events: Vec<StoredEvent>,
    /// The greatest sequence listed, or `after` if nothing is: where to go on.
    last: u64,
    /// The events up to this sequence were removed because they were old.
    #[serde(rename = "removedThrough")]
    removed_through: u64,
}

pub async fn list_events(
    _: Admin,
    Shared(state): Shared<Arc<State>>,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Response, Problem> {
    let page = asked(page, EXPECTED)?;
    let listed = state.store.list(page.after, page.limit.0, page.order).await;
    let events = listed.map_err(Problem::unavailable)?;
    let sequences = events.iter().map(|stored| stored.sequence);
    let last = sequences.max().unwrap_or(page.after);
    let removed_through = state.store.removed_through().await;
    let listing = Listing {
        events,
        last,
        removed_through: removed_through.map_err(Problem::unavailable)?,
    };
    Ok((PRIVATE, Json(listing)).into_response())
}
