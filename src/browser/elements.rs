//! Elements out of data: `[name, attributes, ...children]`, as `www/dialog.js` writes them.

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Node};

/// Builds an element and everything in it. `text` turns each string of the data, an attribute's
/// value or a child, into what is shown: always as text, never as markup.
pub fn build(
    document: &Document,
    data: &JsValue,
    text: &dyn Fn(&str) -> String,
) -> Result<Node, JsValue> {
    if let Some(content) = data.as_string() {
        return Ok(document.create_text_node(&text(&content)).into());
    }
    let parts = Array::from(data);
    let element = document.create_element(&parts.get(0).as_string().unwrap_or_default())?;
    for entry in Object::entries(&parts.get(1).unchecked_into()).iter() {
        let entry: Array = entry.unchecked_into();
        let (name, value) = (entry.get(0).as_string(), entry.get(1).as_string());
        element.set_attribute(&name.unwrap_or_default(), &text(&value.unwrap_or_default()))?;
    }
    for place in 2..parts.length() {
        element.append_child(&build(document, &parts.get(place), text)?)?;
    }
    Ok(element.into())
}

/// Shows an element, or hides it.
pub fn show(element: &Element, shown: bool) {
    // An attribute of an element of our own: this cannot fail.
    let _ = element.toggle_attribute_with_force("hidden", !shown);
}
