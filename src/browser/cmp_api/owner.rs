//! Another tool that answers `__gpp`, for Europe perhaps. It stays the owner of its sections.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

use crate::browser::page::member;

/// The other tool.
#[derive(Clone)]
pub struct Owner {
    function: Function,
    /// Takes the answers to `ping`.
    answer: JsValue,
    last: Rc<RefCell<JsValue>>,
    /// It is being asked at this moment, and may be asking nosale in turn.
    asked: Rc<Cell<bool>>,
}

impl PartialEq for Owner {
    fn eq(&self, other: &Owner) -> bool {
        self.function == other.function
    }
}

impl Owner {
    /// The tool behind a function.
    pub fn new(function: Function) -> Owner {
        let last = Rc::new(RefCell::new(JsValue::NULL));
        let taken = Rc::clone(&last);
        // It lives as long as the page: a tool may answer late.
        let answer = Closure::<dyn Fn(JsValue)>::new(move |value: JsValue| {
            taken.replace(value);
        });
        Owner {
            function,
            answer: answer.into_js_value(),
            last,
            asked: Rc::default(),
        }
    }

    /// What the tool says of itself; `None` for one that does not answer, is a stub, or has failed.
    pub fn ping(&self) -> Option<JsValue> {
        if !self.asked.replace(true) {
            self.call("ping", &self.answer, &JsValue::NULL);
            self.asked.set(false);
        }
        // A copy: the tool may answer again in the middle of what follows.
        let last = self.last.borrow().clone();
        let status = member(&last, "cmpStatus").as_string()?;
        (status != "stub" && status != "error").then_some(last)
    }

    /// Calls `heard` at each of its events, with the name and the data.
    pub fn subscribe(&self, heard: impl Fn(String, JsValue) + 'static) {
        let heard = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
            if let Some(name) = member(&event, "eventName").as_string() {
                heard(name, member(&event, "data"));
            }
        });
        let heard = heard.into_js_value();
        self.call("addEventListener", &heard, &JsValue::NULL);
    }

    /// Passes a call on, as one of the version that nosale answers. What the tool throws stays with
    /// it.
    pub fn call(&self, command: &str, callback: &JsValue, parameter: &JsValue) {
        let arguments = Array::of4(
            &command.into(),
            callback,
            parameter,
            &JsValue::from_str("1.1"),
        );
        let _ = self.function.apply(&JsValue::UNDEFINED, &arguments);
    }
}
