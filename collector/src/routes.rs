//! What is answered at each path.

mod list_events;
mod post_events;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tower_http::trace::TraceLayer;
use tracing::debug_span;

use crate::access::AdminToken;
use crate::cors;
use crate::event::EventSchema;
use crate::options::ServeOptions;
use crate::problem::Problem;
use crate::store::Store;

/// What the routes share.
pub struct State {
    pub store: Arc<Store>,
    pub schema: EventSchema,
    pub admin_token: Option<AdminToken>,
    pub request_timeout: Duration,
}

/// All routes.
pub fn router(options: &ServeOptions, store: Arc<Store>, schema: EventSchema) -> Router {
    let state = State {
        store,
        schema,
        admin_token: options.admin_token.clone(),
        request_timeout: options.request_timeout,
    };
    // Headers and addresses say who sends, so they are kept out of the log.
    let trace = TraceLayer::new_for_http().make_span_with(|request: &Request| {
        debug_span!("request", method = %request.method(), path = request.uri().path())
    });
    Router::new()
        .route(
            "/v1/events",
            get(list_events::list_events).post(post_events::post_events),
        )
        .route("/healthz", get(healthz))
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::MethodNotAllowed)
        .layer(cors::layer(&options.allow_origins))
        .layer(trace)
        .with_state(Arc::new(state))
}

/// `GET /healthz`: the process answers.
async fn healthz() -> Json<Value> {
    Json(json!({ "ok": true }))
}
