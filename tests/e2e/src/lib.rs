//! The harness of the end-to-end tests: a real browser, real third parties, a real collector.
//!
//! A [`World`] is one visitor: a browser with a fresh profile, a publisher's site with the third
//! parties that its pages reach (all on one loopback port, told apart by host name), and a
//! collector process with its SQLite file. A test makes its page in place with [`Markup`], lets
//! the visitor do something, and asserts on what arrived where.
//!
//! Tests wait for conditions, never for time ([`wait`]). That something did *not* arrive is
//! asserted after [`World::settle`], which lets later requests arrive first.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "test code: failing loudly is its job"
)]

pub mod account;
mod browser;
mod checks;
mod chromium;
pub mod clients;
mod collector;
mod console;
mod dialog;
mod driver;
mod firefox;
mod launch;
mod markup;
mod paths;
mod processes;
mod record;
mod secure;
pub mod wait;
mod world;

pub use browser::{Browser, Keys, Tab};
pub use checks::Problems;
pub use collector::{Collector, Row};
pub use console::Console;
pub use demo::{Arrival, Page};
pub use dialog::Dialog;
pub use launch::{Engine, Gpc, Launch, everywhere_plain};
pub use markup::Markup;
pub use paths::inline_snippet;
pub use record::{OPTED_IN, OPTED_OUT, Record};
pub use world::{PARTNER, SHOP, TRACKER, VIDEO, WWW, World};
