//! A name on the window that nosale's function has, and that other tools also use.

use std::cell::{Cell, RefCell};

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::objects::object;
use crate::browser::console;
use crate::browser::page::{Page, member};

/// What a function turns out to be that the page put in the place of nosale's.
pub enum Newcomer {
    /// A wrapper, which calls nosale's function: it may stand in front.
    Wrapper,
    /// Another tool.
    Tool(Function),
}

/// A name on the window.
pub struct Slot {
    page: Page,
    name: &'static str,
    /// nosale's function; `null` as long as it is not in the page.
    ours: RefCell<JsValue>,
    /// What the page gets: nosale's function, or a wrapper around it.
    shown: RefCell<JsValue>,
    /// The property by which the page gets it.
    property: RefCell<JsValue>,
    /// nosale's function was called since somebody looked last.
    called: Cell<bool>,
    complained: Cell<bool>,
}

impl Slot {
    /// A name of the page's window, with nothing of nosale's under it yet.
    pub fn new(page: Page, name: &'static str) -> Slot {
        Slot {
            page,
            name,
            ours: RefCell::new(JsValue::NULL),
            shown: RefCell::new(JsValue::NULL),
            property: RefCell::new(JsValue::NULL),
            called: Cell::new(false),
            complained: Cell::new(false),
        }
    }

    /// The page.
    pub fn page(&self) -> &Page {
        &self.page
    }

    /// Whether nosale's function is in the page.
    pub fn is_taken(&self) -> bool {
        !self.ours.borrow().is_null()
    }

    /// What the page has under the name.
    pub fn there(&self) -> Option<Function> {
        member(&self.page.window, self.name).dyn_into().ok()
    }

    /// nosale's function is being called.
    pub fn note_call(&self) {
        self.called.set(true);
    }

    /// Puts nosale's function there, for good: what the page puts there later goes to `assigned`.
    pub fn take(&'static self, function: JsValue, assigned: impl Fn(Function) + 'static) {
        self.ours.replace(function.clone());
        self.shown.replace(function);
        let get = Closure::<dyn Fn() -> JsValue>::new(move || self.shown.borrow().clone());
        let set = Closure::<dyn Fn(JsValue)>::new(move |value: JsValue| {
            if let Ok(value) = value.dyn_into() {
                assigned(value);
            }
        });
        self.property.replace(object([
            ("configurable", JsValue::TRUE),
            ("enumerable", JsValue::TRUE),
            ("get", get.into_js_value()),
            ("set", set.into_js_value()),
        ]));
        self.put();
    }

    /// What stands in the place of nosale's function, where the name could not be had for good.
    pub fn intruder(&self) -> Option<Function> {
        let shown = self.shown.borrow().clone();
        self.there()
            .filter(|there| self.is_taken() && !same(there, &shown))
    }

    /// Finds out what a function is by calling it with `probe`, and gives it its place.
    pub fn admit(&self, function: Function, probe: impl Fn(&Function)) -> Option<Newcomer> {
        let shown = self.shown.borrow().clone();
        if same(&function, &shown) || same(&function, &self.ours.borrow()) {
            self.shown.replace(function.into());
            self.put();
            return None;
        }
        self.called.set(false);
        probe(&function);
        let newcomer = if self.called.get() {
            self.shown.replace(function.into());
            Newcomer::Wrapper
        } else {
            Newcomer::Tool(function)
        };
        self.put();
        Some(newcomer)
    }

    /// Sees to it that the page gets what it is to get: by a property of nosale's own, or in the
    /// plain way where the page's cannot be redefined.
    fn put(&self) {
        let shown = self.shown.borrow().clone();
        let is_put = || same(&member(&self.page.window, self.name), &shown);
        if is_put() {
            return;
        }
        let window: &Object = &self.page.window;
        let name = self.name.into();
        let property: Object = self.property.borrow().clone().unchecked_into();
        if Reflect::define_property(window, &name, &property) != Ok(true) {
            let _ = Reflect::set(window, &name, &shown);
        }
        if !is_put() && !self.complained.replace(true) {
            let text = [
                self.name,
                " cannot be answered: the page has a property of that name that cannot be changed",
            ];
            console::error(&text.concat());
        }
    }
}

fn same(one: &JsValue, other: &JsValue) -> bool {
    one == other
}
