//! The shell: the only place that touches the web. It observes, asks the core, and acts; it holds
//! no rule. One file for each thing it touches.

mod adapters;
mod app;
mod cmp_api;
mod console;
mod dialog;
mod elements;
mod events;
mod files;
mod gate;
mod inert;
mod json;
mod late;
mod notice;
mod page;
mod placeholder;
mod reporter;
mod settings;
mod signals;
mod sources;
mod store;
mod texts;
mod visitor;

pub use app::{App, VERSION, purposes_of};
pub use page::member;
