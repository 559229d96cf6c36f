//! Events: those that nosale sends on the document, and those that it listens to.

use gloo_events::EventListener;
use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, CustomEventInit, Event, EventTarget};

use super::page::Page;

/// The names of nosale's own events, and the events on the document.
pub const OWN: [(&str, &str); 3] = [
    ("ready", "nosale:ready"),
    ("change", "nosale:change"),
    ("blocked", "nosale:blocked"),
];

/// Sends an event of nosale's own on the document. What a listener throws stays with the listener.
pub fn send(page: &Page, name: &str, detail: &JsValue) {
    let options = CustomEventInit::new();
    options.set_detail(detail);
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &options) {
        let _ = page.document.dispatch_event(&event);
    }
}

/// Calls `action` at each event, for as long as the page lives.
pub fn listen(target: &EventTarget, name: &'static str, action: impl Fn(&Event) + 'static) {
    EventListener::new(target, name, move |event| action(event)).forget();
}

/// Calls `action` at the first event.
pub fn listen_once(target: &EventTarget, name: &'static str, action: impl FnOnce() + 'static) {
    EventListener::once(target, name, move |_| action()).forget();
}

/// Calls a page's function with the detail of each event of that name; gives what ends that.
pub fn subscribe(page: &Page, name: &'static str, listener: Function) -> Function {
    let listening = EventListener::new(&page.document, name, move |event| {
        let detail = event.dyn_ref::<CustomEvent>().map(CustomEvent::detail);
        call(&listener, &detail.unwrap_or(JsValue::UNDEFINED));
    });
    wasm_bindgen::closure::Closure::once_into_js(move || drop(listening)).unchecked_into()
}

/// Calls a page's function; what it throws goes to the console and no further.
pub fn call(listener: &Function, detail: &JsValue) {
    if let Err(thrown) = listener.call1(&JsValue::UNDEFINED, detail) {
        web_sys::console::error_2(&JsValue::from_str("nosale: a listener failed"), &thrown);
    }
}
