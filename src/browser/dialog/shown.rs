//! The dialog in the page: what it shows of the present state, and what the visitor has switched.

use std::cell::{Cell, RefCell};

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlDialogElement, HtmlElement, HtmlInputElement};

use super::Dialog;
use super::host::Host;
use crate::browser::app::App;
use crate::browser::elements::{add, all, show};
use crate::browser::events;
use crate::browser::page::member;
use crate::browser::texts::Texts;
use crate::policy::{Decision, Purpose, Purposes};

/// The dialog in the page.
pub struct Shown {
    host: &'static Host,
    pub(super) dialog: HtmlDialogElement,
    pub(super) texts: &'static Texts,
    /// What the switches were last compared with.
    drawn: Cell<Decision>,
    /// The receipt on the screen.
    pub(super) receipt: RefCell<Option<JsValue>>,
}

impl Dialog {
    /// Puts the dialog together; it comes into the page when it is opened.
    pub(super) fn insert(
        &'static self,
        app: &'static App,
        host: &'static Host,
    ) -> Result<Shown, JsValue> {
        let dialog: HtmlDialogElement = host.part("dialog", "")?.unchecked_into();
        let settings = &app.config.notice;
        let rows = part(&dialog, "purposes")?;
        for purpose in app.config.purposes.iter() {
            let row = host.part("purpose", purpose.name())?;
            rows.append_child(&row)?;
        }
        let ways = part(&dialog, "contacts")?;
        for contact in &settings.contacts {
            let way = host.part("contact", contact.name())?;
            ways.append_child(&way)?;
        }
        if let Some(sentence) = &settings.sentence {
            part(&dialog, "sentence")?.set_text_content(Some(sentence));
        }
        if let Some(address) = &settings.policy_url {
            part(&dialog, "policy")?.set_attribute("href", address)?;
        }

        events::listen(&dialog, "change", move |_| {
            if let Some(shown) = self.shown.get() {
                shown.describe(app);
            }
        });
        events::listen(&dialog, "close", move |_| self.closed(app));
        Ok(Shown {
            host,
            dialog,
            texts: host.texts,
            drawn: Cell::new(app.decision()),
            receipt: RefCell::default(),
        })
    }
}

impl Shown {
    /// Opens the dialog where the visitor can see and use it.
    pub fn open(&self) -> Result<(), JsValue> {
        if !self.dialog.is_connected() {
            // For the first time, or the page has thrown its body away, and the dialog with it.
            self.dialog.remove_attribute("open")?;
            self.host.hold(&self.dialog)?;
        }
        if !self.dialog.open() {
            self.dialog.show_modal()?;
        }
        if self.dialog.offset_height() == 0 {
            self.dialog.close();
            return Err("the page hides it".into());
        }
        Ok(())
    }

    /// Closes it.
    pub fn close(&self) {
        self.dialog.close();
    }

    /// Whether it is on the screen.
    pub fn is_visible(&self) -> bool {
        self.dialog.is_connected() && self.dialog.open()
    }

    /// Puts every switch and text to the present state.
    pub fn draw(&self, app: &App) {
        let decision = app.decision();
        for purpose in app.config.purposes.iter() {
            if let Some(switch) = self.switch(purpose) {
                switch.set_checked(decision.of(purpose).allowed);
            }
        }
        self.label(app);
    }

    /// Takes in what changed elsewhere.
    pub fn follow(&self, app: &App) {
        let decision = app.decision();
        for purpose in app.config.purposes.iter() {
            if self.drawn.get().of(purpose).allowed
                && !decision.of(purpose).allowed
                && let Some(switch) = self.switch(purpose)
            {
                switch.set_checked(false);
            }
        }
        self.label(app);
    }

    /// Says what holds now, and which switches can be used.
    fn label(&self, app: &App) {
        let facts = app.facts();
        self.drawn.set(facts.decision);
        for purpose in app.config.purposes.iter() {
            if let Some(switch) = self.switch(purpose) {
                let held = !facts.decision.of(purpose).allowed && !facts.liftable.has(purpose);
                // It keeps the focus, so that everybody learns why.
                let _ = switch.set_attribute("aria-disabled", if held { "true" } else { "false" });
            }
        }
        let mut parts = facts.parts();
        if self.receipt.borrow().is_some() {
            parts.push("receipt");
        }
        if app.needs_reload() {
            parts.push("reload");
        }
        for element in all(&self.dialog, "[data-if]") {
            let name = element.get_attribute("data-if").unwrap_or_default();
            show(&element, parts.contains(&name.as_str()));
        }
        if let Some(since) = facts.since() {
            let text = self.texts.get("since");
            self.put("since", &self.date(text, since as f64 * 1000.0));
        }
        self.list_vendors(app);
        self.describe(app);
    }

