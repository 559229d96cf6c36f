//! Every way a request can be refused as a whole. (A refused event is an [`crate::event::Refusal`].)

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::store::StoreError;

/// Seconds after which a client that found the store out of order may come back.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// Why a request is refused as a whole; nothing of it was stored.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// No store answers now; the reason is in the log.
    #[error("the store cannot be reached at present; try again later")]
    Unavailable,
    /// The body did not arrive whole.
    #[error("the body ended before it was complete")]
    Incomplete,
    /// The body took longer than the request timeout.
    #[error("the body took longer than {seconds} s to arrive")]
    Slow {
        /// The time that was allowed.
        seconds: u64,
    },
    /// The address, or all together, asked more often than the options allow.
    #[error("too many requests; try again in {seconds} s")]
    TooOften {
        /// When the next request may be taken.
        seconds: u64,
    },
    /// The body is too large.
    #[error("the body is larger than {limit} bytes")]
    TooLarge {
        /// The largest body that is taken, in bytes.
        limit: usize,
    },
    /// The batch has too many events.
    #[error("the batch has {count} events; at most {limit} are taken at once")]
    TooMany {
        /// How many it has.
        count: usize,
        /// How many are taken.
        limit: usize,
    },
    /// The content type is missing or is none of those that carry events.
    #[error(
        "expected the content type application/cloudevents+json, \
         application/cloudevents-batch+json or text/plain, in UTF-8"
    )]
    MediaType,
    /// The body is not UTF-8.
    #[error("expected UTF-8; the byte at {at} is none")]
    NotText {
        /// How many bytes before it were right.
        at: usize,
    },
    /// The body is not JSON, or not the JSON that the content type announces.
    #[error("expected {expected}: {found}")]
    NotJson {
        /// One event or an array of them.
        expected: &'static str,
        /// What the parser met, and where.
        found: String,
    },
    /// The address has a parameter that is unknown or wrong.
    #[error("{found}; expected {expected}")]
    Query {
        /// What is wrong.
        found: String,
        /// What may be asked there.
        expected: &'static str,
    },
    /// Somebody who may not read asked for what is the publisher's alone.
    #[error("this needs the admin token: Authorization: Bearer TOKEN")]
    Unauthorized,
    /// No event that is stored has that receipt number.
    #[error("no event with this receipt number is stored")]
    NoReceipt,
    /// There is nothing at that path.
    #[error("there is nothing here; see /openapi.json")]
    NotFound,
    /// The path has no such method.
    #[error("the method is not one of this path's")]
    MethodNotAllowed,
}

impl Problem {
    /// The store fails: says why in the log, and to the client only that it does.
    pub(crate) fn unavailable(error: StoreError) -> Self {
        tracing::error!(%error, "the store fails");
        Self::Unavailable
    }

    /// The address asks for something that is not to be had.
    pub(crate) fn query(found: String, expected: &'static str) -> Self {
        Self::Query { found, expected }
    }

    /// The status of the answer, and the name that programs go by.
    fn kind(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            Self::Incomplete => (StatusCode::BAD_REQUEST, "incomplete"),
            Self::Slow { .. } => (StatusCode::REQUEST_TIMEOUT, "slow"),
            Self::TooOften { .. } => (StatusCode::TOO_MANY_REQUESTS, "too_often"),
            Self::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::TooMany { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "too_many"),
            Self::MediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type"),
            Self::NotText { .. } => (StatusCode::BAD_REQUEST, "not_utf8"),
            Self::NotJson { .. } => (StatusCode::BAD_REQUEST, "not_json"),
            Self::Query { .. } => (StatusCode::BAD_REQUEST, "query"),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized"),
            Self::NoReceipt => (StatusCode::NOT_FOUND, "no_receipt"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
        }
    }
}

/// A problem as it is answered.
#[derive(Serialize)]
struct Body {
    error: &'static str,
    message: String,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, error) = self.kind();
        let message = self.to_string();
        let mut response = (status, Json(Body { error, message })).into_response();
        let headers = response.headers_mut();
        match self {
            Self::Unavailable => {
                headers.insert(header::RETRY_AFTER, RETRY_AFTER);
            }
            Self::TooOften { seconds } => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            Self::Unauthorized => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            // The rest of the body is not waited for.
            Self::Slow { .. } | Self::TooLarge { .. } => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
        response
    }
}
