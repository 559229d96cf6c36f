//! Values between JavaScript and the core.

use js_sys::{Array, Object};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};

use crate::config::{Json, MAX_DEPTH};

/// A JavaScript value as the core knows it. What JSON does not know counts as `null`.
pub fn from_js(value: &JsValue) -> Json {
    at_depth(value, 0)
}

fn at_depth(value: &JsValue, depth: usize) -> Json {
    if let Some(value) = value.as_bool() {
        Json::Bool(value)
    } else if let Some(value) = value.as_f64() {
        Json::Number(value)
    } else if let Some(value) = value.as_string() {
        Json::Text(value)
    } else if !value.is_object() {
        Json::Null
    } else if depth == MAX_DEPTH {
        Json::TooDeep
    } else if let Some(list) = value.dyn_ref::<Array>() {
        Json::List(list.iter().map(|item| at_depth(&item, depth + 1)).collect())
    } else {
        let entries = Object::entries(value.unchecked_ref());
        let members = entries.iter().map(|entry| {
            let entry: Array = entry.unchecked_into();
            (
                entry.get(0).as_string().unwrap_or_default(),
                at_depth(&entry.get(1), depth + 1),
            )
        });
        Json::Object(members.collect())
    }
}

/// A value for JavaScript, as `JSON.parse` would make it.
pub fn to_js(value: &impl Serialize) -> JsValue {
    // Plain data of our own always serializes.
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .unwrap_or(JsValue::NULL)
}
