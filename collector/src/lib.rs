//! The reference endpoint for nosale's reports.
//!
//! It takes CloudEvents by `POST /v1/events`, stores each once in an append-only table, answers
//! only when they are durable, and lists them at `GET /v1/events` to the publisher alone. Nothing
//! is kept or logged about who sent an event: no address, no user agent.
//!
//! ```text
//! options   what can be set, on the command line or in the environment
//! server    listens, and ends without losing what it accepted
//!   wire      a connection: its place among others, and its patience
//! routes    what is answered at each path
//!   body      the request's body, within its limits
//!   event     what an event must look like: schema/event.v1.json
//!   account   what an event changes about an account
//!     account_token   the publisher's word for who is logged in
//!   address   the e-mail address that an event names
//!   access    who may read
//!   proxies   whose word is taken for where a request comes from
//!   rates     how many requests are taken
//!   request_id  their numbers, for the log
//!   cors      which pages may call
//!   problem   every way a request can be refused
//! fuzz      what a fuzzer calls
//! store     SQLite: one thread writes, in grouped commits; another connection reads
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod access;
pub mod account;
mod account_token;
pub mod address;
pub mod body;
mod cors;
pub mod event;
pub mod fuzz;
mod options;
mod problem;
mod proxies;
mod rates;
mod request_id;
mod routes;
mod server;
pub mod store;
mod wire;

pub use access::AdminToken;
pub use account_token::{AccountKey, TokenError};
pub use cors::AllowedOrigin;
pub use options::{Cli, Command, ServeOptions, StoreLocation};
pub use problem::Problem;
pub use proxies::ProxyRange;
pub use server::{Server, StartError};
