//! Who asks: a script of the page by a callback, or a frame by a message.

use js_sys::{Function, JSON, Reflect};
use wasm_bindgen::prelude::*;

use super::objects::object;
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
                    let text = JsValue::from_str("nosale: a callback failed");
                    web_sys::console::error_2(&text, &thrown);
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

    /// A function that answers, for another tool to call.
    pub fn function(&self) -> JsValue {
        match self {
            Asker::Nobody => JsValue::UNDEFINED,
            Asker::Script(callback) => callback.into(),
            Asker::Frame(frame) => {
                let frame = frame.clone();
                let answer = move |value: JsValue, success: JsValue| {
                    frame.post(&value, success.is_truthy());
                };
                Closure::<dyn Fn(JsValue, JsValue)>::new(answer).into_js_value()
            }
        }
    }
}

impl Frame {
    /// Whether the frame is no longer in its page.
    pub fn is_gone(&self) -> bool {
        member(&self.window, "closed").is_truthy()
    }

    fn post(&self, value: &JsValue, success: bool) {
        let answer = object([(
            self.answer,
            object([
                ("returnValue", value.clone()),
                ("success", success.into()),
                ("callId", self.call_id.clone()),
            ]),
        )]);
        let message = if self.as_text {
            JSON::stringify(&answer).map_or(JsValue::NULL, Into::into)
        } else {
            answer
        };
        // A window of another origin is no instance of our `Window`. Anybody may know the answer,
        // but it goes to the frame that asked and to no other.
        let post = Reflect::get(&self.window, &"postMessage".into());
        if let Ok(post) = post.and_then(JsCast::dyn_into::<Function>) {
            let _ = post.call2(&self.window, &message, &"*".into());
        }
    }
}
