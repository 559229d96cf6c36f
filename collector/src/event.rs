//! What an event must look like: CloudEvents 1.0, with the data of `schema/event.v1.json`.
//!
//! The schema is the only place where keys and values are named. It allows no other keys, so that
//! nothing about a person can be stored by the way.

use std::fmt::Write as _;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde::Serialize;
use serde_json::Value;

use crate::account::Claim;
use crate::address::Address;

const SCHEMA: &str = include_str!("../schema/event.v1.json");
/// How much of a wrong id an answer repeats, in characters; a right one is a UUID.
const ID_SHOWN: usize = 64;
/// What was expected, where the schema does not say.
const NOTHING_SAID: &str = "a value that the schema allows";

/// An event that is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The receipt number: a UUID in lower case, so that its spelling makes no second event.
    pub id: String,
    /// What happened, such as `nosale.choice`.
    pub kind: String,
    /// The page's origin.
    pub source: String,
    /// When it happened, as the browser said it: an RFC 3339 time.
    pub time: String,
    /// The whole event as JSON text, written anew from what was checked, without its token and its
    /// e-mail address.
    pub json: String,
    /// The e-mail address that it names.
    pub address: Option<Address>,
    /// What it says about an account.
    pub claim: Claim,
}

/// What is wrong with an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("event {index}, {path:?}: expected {expected}")]
pub struct Refusal {
    /// Its place in the batch, from 0.
    pub index: usize,
    /// Its id, if it has one.
    pub id: Option<String>,
    /// The first wrong value: a JSON Pointer (RFC 6901) into the event.
    pub path: String,
    /// What was expected there.
    pub expected: String,
}

/// The schema cannot be used; a fault of the collector.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// It is not JSON.
    #[error("the event schema is not JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// It is not a JSON Schema.
    #[error("the event schema is wrong: {0}")]
    Schema(String),
}

/// The schema, ready to check events against.
pub struct EventSchema {
    schema: Value,
    validator: Validator,
}

impl EventSchema {
    /// Reads the schema that is built in.
    pub fn new() -> Result<Self, SchemaError> {
        let schema: Value = serde_json::from_str(SCHEMA)?;
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&schema)
            .map_err(|error| SchemaError::Schema(error.to_string()))?;
        Ok(Self { schema, validator })
    }

    /// The schema itself.
    pub fn json(&self) -> &Value {
        &self.schema
    }

    /// The names that the value at the path may have.
    pub fn names(&self, path: &str) -> impl Iterator<Item = &str> {
        let node = self.node_at(path).and_then(|node| node["enum"].as_array());
        node.into_iter().flatten().filter_map(Value::as_str)
    }

    /// Whether there can be a value at the path.
    pub fn has(&self, path: &str) -> bool {
        self.node_at(path).is_some()
    }

    /// Reads the event at `index` of a batch from its JSON text.
    pub fn read(&self, index: usize, text: &str) -> Result<Event, Refusal> {
        let mut event: Value = serde_json::from_str(text).map_err(|error| Refusal {
            index,
            id: None,
            path: String::new(),
            expected: format!("JSON within its limits: {error}"),
        })?;
        self.validator.validate(&event).map_err(|error| {
            let (path, expected) = self.explain(&error);
            Refusal {
                index,
                id: event["id"]
                    .as_str()
                    .map(|id| id.chars().take(ID_SHOWN).collect()),
                path,
                expected,
            }
        })?;
        let claim = Claim::take(&mut event);
        let address = Address::take(&mut event);
        let text_of = |key: &str| event[key].as_str().unwrap_or_default().to_owned();
        Ok(Event {
            id: text_of("id").to_ascii_lowercase(),
            kind: text_of("type"),
            source: text_of("source"),
            time: text_of("time"),
            json: event.to_string(),
            address,
            claim,
        })
    }

    /// The path of the wrong value, and what was expected there.
    fn explain(&self, error: &ValidationError<'_>) -> (String, String) {
        let at = error.instance_path().as_str();
        match error.kind() {
            ValidationErrorKind::Required { property } => {
                let path = below(at, property.as_str().unwrap_or_default());
                let expected = self.expected_at(&path);
                (path, expected)
            }
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                let key = unexpected.first().map_or("", String::as_str);
                (below(at, key), self.keys_at(at))
            }
            ValidationErrorKind::PropertyNames { error } => {
                let key = error.instance().as_str().unwrap_or_default();
                (
                    below(at, key),
                    "a name of 1 to 100 printable characters".to_owned(),
                )
            }
            _ => (at.to_owned(), self.expected_at(at)),
        }
    }

    /// What the schema says of the value at the path.
    fn expected_at(&self, path: &str) -> String {
        let Some(node) = self.node_at(path) else {
            return NOTHING_SAID.to_owned();
        };
        let description = node["description"].as_str().unwrap_or(NOTHING_SAID);
        match node["enum"].as_array() {
            None => description.to_owned(),
            Some(values) => {
                let mut expected = format!("{description}, one of");
                for (place, value) in values.iter().enumerate() {
                    let comma = if place == 0 { "" } else { "," };
                    // Writing to a string cannot fail.
                    let _ = write!(expected, "{comma} {value}");
                }
                expected
            }
        }
    }

    /// The keys that the object at the path may have.
    fn keys_at(&self, path: &str) -> String {
        let keys = self
            .node_at(path)
            .and_then(|node| node["properties"].as_object());
        let keys: Vec<&str> = keys
            .into_iter()
            .flatten()
            .map(|(key, _)| key.as_str())
            .collect();
        format!("no such key; known are {}", keys.join(", "))
    }

    /// The schema's node for the value at the path.
    fn node_at(&self, path: &str) -> Option<&Value> {
        let mut node = &self.schema;
        for key in path.split('/').skip(1) {
            let key = key.replace("~1", "/").replace("~0", "~");
            node = match node["properties"].get(&key) {
                Some(property) => property,
                None => node
                    .get("items")
                    .or_else(|| node.get("additionalProperties"))
                    .filter(|node| node.is_object())?,
            };
            if let Some(reference) = node["$ref"].as_str() {
                node = self.schema.pointer(reference.strip_prefix('#')?)?;
            }
        }
        Some(node)
    }
}

/// The path of a key of the object at a path.
fn below(path: &str, key: &str) -> String {
    format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests;
