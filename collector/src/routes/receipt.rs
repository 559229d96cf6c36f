//! `GET /v1/receipts/{id}`: what the holder of a receipt number may see. The number is a random
//! UUID, so knowing it is the proof; no token is asked.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{PRIVATE, State};
use crate::problem::Problem;
use crate::store::StoreError;

/// What was asked, and when it was stored: the proof that the visitor may show to others. The
/// account that the publisher linked is for the publisher alone.
#[derive(Serialize)]
struct Receipt {
    id: String,
    #[serde(rename = "type")]
    event_type: String,
    time: String,
    received: String,
    data: Map<String, Value>,
}

/// What a receipt shows of an event.
#[derive(Deserialize)]
struct Event {
    id: String,
    #[serde(rename = "type")]
    event_type: String,
    time: String,
    data: Map<String, Value>,
}

pub async fn receipt(
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let found = state.store.find(&id).await.map_err(Problem::unavailable)?;
    let stored = found.ok_or(Problem::NoReceipt)?;
    let event: Event = serde_json::from_str(stored.event.get())
        .map_err(|error| Problem::unavailable(StoreError::Unreadable(error)))?;
    let mut data = event.data;
    data.remove("account");
    let receipt = Receipt {
        id: event.id,
        event_type: event.event_type,
        time: event.time,
        received: stored.received,
        data,
    };
    Ok((PRIVATE, Json(receipt)).into_response())
}
