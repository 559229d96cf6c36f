//! Files of nosale's own, from beside its script.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::Url;

use super::console;
use super::gate::rooms;

rooms! { "/www/place.js" }

#[wasm_bindgen(module = "/www/load.js")]
extern "C" {
    /// Loads a module.
    pub fn load(address: &str) -> Promise;
    /// Loads a language's texts.
    pub fn read(address: &str) -> Promise;
    /// Calls back when elements came or went.
    pub fn watch(changed: &Closure<dyn Fn()>);
}

/// A file that has not come by then is done without.
const PATIENCE_MS: u32 = 3_000;

type Done = Box<dyn FnOnce(Result<JsValue, String>)>;

/// Stands after a file's name, so that no cache gives the file of another version.
const OF_THIS_VERSION: &str = concat!("?", env!("CARGO_PKG_VERSION"));

/// The address of a file beside the script.
pub fn beside(script: &str, file: &str) -> String {
    let file = [file, OF_THIS_VERSION].concat();
    Url::new_with_base(&file, script).map_or(file, |address| address.href())
}

/// Calls `done` once: with what came, or with why nothing came in time.
pub fn within(coming: &Promise, done: impl FnOnce(Result<JsValue, String>) + 'static) {
    let done: Done = Box::new(done);
    let done = Rc::new(Cell::new(Some(done)));
    let end = move |result| {
        if let Some(done) = done.take() {
            done(result);
        }
    };
    let (late, failed) = (end.clone(), end.clone());
    Timeout::new(PATIENCE_MS, move || {
        late(Err("did not come in 3 seconds".to_owned()));
    })
    .forget();
    let came = Closure::once(move |value| end(Ok(value)));
    let failed = Closure::once(move |thrown| failed(Err(console::text_of(&thrown))));
    let _ = coming.then2(&came, &failed);
    came.forget();
    failed.forget();
}
