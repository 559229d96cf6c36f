//! What the endpoint's answer means.

use super::queue::MAX_BATCH_EVENTS;

/// What the endpoint said of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It has the events.
    Taken,
    /// It may take them later.
    Later,
    /// It will not take at least one of them.
    Refused,
}

impl Answer {
    /// The meaning of an HTTP status. What is neither success nor refusal, such as a redirect, is a
    /// failure, after which the events are still here.
    pub fn of_status(status: u32) -> Answer {
        match status {
            200..300 => Answer::Taken,
            408 | 425 | 429 => Answer::Later,
            400..500 => Answer::Refused,
            _ => Answer::Later,
        }
    }
}

/// How many events go together after so many were refused together.
pub fn fewer(refused: usize) -> usize {
    (refused / 2).max(1)
}

/// How many events go together after a request that went well.
pub fn more(most: usize) -> usize {
    (most * 2).min(MAX_BATCH_EVENTS)
}
