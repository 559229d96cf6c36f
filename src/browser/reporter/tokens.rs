//! The account tokens that events carry, and what the endpoint says of them.

use js_sys::{Array, JSON};
use wasm_bindgen::JsValue;

use crate::browser::page::{is_list, member, set_member};
use crate::text::find;

/// Whether an event's text carries a token. A string in it cannot say so: its quotes are escaped.
pub fn is_in(text: &str) -> bool {
    find(text, "\"accounttoken\":").is_some()
}

/// The event without its token, which is kept only while the event waits.
pub fn without(text: &str) -> String {
    let Ok(event) = JSON::parse(text) else {
        return text.to_owned();
    };
    // What is undefined has no text.
    set_member(&event, "accounttoken", &JsValue::UNDEFINED);
    super::stringify(&event)
}

/// The tokens that an answer names as refused: the event's id, and why.
pub fn refused(answer: &JsValue) -> Vec<(String, String)> {
    let refused = member(answer, "tokensRefused");
    if !is_list(&refused) {
        return Vec::new();
    }
    let text = |refused: &JsValue, name| member(refused, name).as_string().unwrap_or_default();
    Array::from(&refused)
        .iter()
        .map(|refused| (text(&refused, "id"), text(&refused, "because")))
        .collect()
}
