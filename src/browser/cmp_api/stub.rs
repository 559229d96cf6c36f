//! A stub that stood on the page before nosale: what it kept for the one who comes. Anything may
//! stand there, so it is read member by member, and what throws is left out.

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

use super::asker::Asker;
use crate::browser::console;
use crate::browser::page::member;

/// More entries than any page has reason to queue.
const MAX_ENTRIES: f64 = 10_000.0;

/// The calls that a stub kept. `names` are the members in which stubs keep them, beside what the
/// stub gives when called without arguments.
pub fn queue(stub: &Function, names: &[&str]) -> Option<JsValue> {
    let given = stub.call0(&JsValue::UNDEFINED);
    let kept = names.iter().map(|name| member(stub, name));
    given.into_iter().chain(kept).find(Array::is_array)
}

/// Calls `each` with the first four arguments of every call in a queue, in order. Stubs keep either
/// lists or their `arguments`.
pub fn replay(queue: &JsValue, name: &str, each: impl Fn([JsValue; 4])) {
    entries(queue, name, |entry| {
        let arguments = ["0", "1", "2", "3"].map(|place| member(entry, place));
        arguments[0].is_string().then(|| each(arguments))
    });
}

/// The listeners that a stub kept, with their numbers.
pub fn listeners(stub: &Function, name: &str) -> Vec<(f64, Asker)> {
    let mut kept = member(stub, "events");
    if !Array::is_array(&kept) {
        let given = stub.call1(&JsValue::UNDEFINED, &"events".into());
        kept = given.unwrap_or_default();
    }
    let mut listeners = Vec::new();
    if Array::is_array(&kept) {
        entries(&kept, name, |entry| {
            let id = member(entry, "id").as_f64()?;
            let callback = member(entry, "callback").dyn_into().ok()?;
            listeners.push((id, Asker::Script(callback)));
            Some(())
        });
    }
    listeners
}

fn entries(list: &JsValue, name: &str, mut take: impl FnMut(&JsValue) -> Option<()>) {
    let length = member(list, "length").as_f64().unwrap_or_default();
    for place in 0..length.min(MAX_ENTRIES) as u32 {
        let place = place.to_string();
        if take(&member(list, &place)).is_none() {
            let text = [
                "what the page kept for ",
                name,
                " has an entry, number ",
                &place,
                ", that is no call; it is left out",
            ];
            console::warn(&text.concat());
        }
    }
}
