//! `POST /v1/events`: takes events, and answers when they are stored.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use time::OffsetDateTime;

use super::State;
use crate::account_token::TokenError;
use crate::body::{Mode, read_body, read_events};
use crate::event::Refusal;
use crate::problem::Problem;
use crate::store::Reported;

/// What became of the events.
#[derive(Serialize)]
struct Answer {
    stored: usize,
    repeated: usize,
    refused: Vec<Refusal>,
    /// Tokens that changed nothing; their events are stored all the same.
    #[serde(rename = "tokensRefused", skip_serializing_if = "Vec::is_empty")]
    tokens_refused: Vec<TokenRefusal>,
}

#[derive(Serialize)]
struct TokenRefusal {
    /// The event's id.
    id: String,
    because: String,
}

pub async fn post_events(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    // The body is read first: a client that is still sending may miss an early answer.
    let body = read_body(body, state.request_timeout).await?;
    let mode = Mode::of(&headers)?;
    let (events, refused) = read_events(&state.schema, mode, &body)?;

    let now = OffsetDateTime::now_utc().unix_timestamp();
    let mut tokens_refused = Vec::new();
    let mut refuse = |id: String, error: TokenError| {
        let because = error.to_string();
        tokens_refused.push(TokenRefusal { id, because });
    };
    let mut reported = Vec::with_capacity(events.len());
    for event in events {
        let change = event.claim.check(&state.account_keys, now);
        let change = change.unwrap_or_else(|error| {
            refuse(event.id.clone(), error);
            None
        });
        reported.push(Reported { event, change });
    }
    let stored = state.store.append(reported, sec_gpc(&headers)).await;
    let appended = stored.map_err(Problem::unavailable)?;
    for id in appended.replayed {
        refuse(id, TokenError::Used);
    }
    tracing::info!(
        stored = appended.stored,
        repeated = appended.repeated,
        refused = refused.len(),
        tokens_refused = tokens_refused.len(),
        "events"
    );

    let status = if refused.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::BAD_REQUEST
    };
    let answer = Answer {
        stored: appended.stored,
        repeated: appended.repeated,
        refused,
        tokens_refused,
    };
    Ok((status, Json(answer)).into_response())
}

/// Whether the request carries the signal: the header once, with exactly `1` (GPC, section 3.2).
fn sec_gpc(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all("sec-gpc").iter();
    values.next().is_some_and(|value| value == "1") && values.next().is_none()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn the_signal_is_exactly_one() {
        for (values, expected) in [
            (&["1"][..], true),
            (&[], false),
            (&["0"], false),
            (&["1 1"], false),
            (&["true"], false),
            (&["1", "1"], false),
        ] {
            let name = HeaderName::from_static("sec-gpc");
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(&name, HeaderValue::from_static(value));
            }
            assert_eq!(sec_gpc(&headers), expected, "{values:?}");
        }
    }
}
