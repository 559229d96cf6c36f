//! Native tests of the pure core, in one binary.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod arbitrary;
mod audit;
mod catalogue;
mod config;
mod csp;
mod decide;
mod delivery;
mod jurisdictions;
mod locales;
mod notice;
mod record;
mod report;
mod strings;
mod told;
mod types;
mod vendors;
