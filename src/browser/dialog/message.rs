//! The quiet message: something said once, apart from the dialog, which need not be there for it.

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::Element;

use super::host::Host;
use crate::browser::page::member;

/// The message on the screen.
pub struct Message(Element);

impl Message {
    /// Shows the text of that key, without taking the focus.
    pub(super) fn show(host: &Host, key: &str) -> Result<Message, JsValue> {
        let element = host.part("message", "")?;
        host.hold(&element)?;
        // Into an element that is there already, so that it is announced.
        if let Some(place) = element.first_element_child() {
            let said = member(&member(&host.module, "messages"), key);
            for part in Array::from(&said).iter() {
                place.append_child(&host.build(&part, "")?)?;
            }
        }
        Ok(Message(element))
    }

    /// Takes it away.
    pub(super) fn remove(&self) {
        self.0.remove();
    }
}
