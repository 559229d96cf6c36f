//! Tests against a real server: HTTP over loopback, SQLite in a file.

#![allow(clippy::unwrap_used)]

mod common;
mod cors;
mod listing;
mod malformed;
mod parser;
mod process;
mod slow;
mod taking;
