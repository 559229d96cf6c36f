//! Calls from frames. A frame finds the page that answers by a child frame of a certain name, and
//! asks by a message. Anybody may send anything: what is no call is ignored.

use std::cell::Cell;

use js_sys::{JSON, JsString};
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, MessageEvent};

use super::asker::{Asker, Frame};
use super::{CmpApi, gpp, usp};
use crate::browser::events;
use crate::browser::page::{Page, member};

#[wasm_bindgen(module = "/www/framed.js")]
extern "C" {
    #[wasm_bindgen(js_name = whenFramed)]
    fn when_framed(act: &Closure<dyn Fn()>);
}

/// No call is longer than this, in UTF-16 units; larger texts are not even parsed.
const MAX_TEXT: u32 = 10_000;

/// The frames by which other frames find the functions.
pub struct Locators {
    page: Page,
    /// Those that are nosale's to keep in the page, and to answer for.
    ours: Cell<[(&'static str, bool); 2]>,
    /// The page has a frame that may look for them, or has time for them.
    wanted: Cell<bool>,
}

impl Locators {
    /// The frames of a page, which has none of nosale's yet.
    pub fn new(page: Page) -> Locators {
        Locators {
            page,
            ours: Cell::new([(gpp::LOCATOR, false), (usp::LOCATOR, false)]),
            wanted: Cell::new(false),
        }
    }

    /// Takes over those that may be taken and are not in the page: who has put one there has a
    /// handler of messages as well, which calls the function on the window, and two answers to a
    /// call are one too many.
    pub fn claim(&self, free: [bool; 2]) {
        let [(gpp, gpp_ours), (usp, usp_ours)] = self.ours.get();
        self.ours.set([
            (gpp, gpp_ours || free[0] && !self.has(gpp)),
            (usp, usp_ours || free[1] && !self.has(usp)),
        ]);
    }

    /// Puts the frames into the page once they are wanted: two more documents are the most costly part
    /// of the start, and only frames look for them.
    pub fn listen(&'static self) {
        let wanted = Closure::new(|| {
            self.wanted.set(true);
            self.place();
        });
        when_framed(&wanted);
        wanted.forget();
    }

    /// Puts back those that are missing.
    pub fn place(&self) {
        let Some(body) = self.page.document.body().filter(|_| self.wanted.get()) else {
            return;
        };
        for (name, ours) in self.ours.get() {
            if ours && !self.has(name) {
                // A page that forbids even an empty frame has no frames that ask.
                let _ = self.add(&body, name);
            }
        }
    }

    /// Without a source, and hidden by script: a policy of the page's may forbid anything else.
    fn add(&self, body: &HtmlElement, name: &str) -> Result<(), JsValue> {
        let frame: HtmlElement = self
            .page
            .document
            .create_element("iframe")?
            .unchecked_into();
        frame.set_attribute("name", name)?;
        frame.set_attribute("title", "")?;
        // Nothing runs in it, and the page can borrow nothing of it.
        frame.set_attribute("sandbox", "")?;
        frame.set_attribute("aria-hidden", "true")?;
        frame.style().set_property("display", "none")?;
        body.append_child(&frame)?;
        Ok(())
    }

    fn has(&self, name: &str) -> bool {
        member(&self.page.window, name).is_truthy()
    }

    fn answers(&self, name: &str) -> bool {
        self.ours.get().contains(&(name, true))
    }
}

/// Answers calls from frames.
pub fn listen(api: &'static CmpApi) {
    events::listen(&api.locators.page.window, "message", move |event| {
        if let Some(event) = event.dyn_ref::<MessageEvent>() {
            hear(api, event);
        }
    });
}

fn hear(api: &CmpApi, event: &MessageEvent) {
    let data = event.data();
    let as_text = data.is_string();
    let message = match data.dyn_ref::<JsString>() {
        Some(text) if text.length() <= MAX_TEXT => match JSON::parse(&String::from(text)) {
            Ok(message) => message,
            Err(_) => return,
        },
        Some(_) => return,
        None => data,
    };
    let Some(window) = event.source().filter(|_| message.is_object()) else {
        return;
    };
    let asker = |call: &JsValue, answer| {
        Asker::Frame(Frame {
            window: window.clone().into(),
            answer,
            call_id: member(call, "callId"),
            as_text,
        })
    };
    let call = member(&message, "__gppCall");
    if is_call(&call) && api.locators.answers(gpp::LOCATOR) {
        api.gpp.run(
            &member(&call, "command"),
            &asker(&call, "__gppReturn"),
            &member(&call, "parameter"),
            &member(&call, "version"),
        );
    }
    let call = member(&message, "__uspapiCall");
    if is_call(&call) && api.locators.answers(usp::LOCATOR) {
        api.usp.run(
            &member(&call, "command"),
            &member(&call, "version"),
            &asker(&call, "__uspapiReturn"),
        );
    }
}

/// Whether this is an object without a long text in what is looked at: that would be copied into the
/// module's memory, which never shrinks.
fn is_call(call: &JsValue) -> bool {
    call.is_object()
        && ["command", "parameter", "version"].iter().all(|name| {
            let value = member(call, name);
            let text = value.dyn_ref::<JsString>();
            text.is_none_or(|text| text.length() <= MAX_TEXT)
        })
}
