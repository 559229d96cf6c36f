//! Tests against a real server: HTTP over loopback, SQLite in a file.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accounts;
mod answers;
mod common;
mod cors;
mod export;
mod limits;
mod listing;
mod malformed;
mod memory;
mod parser;
mod process;
mod requests;
mod slow;
mod taking;
