//! What callers are given: fresh, plain objects at every call. Readers change them (Prebid moves the
//! GPC sub-section into the core), and must change no other reader's.

use js_sys::{Array, Object};
use wasm_bindgen::JsValue;

use crate::browser::page::{member, set_member};
use crate::gpp::{Gpp, Section, UsSection};
use crate::text::digits;

/// An object with these members.
pub fn object<const N: usize>(members: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new().into();
    for (name, value) in members {
        set_member(&object, name, &value);
    }
    object
}

/// A list of numbers.
pub fn numbers<T: Copy + Into<f64>>(numbers: &[T]) -> JsValue {
    numbers
        .iter()
        .map(|number| JsValue::from_f64((*number).into()))
        .collect::<Array>()
        .into()
}

/// The items of another tool's list, however long it claims to be.
pub fn items(list: &JsValue) -> Vec<JsValue> {
    const MOST: f64 = 1000.0;
    let length = member(list, "length").as_f64().unwrap_or_default();
    (0..length.min(MOST) as u32)
        .map(|place| member(list, &digits(place.into())))
        .collect()
}

/// The numbers in a member of another tool's object.
pub fn whole_numbers(object: &JsValue, name: &str) -> Vec<i32> {
    let items = items(&member(object, name));
    let numbers = items.iter().filter_map(JsValue::as_f64);
    numbers.map(|number| number as i32).collect()
}

/// The US section of that prefix.
pub fn section<'a>(gpp: &'a Gpp, prefix: &str) -> Option<&'a UsSection> {
    gpp.sections().iter().find_map(|section| match section {
        Section::Us(section) if section.layout().prefix == prefix => Some(section),
        _ => None,
    })
}

/// A section as `getSection` gives it: a list of its sub-sections.
pub fn sub_sections(section: &UsSection) -> JsValue {
    let core = Object::new().into();
    let list = Array::of1(&core);
    for (place, values) in section.fields() {
        set_member(&core, place.field.name(), &values_of(place.count, values));
    }
    if let Some(gpc) = section.gpc() {
        list.push(&object([
            ("SubsectionType", JsValue::from_f64(GPC_TYPE)),
            ("Gpc", gpc.into()),
        ]));
    }
    list.into()
}

/// A field of a section as `getField` gives it; `null` if it has no such field.
pub fn field(section: &UsSection, name: &str) -> JsValue {
    if let Some(gpc) = section.gpc() {
        match name {
            "Gpc" => return gpc.into(),
            "SubsectionType" => return JsValue::from_f64(GPC_TYPE),
            _ => {}
        }
    }
    let found = section
        .fields()
        .find(|(place, _)| place.field.name() == name);
    found.map_or(JsValue::NULL, |(place, values)| {
        values_of(place.count, values)
    })
}

/// The type of a GPC sub-section.
const GPC_TYPE: f64 = 1.0;

fn values_of(count: u8, values: &[u8]) -> JsValue {
    match values {
        [value] if count == 1 => JsValue::from_f64((*value).into()),
        values => numbers(values),
    }
}
