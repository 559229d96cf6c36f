//! What lists have in common: how they are asked for, and how long they may be.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use serde::de::{Deserialize, Deserializer, Error};

use crate::problem::Problem;

/// How many entries a list may have.
#[derive(Clone, Copy)]
pub struct Limit(pub u16);

impl Limit {
    /// The most.
    pub const MAX: Self = Self(1000);

    /// The most, for lists that have no other default.
    pub fn most() -> Self {
        Self::MAX
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let limit = u16::deserialize(deserializer)?;
        if (1..=Self::MAX.0).contains(&limit) {
            Ok(Self(limit))
        } else {
            Err(D::Error::custom("out of range"))
        }
    }
}

/// What is asked for; `expected` tells who asked wrongly what is right.
pub fn asked<T>(
    question: Result<Query<T>, QueryRejection>,
    expected: &'static str,
) -> Result<T, Problem> {
    match question {
        Ok(Query(question)) => Ok(question),
        Err(error) => Err(Problem::query(error.body_text(), expected)),
    }
}
