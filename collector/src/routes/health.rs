//! `GET /healthz` and `GET /readyz`: whether the collector lives, and whether it can work.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State as Shared;
use serde_json::{Value, json};

use super::State;
use crate::problem::Problem;

/// How long the store may take to show that it works.
const READY_TIME: Duration = Duration::from_secs(2);

/// The process answers.
pub async fn healthz() -> Json<Value> {
    Json(json!({ "ok": true }))
}

/// The store can be read, and a commit can begin.
pub async fn readyz(Shared(state): Shared<Arc<State>>) -> Result<Json<Value>, Problem> {
    match tokio::time::timeout(READY_TIME, state.store.check()).await {
        Ok(Ok(())) => Ok(Json(json!({ "ready": true }))),
        Ok(Err(error)) => Err(Problem::unavailable(error)),
        Err(_) => {
            tracing::error!("the store does not answer");
            Err(Problem::Unavailable)
        }
    }
}
