//! nosale end to end: a module per subject, each test with a browser of its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "test code: failing loudly is its job"
)]

mod access;
mod accounts;
mod affected;
mod audit;
mod caching;
mod choice;
mod cmp_frames;
mod cmp_hostile;
mod cmp_names;
mod cmp_stub;
mod cmp_tools;
mod context;
mod delivery;
mod dialog;
mod engines;
mod failing;
mod fallback;
mod faults;
mod fidelity;
mod forms;
mod gpp_api;
mod gpp_events;
mod gpp_strings;
mod held;
mod inert;
mod inert_forms;
mod inline;
mod killed;
mod languages;
mod late;
mod links;
mod listed;
mod look;
mod mistakes;
mod modes;
mod module;
mod natural;
mod notice;
mod opt_in;
mod placeholders;
mod prebid;
mod receipt;
mod reports;
mod rough_pages;
mod screenshots;
mod second_tool;
mod stand_ins;
mod start;
mod stores;
mod strict;
mod traces;
mod usable;
mod usp_api;
mod vendors;
mod visit;
mod workers;
