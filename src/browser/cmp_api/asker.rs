//! Who asks: a script of the page by a callback, or a frame by a message.

use js_sys::{Function, JSON, Reflect};
use wasm_bindgen::prelude::*;

use super::objects::object;
use crate::browser::console;
use crate::browser::page::member;

/// Who asks, and how the answer gets there.
#[derive(Clone)]
pub enum Asker {
    /// A script that gave no function to call.
    Nobody,
    /// A script.
    Script(Function),
    /// A frame.
    Frame(Frame),
}

/// A frame's call.
#[derive(Clone)]
pub struct Frame {
    /// The frame's window.
    pub window: JsValue,
    /// The member that holds the answer: `__gppReturn` or `__uspapiReturn`.
    pub answer: &'static str,
    /// The frame's own number of its call, given back untouched.
    pub call_id: JsValue,
    /// The message was JSON text, and so is the answer.
    pub as_text: bool,
}

impl Asker {
    /// The asker of a direct call.
    pub fn of(callback: JsValue) -> Asker {
        callback.dyn_into().map_or(Asker::Nobody, Asker::Script)
    }

    /// Gives an answer. What a callback throws goes to the console and no further.
    pub fn answer(&self, value: &JsValue, success: bool) {
        match self {
            Asker::Nobody => {}
            Asker::Script(callback) => {
                let called = callback.call2(&JsValue::UNDEFINED, value, &success.into());
                if let Err(thrown) = called {
                    console::failed("a callback", &thrown);
                }
            }
            Asker::Frame(frame) => frame.post(value, success),
        }
    }

    /// The answer to what is not known.
    pub fn refuse(&self) {
        self.answer(&JsValue::NULL, false);
    }

    /// The frame that asks.
    pub fn frame(&self) -> Option<&Frame> {
        match self {
            Asker::Frame(frame) => Some(frame),
            _ => None,
        }
    }

    /// The function to call, for a command of another tool's own.
    pub fn function(&self) -> JsValue {
        match self {
            Asker::Script(callback) => callback.into(),
            _ => JsValue::UNDEFINED,
        }
    }

    /// A function that gives one answer, for another tool to call.
    pub fn function_once(&self) -> JsValue {
        let asker = self.clone();
        Closure::once_into_js(move |value: JsValue, success: JsValue| {
            asker.answer(&value, success.is_truthy());
        })
    }
}

impl Frame {
    /// Whether the frame is no longer in its page.
    pub fn is_gone(&self) -> bool {
        member(&self.window, "closed").is_truthy()
    }

    fn post(&self, value: &JsValue, success: bool) {
        if self.try_to_post(value, success).is_err() {
            // What another tool answered cannot be copied into a message.
            let _ = self.try_to_post(&JsValue::NULL, false);
        }
    }

    fn try_to_post(&self, value: &JsValue, success: bool) -> Result<(), JsValue> {
        let answer = object([(
            self.answer,
            object([
                ("returnValue", value.clone()),
                ("success", success.into()),
                ("callId", self.call_id.clone()),
            ]),
        )]);
        let message = if self.as_text {
            JSON::stringify(&answer)?.into()
        } else {
            answer
        };
        // A window of another origin is no instance of our `Window`. Anybody may know the answer,
        // but it goes to the frame that asked and to no other.
        let post: Function = Reflect::get(&self.window, &"postMessage".into())?.dyn_into()?;
        post.call2(&self.window, &message, &"*".into()).map(drop)
    }
}
