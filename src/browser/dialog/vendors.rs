//! Who is affected: what the dialog's file needs to list the vendors of each purpose.

use js_sys::Array;
use wasm_bindgen::JsValue;

use super::shown::Shown;
use crate::browser::app::App;
use crate::policy::{Mode, Treatment};

impl Shown {
    /// Lists the vendors by purpose: those that the publisher names or the page has met, then the rest.
    pub(super) fn list_vendors(&self, app: &App) {
        let decision = app.decision();
        let vendors = Array::new();
        for (vendor, named) in app.vendors().with_named() {
            if vendor.mode == Mode::Off {
                continue;
            }
            let state = match vendor.treatment(&decision) {
                Treatment::Allowed => "vendor_allowed",
                Treatment::Blocked => "vendor_blocked",
                Treatment::Restricted => "vendor_restricted",
            };
            let row = Array::of3(&(&*vendor.name).into(), &state.into(), &named.into());
            for purpose in vendor.purposes.iter() {
                row.push(&purpose.name().into());
            }
            vendors.push(&row);
        }
        self.call(
            "vendors",
            &[
                JsValue::from(&self.dialog),
                self.texts.locale().into(),
                self.texts.words(),
                vendors.into(),
                app.audit(),
            ],
        );
    }
}
