//! Elements out of data: `[name, attributes, ...children]`, as `www/dialog` writes them.

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Node};

use super::texts::Texts;

/// Builds an element and everything in it. Each string of the data, an attribute's value or a
/// child, stands for a text: always as text, never as markup. `row` is what `*` stands for.
pub fn build(
    document: &Document,
    data: &JsValue,
    texts: &Texts,
    row: &str,
) -> Result<Node, JsValue> {
    let own = |raw: JsValue| raw.as_string().unwrap_or_default().replace('*', row);
    if data.is_string() {
        let raw = own(data.clone());
        return match raw.strip_prefix('§') {
            Some(key) => texts.legal(document, key),
            None => Ok(document.create_text_node(&texts.of(&raw)).into()),
        };
    }
    let parts = Array::from(data);
    let element = document.create_element(&own(parts.get(0)))?;
    for entry in Object::entries(&parts.get(1).unchecked_into()).iter() {
        let entry: Array = entry.unchecked_into();
        element.set_attribute(&own(entry.get(0)), &texts.of(&own(entry.get(1))))?;
    }
    for place in 2..parts.length() {
        element.append_child(&build(document, &parts.get(place), texts, row)?)?;
    }
    Ok(element.into())
}

/// Puts an element with a text at the end of another.
///
/// # Errors
///
/// What the browser throws when it refuses an element.
pub fn add(parent: &Element, name: &str, text: &str) -> Result<Element, JsValue> {
    let document = parent.owner_document().ok_or(JsValue::NULL)?;
    let element = document.create_element(name)?;
    element.set_text_content(Some(text));
    parent.append_child(&element)?;
    Ok(element)
}

/// Shows an element, or hides it.
pub fn show(element: &Element, shown: bool) {
    // An attribute of an element of our own: this cannot fail.
    let _ = element.toggle_attribute_with_force("hidden", !shown);
}

/// Every element below `root` that a selector finds.
pub fn all(root: &Element, selector: &str) -> Vec<Element> {
    let mut elements = Vec::new();
    if let Ok(found) = root.query_selector_all(selector) {
        for place in 0..found.length() {
            // A selector finds elements only.
            elements.extend(
                found
                    .get(place)
                    .map(|node| node.unchecked_into::<Element>()),
            );
        }
    }
    elements
}
