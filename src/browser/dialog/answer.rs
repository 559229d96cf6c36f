//! The two ways to answer a promise.

use js_sys::{Error, Function, Promise};
use wasm_bindgen::JsValue;

/// How a promise is kept or broken. None where the language broke its word and the executor did not
/// run.
#[derive(Clone)]
pub struct Answer(Option<(Function, Function)>);

impl Answer {
    /// A promise and the way to answer it.
    pub fn new() -> (Promise, Answer) {
        let mut ways = None;
        let promise = Promise::new(&mut |resolve, reject| ways = Some((resolve, reject)));
        (promise, Answer(ways))
    }

    /// Keeps the promise.
    pub fn resolve(&self, value: &JsValue) {
        if let Some((resolve, _)) = &self.0 {
            let _ = resolve.call1(&JsValue::UNDEFINED, value);
        }
    }

    /// Breaks it.
    pub fn reject(&self, text: &str) {
        if let Some((_, reject)) = &self.0 {
            let error = Error::new(&["nosale: ", text].concat());
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        }
    }
}
