//! `__uspapi`, US Privacy User Signal API 1. Its arguments are in another order than those of
//! `__gpp`.

use std::cell::Cell;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::asker::Asker;
use super::objects::object;
use super::slot::Slot;
use super::stub;
use crate::browser::page::Page;
use crate::browser::store::Store;
use crate::gpp::UsPrivacy;
use crate::strings::Strings;

/// The function's name.
pub const NAME: &str = "__uspapi";
/// The name of the frame by which other frames find it.
pub const LOCATOR: &str = "__uspapiLocator";

/// Where tags that do not ask look for the string.
const COOKIE: &str = "usprivacy";

const VERSION: f64 = 1.0;

/// The function of one page.
pub struct UspApi {
    slot: Slot,
    keeps_cookie: bool,
    told: Cell<UsPrivacy>,
}

impl UspApi {
    /// A function that is not in the page yet.
    pub fn new(page: Page, keeps_cookie: bool) -> UspApi {
        UspApi {
            slot: Slot::new(page, NAME),
            keeps_cookie,
            told: Cell::new(UsPrivacy::NOT_APPLICABLE),
        }
    }

    /// Answers with this string from now on.
    pub fn tell(&self, strings: &Strings, store: &Store) {
        self.told.set(strings.usp());
        if self.keeps_cookie && !self.slot.page().is_prerendering() {
            store.keep(COOKIE, &strings.usp().to_text());
        }
    }

    /// Whether somebody else's function is there.
    pub fn is_elsewhere(&self) -> bool {
        self.slot.there().is_some()
    }

    /// Puts the function into the page. Takes over from a stub.
    pub fn install(&'static self) {
        let before = self.slot.there();
        let queue = before
            .as_ref()
            .and_then(|stub| stub::kept(stub, NAME, &["a", "queue"], &JsValue::UNDEFINED));
        let call = move |command: JsValue, version: JsValue, callback: JsValue| {
            self.slot.note_call();
            self.run(&command, &version, &Asker::of(callback));
        };
        let function = Closure::<dyn Fn(JsValue, JsValue, JsValue)>::new(call);
        self.slot
            .take(function.into_js_value(), move |tool| self.join(tool));
        match (queue, before) {
            (Some(queue), _) => {
                stub::replay(&queue, NAME, |[command, version, callback, _]| {
                    self.run(&command, &version, &Asker::of(callback));
                });
            }
            (None, Some(tool)) => self.join(tool),
            (None, None) => {}
        }
    }

    /// Puts the function back where another tool's has taken its place.
    pub fn mend(&self) {
        if let Some(tool) = self.slot.intruder() {
            self.join(tool);
        }
    }

    /// Lets a wrapper stand in front; another tool is not asked, since nosale decides here.
    fn join(&self, tool: Function) {
        self.slot.admit(tool, |tool| {
            let ignored = Closure::once_into_js(|_: JsValue| {});
            let command = JsValue::from_str("getUSPData");
            let _ = tool.call3(&JsValue::UNDEFINED, &command, &VERSION.into(), &ignored);
        });
    }

    /// Carries out a command, at once.
    pub fn run(&self, command: &JsValue, version: &JsValue, asker: &Asker) {
        match command.as_string().as_deref() {
            Some("getUSPData") if *version == VERSION => {
                let data = object([
                    ("version", VERSION.into()),
                    ("uspString", self.told.get().to_text().into()),
                ]);
                asker.answer(&data, true);
            }
            // To call a vendor's callback is the order to delete, whatever it is called with: who
            // does not carry out deletions stays silent.
            Some("registerDeletion" | "performDeletion") => {}
            _ => asker.refuse(),
        }
    }
}
