//! A request's body: read within limits of size and time, then cut into events.

use std::str;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt;
use serde_json::value::RawValue;

use crate::event::{Event, EventSchema, Refusal};
use crate::problem::Problem;

/// The largest body that is taken, in bytes: what a browser lets a page send with `keepalive`.
pub const BODY_LIMIT: usize = 64 * 1024;
/// How many events a batch may have.
pub const BATCH_LIMIT: usize = 50;
/// How much of a body that is too large is still read, in bytes. A connection that is closed while
/// the other side sends can lose the answer on its way.
const DRAIN_LIMIT: usize = 1024 * 1024;

/// What the content type announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One event (CloudEvents JSON format, section 3).
    Structured,
    /// An array of events (section 4).
    Batch,
    /// Either, as text: browsers send it to other origins without asking first.
    Text,
}

impl Mode {
    /// What the request's headers announce.
    pub fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let announced = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .ok_or(Problem::MediaType)?
            .to_ascii_lowercase();
        let mut parts = announced.split(';').map(str::trim);
        let mode = match parts.next() {
            Some("application/cloudevents+json") => Self::Structured,
            Some("application/cloudevents-batch+json") => Self::Batch,
            Some("text/plain") => Self::Text,
            _ => return Err(Problem::MediaType),
        };
        let mut charsets = parts.filter_map(|part| part.strip_prefix("charset="));
        if charsets.all(|charset| charset.trim_matches('"') == "utf-8") {
            Ok(mode)
        } else {
            Err(Problem::MediaType)
        }
    }
}

/// Reads the whole body, at most [`BODY_LIMIT`] bytes of it and for no longer than `time`.
pub async fn read_body(body: Body, time: Duration) -> Result<Vec<u8>, Problem> {
    let slow = Problem::Slow {
        seconds: time.as_secs(),
    };
    tokio::time::timeout(time, collect(body))
        .await
        .unwrap_or(Err(slow))
}

async fn collect(mut body: Body) -> Result<Vec<u8>, Problem> {
    let too_large = || Problem::TooLarge { limit: BODY_LIMIT };
    if body.size_hint().lower() > DRAIN_LIMIT as u64 {
        return Err(too_large());
    }
    let mut held = Vec::new();
    let mut seen = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Problem::Incomplete)?.into_data() else {
            continue;
        };
        seen += data.len();
        if seen > DRAIN_LIMIT {
            break;
        }
        if seen <= BODY_LIMIT {
            held.extend_from_slice(&data);
        }
    }
    if seen > BODY_LIMIT {
        return Err(too_large());
    }
    Ok(held)
}

/// Cuts the body into events and checks each: those that are right in their order, and what is
/// wrong with the others.
pub fn read_events(
    schema: &EventSchema,
    mode: Mode,
    body: &[u8],
) -> Result<(Vec<Event>, Vec<Refusal>), Problem> {
    let mut events = Vec::new();
    let mut refused = Vec::new();
    for (index, text) in cut(mode, body)?.into_iter().enumerate() {
        match schema.read(index, text.get()) {
            Ok(event) => events.push(event),
            Err(refusal) => refused.push(refusal),
        }
    }
    Ok((events, refused))
}

/// The texts of the events, unread: one that is wrong in itself must not spoil its neighbours.
fn cut(mode: Mode, body: &[u8]) -> Result<Vec<&RawValue>, Problem> {
    let text = str::from_utf8(body).map_err(|error| Problem::NotText {
        at: error.valid_up_to(),
    })?;
    let is_array = text.trim_start().starts_with('[');
    if mode == Mode::Batch || (mode == Mode::Text && is_array) {
        let events: Vec<&RawValue> = parse(text, "a JSON array of events")?;
        if events.len() > BATCH_LIMIT {
            return Err(Problem::TooMany {
                count: events.len(),
                limit: BATCH_LIMIT,
            });
        }
        Ok(events)
    } else {
        Ok(vec![parse(text, "one event as a JSON object")?])
    }
}

fn parse<'a, T: serde::Deserialize<'a>>(
    text: &'a str,
    expected: &'static str,
) -> Result<T, Problem> {
    serde_json::from_str(text).map_err(|error| Problem::NotJson {
        expected,
        found: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn mode(content_type: &'static str) -> Option<Mode> {
        let value = HeaderValue::from_static(content_type);
        Mode::of(&HeaderMap::from_iter([(header::CONTENT_TYPE, value)])).ok()
    }

    #[test]
    fn content_types() {
        for (content_type, expected) in [
            ("application/cloudevents+json", Some(Mode::Structured)),
            (
                "Application/CloudEvents+JSON; charset=UTF-8",
                Some(Mode::Structured),
            ),
            ("application/cloudevents-batch+json", Some(Mode::Batch)),
            ("text/plain;charset=UTF-8", Some(Mode::Text)),
            ("text/plain; charset=\"utf-8\"", Some(Mode::Text)),
            ("text/plain; charset=utf-16", None),
            ("application/json", None),
            ("application/cloudevents", None),
            ("", None),
        ] {
            assert_eq!(mode(content_type), expected, "{content_type}");
        }
        assert!(Mode::of(&HeaderMap::new()).is_err());
    }

    #[test]
    fn a_batch_is_cut_without_reading_its_events() {
        let body = br#" [ {"a": 1e999}, 2, "\ud800" ] "#;
        let texts = cut(Mode::Text, body).unwrap();
        let texts: Vec<&str> = texts.into_iter().map(RawValue::get).collect();
        assert_eq!(texts, [r#"{"a": 1e999}"#, "2", r#""\ud800""#]);
        assert!(cut(Mode::Batch, b"{}").is_err());
        assert!(cut(Mode::Batch, b"[]").unwrap().is_empty());
    }

    #[test]
    fn a_batch_has_a_limit() {
        let of = |count: usize| format!("[{}]", vec!["0"; count].join(","));
        assert!(cut(Mode::Batch, of(BATCH_LIMIT).as_bytes()).is_ok());
        assert!(matches!(
            cut(Mode::Batch, of(BATCH_LIMIT + 1).as_bytes()),
            Err(Problem::TooMany {
                count: 51,
                limit: 50
            })
        ));
    }
}
