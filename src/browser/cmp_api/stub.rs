//! A stub that stood on the page before nosale: what it kept for the one who comes. Anything may
//! stand there, so it is read member by member, and what throws is left out.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;

use super::asker::Asker;
use crate::browser::console;
use crate::browser::page::{is_list, member};
use crate::text::digits;

/// More entries than any page has reason to queue.
const MAX_ENTRIES: f64 = 10_000.0;

/// Enough to find a mistake by.
const MAX_WARNINGS: u32 = 10;

/// The largest number that a kept listener may have: more than any stub has counted to.
const MAX_ID: f64 = 1e9;

/// What a stub kept under one of `names`, or gives for `ask`; `None` if it keeps no list.
pub fn kept(stub: &Function, name: &str, names: &[&str], ask: &JsValue) -> Option<JsValue> {
    for member in names {
        match Reflect::get(stub, &JsValue::from_str(member)) {
            Ok(nothing) if nothing.is_undefined() || nothing.is_null() => {}
            Ok(list) if is_list(&list) => return Some(list),
            _ => {
                warn(name, &["member ", member, " is no list"]);
                return Some(Array::new().into());
            }
        }
    }
    let given = if ask.is_undefined() {
        stub.call0(&JsValue::UNDEFINED)
    } else {
        stub.call1(&JsValue::UNDEFINED, ask)
    };
    given.ok().filter(is_list)
}

/// Calls `each` with the first four arguments of every call in a list, in order. Stubs keep either
/// lists or their `arguments`.
pub fn replay(calls: &JsValue, name: &str, each: impl Fn([JsValue; 4])) {
    entries(calls, name, |entry| {
        let arguments = ["0", "1", "2", "3"].map(|place| member(entry, place));
        arguments[0].is_string().then(|| each(arguments))
    });
}

/// The listeners in a list, with their numbers.
pub fn listeners(list: &JsValue, name: &str) -> Vec<(f64, Asker)> {
    let mut listeners = Vec::new();
    entries(list, name, |entry| {
        let id = member(entry, "id").as_f64()?;
        let callback = member(entry, "callback").dyn_into().ok()?;
        let counted = id > 0.0 && id < MAX_ID && id.trunc() == id;
        counted.then(|| listeners.push((id, Asker::Script(callback))))
    });
    listeners
}

fn entries(list: &JsValue, name: &str, mut take: impl FnMut(&JsValue) -> Option<()>) {
    let Some(length) = member(list, "length").as_f64() else {
        return warn(name, &["a list has no length"]);
    };
    let mut warnings = 0;
    for place in 0..length.min(MAX_ENTRIES) as u32 {
        let place = digits(place.into());
        if take(&member(list, &place)).is_none() && warnings < MAX_WARNINGS {
            warnings += 1;
            warn(name, &["entry ", &place, " is none"]);
        }
    }
}

fn warn(name: &str, what: &[&str]) {
    let what = what.concat();
    let text = ["left out of what the page kept for ", name, ": ", &what];
    console::warn(&text.concat());
}
