//! What is answered at each path.

mod accounts;
mod admin;
mod counts;
mod documents;
mod emails;
mod export;
mod health;
mod list;
mod list_events;
mod post_events;
mod rated;
mod receipt;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, header};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get};
use serde_json::Value;
use tower_http::trace::TraceLayer;
use tracing::{Span, debug, info, info_span};

use crate::access::AdminToken;
use crate::account_token::AccountKey;
use crate::cors;
use crate::event::{EventSchema, SchemaError};
use crate::options::ServeOptions;
use crate::problem::Problem;
use crate::proxies::TrustedProxies;
use crate::rates::Rates;
use crate::request_id::{self, RequestId};
use crate::store::Store;

/// For what only some may see: no cache on the way may keep it, no browser may take it for a page.
const PRIVATE: [(HeaderName, &str); 2] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// What the routes share.
pub struct State {
    pub store: Arc<Store>,
    pub schema: EventSchema,
    pub open_api: Value,
    pub admin_token: Option<AdminToken>,
    pub account_keys: Vec<AccountKey>,
    pub proxies: Arc<TrustedProxies>,
    pub rates: Rates,
    pub request_timeout: Duration,
}

/// Every route: its path, and what is answered there. `schema/openapi.json` describes each.
fn table() -> [(&'static str, MethodRouter<Arc<State>>); 13] {
    [
        (
            "/v1/events",
            get(list_events::list_events).post(post_events::post_events),
        ),
        ("/v1/receipts/{id}", get(receipt::receipt)),
        ("/v1/receipts/{id}/email", delete(emails::erase)),
        ("/v1/export.jsonl", get(export::jsonl)),
        ("/v1/export.csv", get(export::csv)),
        ("/v1/accounts/{id}", get(accounts::account)),
        ("/v1/suppressions", get(accounts::suppressions)),
        ("/v1/suppressions/emails", get(emails::suppressions)),
        ("/v1/counts", get(counts::counts)),
        ("/healthz", get(health::healthz)),
        ("/readyz", get(health::readyz)),
        ("/openapi.json", get(documents::openapi)),
        ("/.well-known/gpc.json", get(documents::gpc)),
    ]
}

/// All routes.
pub fn router(options: &ServeOptions, store: Arc<Store>) -> Result<Router, SchemaError> {
    let schema = EventSchema::new()?;
    let proxies = Arc::new(TrustedProxies::new(options.trusted_proxies.clone()));
    let state = State {
        store,
        open_api: documents::open_api(&schema)?,
        schema,
        account_keys: options.account_keys.clone(),
        admin_token: options.admin_token.clone(),
        proxies: Arc::clone(&proxies),
        rates: Rates::new(options.limits()),
        request_timeout: options.request_timeout,
    };
    let state = Arc::new(state);
    // Headers, addresses and whole paths say who asks for whom, so they are kept out of the log.
    let trace = TraceLayer::new_for_http()
        .make_span_with(|request: &Request| {
            let id = request.extensions().get::<RequestId>();
            let id = id.map_or("none", |id| &id.0);
            let route = request.extensions().get::<MatchedPath>();
            let route = route.map_or("none", MatchedPath::as_str);
            info_span!("request", id, method = %request.method(), route)
        })
        .on_response(|response: &Response, time: Duration, _: &Span| {
            let status = response.status().as_u16();
            if status < 400 {
                debug!(status, ?time, "answered");
            } else {
                info!(status, ?time, "refused");
            }
        });
    let mut router = Router::new();
    for (path, answers) in table() {
        router = router.route(path, answers);
    }
    Ok(router
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::MethodNotAllowed)
        .layer(from_fn_with_state(Arc::clone(&state), rated::rated))
        .layer(cors::layer(&options.allow_origins))
        .layer(trace)
        .layer(from_fn_with_state(proxies, request_id::number))
        .with_state(state))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_route_is_described() {
        let document = documents::open_api(&EventSchema::new().unwrap()).unwrap();
        let described = document["paths"].as_object().unwrap().keys();
        let described: BTreeSet<&str> = described.map(String::as_str).collect();
        assert_eq!(described, table().map(|(path, _)| path).into());
    }
}
