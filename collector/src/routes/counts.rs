//! `GET /v1/counts?year=`: the yearly counts of requests, for the publisher alone.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Shared};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::admin::Admin;
use super::list::asked;
use super::{PRIVATE, State};
use crate::problem::Problem;

const EXPECTED: &str = "year=2000 to 9998";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    year: u16,
}

pub async fn counts(
    _: Admin,
    Shared(state): Shared<Arc<State>>,
    year: Result<Query<Year>, QueryRejection>,
) -> Result<Response, Problem> {
    let Year { year } = asked(year, EXPECTED)?;
    if !(2000..=9998).contains(&year) {
        return Err(Problem::query(
            format!("year={year} is out of range"),
            EXPECTED,
        ));
    }
    let counts = state
        .store
        .counts(year)
        .await
        .map_err(Problem::unavailable)?;
    Ok((PRIVATE, Json(counts)).into_response())
}
