//! `__uspapi`, US Privacy User Signal API 1. Its arguments are in another order than those of
//! `__gpp`.

use std::cell::{Cell, OnceCell, RefCell};

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::asker::Asker;
use super::objects::object;
use super::{function, stub};
use crate::browser::page::{Page, member};
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
    page: Page,
    keeps_cookie: bool,
    told: Cell<UsPrivacy>,
    /// A tool that stood there before, or came later: it may carry out deletions.
    other: RefCell<Option<Function>>,
    function: OnceCell<JsValue>,
}

impl UspApi {
    /// A function that is not in the page yet.
    pub fn new(page: Page, keeps_cookie: bool) -> UspApi {
        UspApi {
            page,
            keeps_cookie,
            told: Cell::new(UsPrivacy::NOT_APPLICABLE),
            other: RefCell::new(None),
            function: OnceCell::new(),
        }
    }

    /// Answers with this string from now on.
    pub fn tell(&self, strings: &Strings, store: &Store) {
        self.told.set(strings.usp());
        if self.keeps_cookie {
            store.keep(COOKIE, &strings.usp().to_text());
        }
    }

    /// Puts the function into the page. Takes over from a stub.
    pub fn install(&'static self) {
        let before = member(&self.page.window, NAME).dyn_into::<Function>().ok();
        let function = self.function.get_or_init(|| {
            let call = move |command: JsValue, version: JsValue, callback: JsValue| {
                self.run(&command, &version, &Asker::of(callback));
            };
            Closure::<dyn Fn(JsValue, JsValue, JsValue)>::new(call).into_js_value()
        });
        function::install(&self.page, NAME, function, move |tool| {
            self.other.replace(Some(tool));
        });
        let Some(before) = before else {
            return;
        };
        match stub::queue(&before, &["a", "queue"]) {
            Some(queue) => stub::replay(&queue, NAME, |[command, version, callback, _]| {
                self.run(&command, &version, &Asker::of(callback));
            }),
            None => {
                self.other.replace(Some(before));
            }
        }
    }

    /// Puts the function back where another tool's has taken its place.
    pub fn mend(&self) {
        if let Some(function) = self.function.get()
            && let Some(tool) = function::mend(&self.page, NAME, function)
        {
            self.other.replace(Some(tool));
        }
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
            Some("registerDeletion" | "performDeletion") => {
                let other = self.other.borrow().clone();
                if let (Some(other), Asker::Script(callback)) = (other, asker) {
                    let _ = other.call3(&JsValue::UNDEFINED, command, version, callback);
                }
            }
            _ => asker.refuse(),
        }
    }
}
