//! The reference endpoint for nosale's reports.
//!
//! It takes CloudEvents by `POST /v1/events`, stores each once in an append-only table, answers
//! only when they are durable, and lists them at `GET /v1/events` to the publisher alone. Nothing
//! is kept or logged about who sent an event: no address, no user agent.
//!
//! ```text
//! options   what can be set, on the command line or in the environment
//! server    listens, and ends without losing what it accepted
//! routes    what is answered at each path
//!   body      the request's body, within its limits
//!   event     what an event must look like: schema/event.v1.json
//!   access    who may read
//!   cors      which pages may call
//!   problem   every way a request can be refused
//! store     SQLite: one thread writes, in grouped commits; another connection reads
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod access;
pub mod body;
mod cors;
pub mod event;
mod options;
mod problem;
mod routes;
mod server;
pub mod store;

pub use access::AdminToken;
pub use cors::AllowedOrigin;
pub use options::{Cli, Command, ServeOptions, StoreLocation};
pub use problem::Problem;
pub use server::{Server, StartError};
