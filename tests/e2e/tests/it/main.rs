//! nosale end to end: a module per subject, each test with a browser of its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "test code: failing loudly is its job"
)]

mod choice;
mod context;
mod dialog;
mod failing;
mod inert;
mod late;
mod listed;
mod mistakes;
mod notice;
mod opt_in;
mod reports;
mod rough_pages;
mod start;
mod stores;
mod visit;
