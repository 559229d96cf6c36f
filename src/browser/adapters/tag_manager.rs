//! The page's tag manager: the state of each purpose in `dataLayer`, so that its triggers can be built
//! on it. A page without that list gets none.

use std::cell::Cell;

use js_sys::{Array, Function, Reflect};
use serde::Serialize;
use wasm_bindgen::JsCast;

use crate::browser::json::to_js;
use crate::browser::page::{Page, is_list, member};
use crate::policy::{ByPurpose, Decision};

/// What is pushed.
#[derive(Serialize)]
struct Message {
    event: &'static str,
    nosale: ByPurpose<&'static str>,
}

/// The tag manager of one page, if it has one.
pub struct TagManager {
    page: Page,
    ready: Cell<bool>,
}

impl TagManager {
    /// Looks for nothing yet.
    pub fn new(page: Page) -> TagManager {
        TagManager {
            page,
            ready: Cell::new(false),
        }
    }

    /// `nosale_ready`, once.
    pub fn ready(&self, decision: &Decision) {
        if !self.ready.get() {
            self.ready.set(self.push("nosale_ready", decision));
        }
    }

    /// `nosale_change`; before the page is ready it is not told of changes.
    pub fn changed(&self, decision: &Decision) {
        if self.ready.get() {
            self.push("nosale_change", decision);
        }
    }

    fn push(&self, event: &'static str, decision: &Decision) -> bool {
        let list = member(&self.page.window, "dataLayer");
        let Ok(push) = member(&list, "push").dyn_into::<Function>() else {
            return false;
        };
        let nosale = ByPurpose::from_fn(|purpose| {
            if decision.of(purpose).allowed {
                "allowed"
            } else {
                "denied"
            }
        });
        let message = to_js(&Message { event, nosale });
        is_list(&list) && Reflect::apply(&push, &list, &Array::of1(&message)).is_ok()
    }
}
