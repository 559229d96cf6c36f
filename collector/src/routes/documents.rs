//! Documents: what the collector can be asked, and how it treats the signal itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use serde_json::{Value, json};

use super::State;
use crate::event::{EventSchema, SchemaError};

/// When the support of Global Privacy Control was last claimed (GPC, section 4).
const GPC_CLAIMED: &str = "2026-11-21";

/// Reads the description of the routes, and puts the event's schema into it.
pub fn open_api(schema: &EventSchema) -> Result<Value, SchemaError> {
    let mut document: Value = serde_json::from_str(include_str!("../../schema/openapi.json"))?;
    document["info"]["version"] = json!(env!("CARGO_PKG_VERSION"));
    document["components"]["schemas"]["Event"] = schema.json().clone();
    Ok(document)
}

/// `GET /openapi.json`.
pub async fn openapi(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    Json(state.open_api.clone())
}

/// `GET /.well-known/gpc.json`: the collector keeps nothing that could be sold or shared.
pub async fn gpc() -> Json<Value> {
    Json(json!({ "gpc": true, "lastUpdate": GPC_CLAIMED }))
}
