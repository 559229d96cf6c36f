//! The console, where publishers look.

use wasm_bindgen::{JsCast, JsValue};

/// An error that the publisher must mend.
pub fn error(message: &str) {
    web_sys::console::error_1(&prefixed(message));
}

/// Something that works, but not as well as it should.
pub fn warn(message: &str) {
    web_sys::console::warn_1(&prefixed(message));
}

fn prefixed(message: &str) -> JsValue {
    JsValue::from_str(&["nosale: ", message].concat())
}

/// The text of something that was thrown.
pub fn text_of(thrown: &JsValue) -> String {
    match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => thrown
            .as_string()
            .unwrap_or_else(|| "unknown error".to_owned()),
    }
}
