//! The test vectors: what the IAB's reference library writes and reads.

use std::path::Path;

use serde_json::Value;

fn file(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/gpp");
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

pub fn vectors() -> Value {
    file("gpp-us-vectors.json")
}

pub fn layouts() -> Value {
    file("gpp-us-layouts.json")
}

pub fn us_privacy() -> Value {
    file("usp-vectors.json")
}

/// The items of a list that must not be empty, lest a test test nothing.
pub fn items<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    let items = value[name].as_array().unwrap();
    assert!(!items.is_empty(), "{name} is empty");
    items
}

pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}