    /// Says beside each switch what its state means.
    pub fn describe(&self, app: &App) {
        let facts = app.facts();
        for purpose in app.config.purposes.iter() {
            let Some(switch) = self.switch(purpose) else {
                continue;
            };
            let (allowed, on) = (facts.decision.of(purpose).allowed, switch.checked());
            let end = if on { "_allowed" } else { "_denied" };
            let mut text = self.texts.get(&[purpose.name(), end].concat());
            let more = if allowed == on {
                facts.because(purpose)
            } else {
                Some("not_saved")
            };
            if let Some(key) = more {
                text.push(' ');
                text.push_str(&self.texts.get(key));
            }
            if let Ok(Some(state)) = self
                .dialog
                .query_selector(&["#state-", purpose.name()].concat())
                && state.text_content().as_deref() != Some(&text)
            {
                state.set_text_content(Some(&text));
            }
        }
    }

    /// What stands beside a purpose's switch.
    pub fn state_of(&self, name: &str) -> String {
        let found = self.dialog.query_selector(&["#state-", name].concat());
        let text = found.ok().flatten().and_then(|state| state.text_content());
        text.unwrap_or_default()
    }

    /// What the switches ask for that does not hold yet: the purposes to stop, and those to allow.
    /// A switch that was left alone says nothing: above all, a signal is not written as a choice.
    pub fn switched(&self, app: &App) -> (Purposes, Purposes) {
        let decision = app.decision();
        let (mut out, mut to_allow) = (Purposes::NONE, Purposes::NONE);
        for purpose in app.config.purposes.iter() {
            let Some(switch) = self.switch(purpose) else {
                continue;
            };
            match (decision.of(purpose).allowed, switch.checked()) {
                (true, false) => out.insert(purpose),
                (false, true) => to_allow.insert(purpose),
                _ => {}
            }
        }
        (out, to_allow)
    }

    /// What the confirm step is about.
    pub fn list(&self, purposes: Purposes) {
        let Ok(list) = part(&self.dialog, "confirm-list") else {
            return;
        };
        list.set_text_content(None);
        for purpose in purposes.iter() {
            let _ = add(&list, "li", &self.texts.get(purpose.name()));
        }
    }

    /// Shows one of the two sections, and moves the focus to its heading.
    pub fn turn_to(&self, section: &str) {
        for name in ["choices", "confirm"] {
            if let Ok(element) = part(&self.dialog, name) {
                show(&element, name == section);
            }
        }
        let heading = if section == "choices" {
            "title"
        } else {
            "confirm-title"
        };
        let _ = self.dialog.set_attribute("aria-labelledby", heading);
        let found = self
            .dialog
            .query_selector(&["#", heading].concat())
            .ok()
            .flatten();
        if let Some(heading) = found.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()) {
            let _ = heading.focus();
        }
        self.dialog.set_scroll_top(0);
    }

    /// Says something below the buttons, which screen readers announce.
    pub fn say(&self, text: &str) {
        self.put("saved", text);
    }

    pub(super) fn put(&self, name: &str, text: &str) {
        if let Ok(element) = part(&self.dialog, name) {
            element.set_text_content(Some(text));
        }
    }

    /// Calls a function of the dialog's file.
    pub(super) fn call(&self, name: &str, arguments: &[JsValue]) -> Option<JsValue> {
        let function: Function = member(&self.host.module, name).dyn_into().ok()?;
        let list = Array::new();
        for argument in arguments {
            list.push(argument);
        }
        function.apply(&JsValue::UNDEFINED, &list).ok()
    }

    /// A text with a moment in the place of `{date}`, of milliseconds since the Unix epoch.
    pub(super) fn date(&self, text: String, milliseconds: f64) -> String {
        let arguments = [self.texts.locale().into(), text.into(), milliseconds.into()];
        let date = self.call("date", &arguments);
        date.and_then(|date| date.as_string()).unwrap_or_default()
    }

    fn switch(&self, purpose: Purpose) -> Option<HtmlInputElement> {
        let selector = ["input[name=", purpose.name(), "]"].concat();
        self.dialog.query_selector(&selector).ok()??.dyn_into().ok()
    }
}

pub(super) fn part(dialog: &HtmlDialogElement, name: &str) -> Result<Element, JsValue> {
    let found = dialog.query_selector(&["[data-part=", name, "]"].concat())?;
    found.ok_or_else(|| ["the dialog has no part ", name].concat().into())
}
