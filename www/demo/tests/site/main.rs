//! The site over HTTP, as browsers and end-to-end tests meet it.

#![allow(clippy::unwrap_used, reason = "a test ends at what it did not expect")]

mod arrivals;
mod client;
mod own_pages;
mod publisher;
mod third_parties;
