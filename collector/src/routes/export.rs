//! `GET /v1/export.jsonl` and `/v1/export.csv`: the events by filter, for the publisher alone.
//!
//! They are read in pages while they are sent, so that memory does not grow with the store. What
//! is stored after the start is left out. If the store fails on the way, the answer breaks off
//! instead of ending.

mod csv;
mod json_lines;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Shared};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, Time};

use super::admin::Admin;
use super::list::asked;
use super::{PRIVATE, State};
use crate::problem::Problem;
use crate::store::{Filter, StoreError, StoredEvent, rfc3339};

const EXPECTED: &str = "from=TIME, to=TIME (received then: 2026-01-31 or RFC 3339), \
     type=nosale.choice, nosale.signal, nosale.link, nosale.violation or nosale.request, \
     kind=opt_out, opt_in, limit, signal_end, link, opt_out_elsewhere or contact, how=signal, dialog, link, api or account";

/// What may be asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Received at this time or later.
    #[serde(default, deserialize_with = "time")]
    from: Option<OffsetDateTime>,
    /// Received before this time.
    #[serde(default, deserialize_with = "time")]
    to: Option<OffsetDateTime>,
    #[serde(rename = "type")]
    event_type: Option<String>,
    kind: Option<String>,
    how: Option<String>,
}

pub async fn jsonl(
    _: Admin,
    Shared(state): Shared<Arc<State>>,
    question: Result<Query<Question>, QueryRejection>,
) -> Result<Response, Problem> {
    let filter = filter(&state, question)?;
    let body = body(state, filter, String::new(), json_lines::line).await?;
    let content_type = [(header::CONTENT_TYPE, "application/jsonl; charset=utf-8")];
    Ok((PRIVATE, content_type, body).into_response())
}

pub async fn csv(
    _: Admin,
    Shared(state): Shared<Arc<State>>,
    question: Result<Query<Question>, QueryRejection>,
) -> Result<Response, Problem> {
    let filter = filter(&state, question)?;
    let body = body(state, filter, csv::head(), csv::line).await?;
    let content_type = [(
        header::CONTENT_TYPE,
        "text/csv; charset=utf-8; header=present",
    )];
    Ok((PRIVATE, content_type, body).into_response())
}

/// The head, then a line for each event.
async fn body(
    state: Arc<State>,
    filter: Filter,
    head: String,
    line: fn(&StoredEvent) -> Result<String, serde_json::Error>,
) -> Result<Body, Problem> {
    let through = state.store.last().await.map_err(Problem::unavailable)?;
    let pages = stream::try_unfold((Some(head), 0), move |(head, after)| {
        let state = Arc::clone(&state);
        let filter = filter.clone();
        async move {
            if let Some(head) = head {
                return Ok(Some((head, (None, after))));
            }
            let events = state.store.page(&filter, after, through).await?;
            let Some(last) = events.last() else {
                return Ok(None);
            };
            let next = (None, last.sequence);
            let lines: Result<String, _> = events.iter().map(line).collect();
            Ok::<_, StoreError>(Some((lines?, next)))
        }
    });
    Ok(Body::from_stream(pages))
}

/// Checks what is asked for; names are those of the event's schema.
fn filter(
    state: &State,
    question: Result<Query<Question>, QueryRejection>,
) -> Result<Filter, Problem> {
    let question = asked(question, EXPECTED)?;
    for (name, value, path) in [
        ("type", &question.event_type, "/type"),
        ("kind", &question.kind, "/data/kind"),
        ("how", &question.how, "/data/how"),
    ] {
        if let Some(value) = value
            && !state.schema.names(path).any(|name| name == value)
        {
            return Err(Problem::query(
                format!("{name} has no such value"),
                EXPECTED,
            ));
        }
    }
    Ok(Filter {
        from: question.from.map(rfc3339),
        to: question.to.map(rfc3339),
        event_type: question.event_type,
        kind: question.kind,
        how: question.how,
    })
}

/// A date, which begins at midnight in UTC, or an RFC 3339 time.
fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<OffsetDateTime>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let date = Date::parse(&text, format_description!("[year]-[month]-[day]"));
    date.map(|date| date.with_time(Time::MIDNIGHT).assume_utc())
        .or_else(|_| OffsetDateTime::parse(&text, &Rfc3339))
        .map(Some)
        .map_err(|_| D::Error::custom("a time is wrong"))
}
