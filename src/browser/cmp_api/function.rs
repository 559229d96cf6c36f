//! A function of nosale's on the window, under a name that other tools also use.

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::objects::object;
use crate::browser::console;
use crate::browser::page::{Page, member};

/// Puts `function` on the window under `name`, for good: what another tool puts there later goes to
/// `assigned`, and nosale's function stays in front of it.
pub fn install(
    page: &Page,
    name: &'static str,
    function: &JsValue,
    assigned: impl Fn(Function) + 'static,
) {
    let ours = function.clone();
    let get = Closure::<dyn Fn() -> JsValue>::new(move || ours.clone());
    let set = Closure::<dyn Fn(JsValue)>::new(move |value: JsValue| {
        if let Ok(value) = value.dyn_into() {
            assigned(value);
        }
    });
    let descriptor: Object = object([
        ("configurable", JsValue::TRUE),
        ("enumerable", JsValue::TRUE),
        ("get", get.into_js_value()),
        ("set", set.into_js_value()),
    ])
    .unchecked_into();
    let defined = Reflect::define_property(&page.window, &name.into(), &descriptor);
    if defined != Ok(true) {
        put(page, name, function);
    }
}

/// Puts `function` back where another stands in its place; gives that other.
pub fn mend(page: &Page, name: &'static str, function: &JsValue) -> Option<Function> {
    let there = member(&page.window, name);
    if there == *function {
        return None;
    }
    put(page, name, function);
    there.dyn_into().ok()
}

/// The plain way, for a property that cannot be redefined.
fn put(page: &Page, name: &'static str, function: &JsValue) {
    let _ = Reflect::set(&page.window, &name.into(), function);
    if member(&page.window, name) != *function {
        let text = [
            name,
            " cannot be answered: the page has a property of that name that cannot be changed",
        ];
        console::error(&text.concat());
    }
}
