//! `GET /v1/accounts/{id}` and `GET /v1/suppressions`: what accounts are opted out of, for the
//! publisher's servers.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as Shared};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::admin::Admin;
use super::list::{Limit, asked};
use super::{PRIVATE, State};
use crate::problem::Problem;
use crate::store::Suppression;

const EXPECTED: &str = "after=ACCOUNT, limit=1 to 1000, purpose=sale, sharing, \
     targeted_advertising, profiling or sensitive_data";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Only accounts whose ids come after this one.
    #[serde(default)]
    after: String,
    #[serde(default = "Limit::most")]
    limit: Limit,
    /// Only those opted out of this.
    purpose: Option<String>,
}

#[derive(Serialize)]
struct Suppressions {
    suppressions: Vec<Suppression>,
    /// The last id listed: where to go on. Absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<String>,
}

pub async fn account(
    _: Admin,
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let account = state.store.account(id).await;
    let account = account.map_err(Problem::unavailable)?;
    Ok((PRIVATE, Json(account)).into_response())
}

pub async fn suppressions(
    _: Admin,
    Shared(state): Shared<Arc<State>>,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Response, Problem> {
    let page = asked(page, EXPECTED)?;
    if let Some(purpose) = &page.purpose
        && !state.schema.has(&format!("/data/purposes/{purpose}"))
    {
        let found = "purpose has no such value".to_owned();
        return Err(Problem::query(found, EXPECTED));
    }
    let Page {
        after,
        limit,
        purpose,
    } = page;
    let suppressions = state.store.suppressions(purpose, after, limit.0).await;
    let suppressions = suppressions.map_err(Problem::unavailable)?;
    let last = suppressions.last().map(|last| last.id().to_owned());
    let answer = Suppressions { suppressions, last };
    Ok((PRIVATE, Json(answer)).into_response())
}
