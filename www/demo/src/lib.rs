//! The demo publisher, and the stand-in third parties that its pages reach.
//!
//! One loopback server plays every part, told apart by the `Host` header:
//!
//! | host | part |
//! |---|---|
//! | any with a label `publisher`: `www.publisher.localhost`, `shop.publisher.localhost` | the publisher: pages, and nosale's files from `dist/` |
//! | every other: `tracker.localhost`, `video.localhost`, `partner.localhost` … | a third party: tags, pixels, frames, and an answer to anything else |
//!
//! Each host remembers what reached it, so the demo's panel can show it and tests can assert on it:
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! use demo::{Options, Page, Site};
//!
//! let site = Site::start(Options {
//!     listen: ([127, 0, 0, 1], 0).into(),
//!     dist: "dist".into(),
//!     endpoint: None,
//! })
//! .await?;
//! site.put("www.publisher.localhost", "/bare", Page::html("<p>Bare.</p>"));
//! println!("open {}", site.url("www.publisher.localhost", "/bare"));
//! assert!(site.arrivals("tracker.localhost").is_empty());
//! # Ok(())
//! # }
//! ```

mod arrivals;
mod delivery;
mod host;
mod page;
mod publisher;
mod reply;
mod server;
mod third_party;

pub use arrivals::Arrival;
pub use page::Page;
pub use server::{Options, Site};
