//! `GET /v1/suppressions/emails` and `DELETE /v1/receipts/{id}/email`: the e-mail addresses of requests,
//! for the publisher alone.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::admin::Admin;
use super::list::{Limit, asked};
use super::{PRIVATE, State};
use crate::problem::Problem;
use crate::store::SuppressedEmail;

const EXPECTED: &str = "after=EMAIL, limit=1 to 1000";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Only addresses that come after this one.
    #[serde(default)]
    after: String,
    #[serde(default = "Limit::most")]
    limit: Limit,
}

#[derive(Serialize)]
struct Suppressions {
    suppressions: Vec<SuppressedEmail>,
    /// The last address listed: where to go on. Absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<String>,
}

pub async fn suppressions(
    _: Admin,
    Shared(state): Shared<Arc<State>>,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Response, Problem> {
    let Page { after, limit } = asked(page, EXPECTED)?;
    let found = state.store.suppressed_emails(after, limit.0).await;
    let suppressions = found.map_err(Problem::unavailable)?;
    let last = suppressions.last().map(|last| last.email.clone());
    let answer = Suppressions { suppressions, last };
    Ok((PRIVATE, Json(answer)).into_response())
}

/// Named by the request, so that no address gets into a log on the way.
pub async fn erase(
    _: Admin,
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let erased = state.store.erase_email(&id).await;
    match erased.map_err(Problem::unavailable)? {
        0 => Err(Problem::NoReceipt),
        requests => {
            tracing::info!(requests, "an e-mail address was erased");
            Ok(StatusCode::NO_CONTENT.into_response())
        }
    }
}
