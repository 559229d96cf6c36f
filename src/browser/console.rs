//! The console, where publishers look.

use js_sys::Array;
use wasm_bindgen::prelude::*;

// A page may have put something there that throws.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = console, js_name = error, variadic)]
    fn console_error(arguments: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(catch, js_namespace = console, js_name = warn)]
    fn console_warn(message: &JsValue) -> Result<(), JsValue>;
}

/// An error that the publisher must mend.
pub fn error(message: &str) {
    let _ = console_error(&Array::of1(&prefixed(message)));
}

/// A function of the page's that threw.
pub fn failed(what: &str, thrown: &JsValue) {
    let message = prefixed(&[what, " failed"].concat());
    let _ = console_error(&Array::of2(&message, thrown));
}

/// Something that works, but not as well as it should.
pub fn warn(message: &str) {
    let _ = console_warn(&prefixed(message));
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
