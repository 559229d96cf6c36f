//! Native tests of the GPP codec, in one binary.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod arbitrary;
mod data;
mod layouts;
#[path = "../../examples/gpp/lines.rs"]
mod lines;
mod properties;
mod reader;
mod rejected;
#[path = "../../examples/gpp/shape.rs"]
mod shape;
mod us_privacy;
mod values;
mod vectors;
