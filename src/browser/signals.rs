//! What the browser and the server say: Global Privacy Control and `Server-Timing`.

use js_sys::Array;
use wasm_bindgen::JsValue;

use super::page::{Page, member};
use crate::config::Json;
use crate::policy::Gpc;

/// `navigator.globalPrivacyControl`. Old extensions set `1` or `"1"`, which count as on; anything
/// else that is no boolean is no signal.
pub fn gpc(page: &Page) -> Gpc {
    let value = member(page.window.navigator().as_ref(), "globalPrivacyControl");
    if value == JsValue::TRUE
        || value.as_f64() == Some(1.0)
        || value.as_string().as_deref() == Some("1")
    {
        Gpc::On
    } else if value.is_undefined() {
        Gpc::Absent
    } else {
        Gpc::Off
    }
}

/// What the server said of the visitor in `Server-Timing` on the page itself, as a context:
/// `nosale-geo;desc="US-CA"`, `nosale-age;desc="13to15"`, `nosale-account;desc="opt-out"`.
/// Browsers hide these entries on insecure origins.
pub fn server_timing(page: &Page) -> Json {
    let mut context = Json::Object(Vec::new());
    let Some(performance) = page.window.performance() else {
        return context;
    };
    let navigation = performance.get_entries_by_type("navigation").get(0);
    let entries = member(&navigation, "serverTiming");
    if !Array::is_array(&entries) {
        return context;
    }
    for entry in Array::from(&entries).iter() {
        let name = member(&entry, "name").as_string().unwrap_or_default();
        let value = member(&entry, "description")
            .as_string()
            .unwrap_or_default();
        match name.as_str() {
            "nosale-geo" => context.add(&["jurisdiction"], Json::Text(value)),
            "nosale-age" => context.add(&["age"], Json::Text(value)),
            // A state that is not known counts as an opt-out.
            "nosale-account" if value != "none" => {
                context.add(&["account", "optOut"], Json::Bool(true))
            }
            _ => {}
        }
    }
    context
}
