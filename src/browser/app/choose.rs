//! What the visitor chooses, by whatever way.

use js_sys::{Error, Promise};
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::App;
use crate::browser::console;
use crate::browser::dialog::{Answer, Wanted};
use crate::browser::json::{from_js, to_js};
use crate::browser::page::{self, set_member};
use crate::config::{Problem, read_purposes};
use crate::notice::may_ask;
use crate::policy::{Choice, Purposes, Stored};
use crate::report::{Event, EventType, How, Kind};

impl App {
    /// Of these purposes, those that are denied now and that the visitor could allow.
    pub fn can_opt_in(&self, purposes: Purposes) -> Purposes {
        let denied = purposes.without(self.decision().permitted());
        let mut stored = self.stored.get();
        self.write_choice(&mut stored, denied, Choice::Confirmed);
        let asked = self.visitor.lifting.get();
        let held = if self.has_token() {
            asked
        } else {
            Purposes::ALL
        };
        let signals = self.visitor.signals_without(Purposes::ALL.without(held));
        let possible = self.decide(&signals, &stored).permitted();
        denied.intersection(possible)
    }

    /// Carries out what the visitor chose: when this returns, it is in force, stored and in the
    /// queue of reports. Gives the receipt.
    pub fn choose(&'static self, purposes: Purposes, choice: Choice, how: How) -> JsValue {
        self.read_store();
        self.tell_news();
        let before = self.state();
        let mut stored = self.stored.get();
        self.write_choice(&mut stored, purposes, choice);
        self.stored.set(stored);
        if let Some(record) = stored.record {
            self.store.write(&record);
            if self.store.read(page::now()).unreadable {
                console::error(
                    "a cookie named \"nosale\" with another path or domain cannot be read nor overwritten here; it denies on every page until it is removed",
                );
            }
        }
        self.enforce(self.decision_of(&stored));
        self.gate.sweep();
        let kind = Kind::of_choice(purposes, choice.is_in());
        let mut event = self.event(EventType::Choice, kind, how, &before.decision);
        let asked = self.visitor.lifting.get().without(purposes);
        self.visitor.lifting.set(asked);
        if choice.is_in() {
            event.accounttoken = self.take_token();
        }
        if event.accounttoken.is_some() {
            // What nothing but the account's opt-out denies any more.
            let signals = self.visitor.signals_without(purposes);
            let free = self.decide(&signals, &stored).permitted();
            let lifts = free.without(self.decision().permitted());
            event.data.lifts = (!lifts.is_empty()).then_some(lifts);
            self.visitor.lifting.set(asked.union(lifts));
        }
        let receipt = receipt_of(&event);
        self.reporter.keep(&event);
        event.accounttoken = None;
        self.last_choice.replace(Some(event));
        self.announce(&before);
        self.reporter.flush();
        receipt
    }

    /// Opts in: by the dialog's confirm step, or at once where the publisher has asked in two steps.
    pub fn opt_in(&'static self, purposes: Purposes, confirmed: bool) -> Promise {
        let (promise, answer) = Answer::new();
        if confirmed {
            answer.resolve(&self.choose(purposes, Choice::In, How::Api));
            return promise;
        }
        let liftable = self.can_opt_in(purposes);
        let asked =
            !self.page.has_hand_in_it() && !may_ask(&self.stored.get(), purposes, page::now());
        if asked {
            answer.reject("the visitor opted out less than 12 months ago: ask again only when the visitor clicks something for it");
        } else if !liftable.is_empty() {
            self.dialog.open(self, Wanted::Confirm(liftable), answer);
        } else if self.decision().permitted().has_all(purposes) {
            answer.resolve(&JsValue::NULL);
        } else {
            answer.reject("the visitor cannot allow this: a signal, an account or an age holds it (see status().purposes)");
        }
        promise
    }

    /// Opens the dialog; the promise is kept once it is open.
    pub fn open(&'static self) -> Promise {
        let (promise, answer) = Answer::new();
        self.dialog.open(self, Wanted::Choices, answer);
        promise
    }

    /// The visitor wants to see a frame that is blocked: asks for the confirm step of what holds it, if
    /// that helps, and shows the choices if not.
    pub fn ask_for(&'static self, frame: &Element, address: &str) {
        let denied = self
            .inert
            .holding(frame, address)
            .without(self.decision().permitted());
        let (_, answer) = Answer::new();
        let wanted = if !denied.is_empty() && self.can_opt_in(denied) == denied {
            Wanted::Confirm(denied)
        } else {
            Wanted::Choices
        };
        self.dialog.open(self, wanted, answer);
    }

    /// The receipt of the last choice on this page, or `null`.
    pub fn receipt(&self) -> JsValue {
        // A copy: nothing stays borrowed while the page's objects are touched.
        let last = self.last_choice.borrow().clone();
        last.as_ref().map_or(JsValue::NULL, receipt_of)
    }

    pub(super) fn write_choice(&self, stored: &mut Stored, purposes: Purposes, choice: Choice) {
        let jurisdiction = self.visitor.jurisdiction.get();
        stored.choose(
            purposes,
            choice,
            page::now(),
            self.config.revision,
            jurisdiction,
        );
    }
}

/// The report for the visitor: its data, its number and its time.
pub(super) fn receipt_of(event: &Event) -> JsValue {
    let receipt = to_js(&event.data);
    set_member(&receipt, "id", &JsValue::from_str(&event.id));
    set_member(&receipt, "time", &JsValue::from_str(&event.time));
    receipt
}

/// Reads the argument of `optOut()` and `optIn()`.
///
/// # Errors
///
/// Names the first mistake.
pub fn purposes_of(value: &JsValue, default: Purposes) -> Result<Purposes, JsValue> {
    if value.is_undefined() || value.is_null() {
        return Ok(default);
    }
    read_purposes(&from_js(value)).map_err(|problems| {
        let text = problems.first().map(Problem::message).unwrap_or_default();
        Error::new(&["nosale: ", &text].concat()).into()
    })
}
