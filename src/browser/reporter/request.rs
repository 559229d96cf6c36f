//! One request to the endpoint.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::{Function, Object, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, Headers};

use crate::browser::console;
use crate::browser::page::{Page, member, set_member};
use crate::config::Endpoint;

#[wasm_bindgen(module = "/www/gate.js")]
extern "C" {
    fn send(url: &str, options: &JsValue) -> Promise;
}

/// An endpoint that has not answered by then is asked again later.
const PATIENCE_MS: u32 = 30_000;
/// What a page's requests that outlive it may carry together is 64 kB (Fetch, keepalive). A longer
/// body goes without that, or it would never go.
const MAX_KEEPALIVE_BYTES: usize = 60 * 1024;

/// What came back.
pub enum Outcome {
    /// The endpoint answered.
    Status {
        /// The HTTP status.
        status: u32,
        /// What it said of when to come back.
        retry_after: Option<String>,
        /// The answer, for those who read on.
        response: JsValue,
    },
    /// Nothing that a page may read: no network, no permission, a redirect, no answer in time.
    Failed(String),
}

/// Reads the answer's body as JSON, if that is what it is.
pub fn read_json(response: &JsValue, done: impl FnOnce(JsValue) + 'static) {
    let Ok(read) = member(response, "json").dyn_into::<Function>() else {
        return;
    };
    let Ok(body) = read.call0(response) else {
        return;
    };
    let Ok(then) = member(&body, "then").dyn_into::<Function>() else {
        return;
    };
    // An answer that is no JSON has nothing to say.
    let other = Closure::once_into_js(|_: JsValue| ());
    let _ = then.call2(&body, &Closure::once_into_js(done), &other);
}

/// Sends a batch. The promise is kept with what `done` gives.
pub fn post(
    page: &Page,
    endpoint: &Endpoint,
    include_credentials: bool,
    body: &str,
    done: Box<dyn FnOnce(Outcome) -> JsValue>,
) -> Promise {
    let content_type = if endpoint.preflight {
        "application/cloudevents-batch+json"
    } else {
        "text/plain"
    };
    let headers = Object::new();
    set_member(&headers, "content-type", &JsValue::from_str(content_type));
    let credentials = if include_credentials {
        "include"
    } else {
        "omit"
    };
    let controller = AbortController::new().ok();
    let signal = controller
        .as_ref()
        .map_or(JsValue::UNDEFINED, |controller| controller.signal().into());
    let options = Object::new();
    for (name, value) in [
        ("method", JsValue::from_str("POST")),
        (
            "keepalive",
            JsValue::from_bool(body.len() <= MAX_KEEPALIVE_BYTES),
        ),
        // A redirect would turn the POST into a GET that answers 200.
        ("redirect", JsValue::from_str("error")),
        ("credentials", JsValue::from_str(credentials)),
        ("cache", JsValue::from_str("no-store")),
        ("referrerPolicy", JsValue::from_str("no-referrer")),
        ("headers", headers.into()),
        ("body", JsValue::from_str(body)),
        ("signal", signal),
    ] {
        set_member(&options, name, &value);
    }
    // A path is on the page's own site, whatever its <base> says.
    let own = endpoint.url.starts_with('/').then(|| page.origin());
    let url = [own.as_deref().unwrap_or_default(), &endpoint.url].concat();
    // Also for a body that never ends: it would hold the connection, and the bytes of keepalive.
    if let Some(controller) = controller {
        Timeout::new(PATIENCE_MS, move || controller.abort()).forget();
    }
    let sent = send(&url, &options);
    let done = Rc::new(Cell::new(Some(done)));
    let also = done.clone();
    let finish = move |outcome| done.take().map_or(JsValue::UNDEFINED, |done| done(outcome));
    let answered = Closure::once_into_js(move |response: JsValue| {
        // By its properties: a page may have put a class of its own in place of `Response`.
        let status = member(&response, "status").as_f64().unwrap_or_default();
        let headers = member(&response, "headers").dyn_into::<Headers>().ok();
        finish(Outcome::Status {
            status: status as u32,
            retry_after: headers.and_then(|headers| headers.get("retry-after").ok()?),
            response,
        })
    });
    let failed = Closure::once_into_js(move |thrown: JsValue| {
        let done = also.take();
        done.map_or(JsValue::UNDEFINED, |done| {
            done(Outcome::Failed(console::text_of(&thrown)))
        })
    });
    let then: Function = member(&sent, "then").unchecked_into();
    match then.call2(&sent, &answered, &failed) {
        Ok(promise) => promise.unchecked_into(),
        Err(_) => Promise::resolve(&JsValue::UNDEFINED),
    }
}
