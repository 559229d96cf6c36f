//! Events: those that nosale sends on the document, and those that it listens to.

use std::cell::Cell;

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{CustomEvent, CustomEventInit, Element, Event, EventTarget};

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

/// Calls `action` at each event, for as long as the page lives; also while it is being called, as
/// when a page opts out in a listener of ours.
pub fn listen(target: &EventTarget, name: &str, action: impl Fn(&Event) + 'static) {
    let action = Closure::<dyn Fn(Event)>::new(move |event: Event| action(&event));
    let _ = target.add_event_listener_with_callback(name, action.as_ref().unchecked_ref());
    action.forget();
}

/// The same ahead of the page's own listeners, which may end an event's way.
pub fn listen_first(target: &EventTarget, name: &str, action: impl Fn(&Event) + 'static) {
    let action = Closure::<dyn Fn(Event)>::new(move |event: Event| action(&event));
    let listener = action.as_ref().unchecked_ref();
    let _ = target.add_event_listener_with_callback_and_bool(name, listener, true);
    action.forget();
}

/// Calls `action` at the first event.
pub fn listen_once(target: &EventTarget, name: &str, action: impl FnOnce() + 'static) {
    let action = Cell::new(Some(action));
    listen(target, name, move |_| {
        if let Some(action) = action.take() {
            action();
        }
    });
}

/// The element that an event is about: the nearest that a selector finds.
pub fn nearest(event: &Event, selector: &str) -> Option<Element> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest(selector).ok()?
}

/// Calls a page's function with the detail of each event of that name; gives what ends that.
pub fn subscribe(page: &Page, name: &'static str, listener: Function) -> Function {
    let document = page.document.clone();
    let told = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        call(&listener, &super::page::member(&event, "detail"));
    });
    let _ = document.add_event_listener_with_callback(name, told.as_ref().unchecked_ref());
    let end = move || {
        let _ = document.remove_event_listener_with_callback(name, told.as_ref().unchecked_ref());
    };
    Closure::once_into_js(end).unchecked_into()
}

/// Calls a page's function; what it throws goes to the console and no further.
pub fn call(listener: &Function, detail: &JsValue) {
    if let Err(thrown) = listener.call1(&JsValue::UNDEFINED, detail) {
        super::console::failed("a listener", &thrown);
    }
}
