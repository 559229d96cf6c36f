//! What is observed of the browser, of other tabs and of the server, and what follows from it.

use gloo_timers::callback::Timeout;
use js_sys::{Array, Error};
use wasm_bindgen::prelude::*;
use web_sys::{EventTarget, PageTransitionEvent, StorageEvent};

use super::{App, State};
use crate::browser::json::from_js;
use crate::browser::notice::Said;
use crate::browser::page::{self, member};
use crate::browser::store::KEY;
use crate::browser::{events, gate, signals};
use crate::config::read_context;
use crate::policy::{Decision, Gpc, Purposes, Reason, Record, Signals, Stored};
use crate::report::{EventType, How, Kind};
use crate::status::JurisdictionFrom;

impl App {
    /// Takes in what the page learned late.
    ///
    /// # Errors
    ///
    /// Names the first mistake; what was right is taken in all the same.
    pub fn set_context(&'static self, context: &JsValue) -> Result<(), JsValue> {
        let (context, problems) = read_context(&from_js(context));
        let before = self.state();
        self.visitor.learn(context, JurisdictionFrom::Context);
        // Another subdomain may have stored something newer than this page knows.
        self.read_store();
        self.arrive();
        self.announce(&before);
        match problems.first() {
            Some(problem) => Err(Error::new(&["nosale: ", &problem.message()].concat()).into()),
            None => Ok(()),
        }
    }

    /// Takes in what the browser and the page say now, decides and enforces that. What is new of
    /// signals is stored and reported, but not before the page is shown.
    pub(super) fn arrive(&'static self) {
        self.decide_anew();
        self.tell_news();
        self.gate.sweep();
    }

    /// The part of that for which tags wait.
    pub(super) fn decide_anew(&'static self) {
        let before = self.stored.get();
        let mut stored = before;
        // What this page has asked the account to lift is not written down again.
        let signals = self.visitor.signals_without(self.visitor.lifting.get());
        let news = !self.page.is_prerendering() && stored.observe(&signals, page::now());
        self.stored.set(stored);
        self.enforce(self.decision_of(&stored));
        if news && !stored.unreadable && self.news.get().is_none() {
            self.news.set(Some(before));
        }
    }

    /// Stores and reports what is new of signals.
    pub(super) fn tell_news(&'static self) {
        let (Some(before), Some(record)) = (self.news.take(), self.stored.get().record) else {
            return;
        };
        self.store.write(&record);
        if !self.store.works() {
            // What cannot be kept would be reported once a page.
            return;
        }
        let signals = self.visitor.signals_without(self.visitor.lifting.get());
        let was = before.record.unwrap_or_else(Record::empty);
        for (how, changed) in [
            (How::Signal, was.signal != record.signal),
            (How::Account, was.account != record.account),
        ] {
            if changed {
                if how == How::Signal {
                    self.signal_is_new.set(true);
                }
                let without = match how {
                    How::Signal => Signals {
                        gpc: Gpc::Absent,
                        ..signals
                    },
                    _ => Signals {
                        account: Purposes::NONE,
                        ..signals
                    },
                };
                let decided = self.decide(&without, &before);
                let ended = record.signal.is_some_and(|signal| signal.ended);
                let kind = match how {
                    How::Signal if ended => Kind::SignalEnd,
                    _ => Kind::OptOut,
                };
                self.reporter
                    .keep(&self.event(EventType::Signal, kind, how, &decided));
            }
        }
        self.reporter.flush();
    }

    /// Enforces a decision: the gate first, so that it is closed before any tag is told.
    pub(super) fn enforce(&'static self, decision: Decision) {
        self.gate.enforce(decision);
        let jurisdiction = self.visitor.jurisdiction.get().code;
        self.adapters
            .tell(&self.gate.vendors, &decision, jurisdiction);
    }

    /// Takes in what another tab or another subdomain stored.
    pub(super) fn follow(&'static self) {
        let before = self.state();
        self.read_store();
        self.enforce(self.decision_of(&self.stored.get()));
        self.gate.sweep();
        self.announce(&before);
    }

    /// Reads the device again. What this page knows is never forgotten, only overtaken.
    pub(super) fn read_store(&self) {
        let read = self.store.read(page::now());
        let record = match (read.record, self.stored.get().record) {
            (Some(read), Some(known)) => Some(read.merge(known)),
            (read, known) => read.or(known),
        };
        self.stored.set(Stored {
            record,
            unreadable: read.unreadable,
        });
    }

    /// Tells the page and the visitor what has changed, and lets run what is permitted now.
    pub(super) fn announce(&'static self, before: &State) {
        self.cmp_api.tell(&|| self.strings(), &self.store);
        if self.state() == *before {
            return;
        }
        self.show();
        self.inert.hold();
        if self.gate.is_raised() {
            self.gate.close();
        }
        if self.ready.get() {
            self.inert.check();
        }
        self.adapters.changed(&self.decision());
        events::send(&self.page, "nosale:change", &self.status());
        if self.ready.get() {
            self.inert.release();
        }
        gate::give_back();
    }

    /// Brings the notice and the dialog to the present state.
    pub(super) fn show(&'static self) {
        let honored = !self
            .decision()
            .purposes_where(|ruling| ruling.because == Reason::Gpc)
            .is_empty();
        self.notice.say(if honored {
            Said::Honored
        } else {
            Said::Nothing
        });
        self.dialog.refresh(self);
    }

    pub(super) fn listen(&'static self, has_config: bool) {
        let page = &self.page;
        if page.is_loading() {
            events::listen_once(&page.document, "DOMContentLoaded", move || {
                self.begin(has_config)
            });
        } else {
            // Not before this script has put its calls on the window.
            Timeout::new(0, move || self.begin(has_config)).forget();
        }
        events::listen(&page.window, "storage", move |event| {
            let key = event.dyn_ref::<StorageEvent>().and_then(StorageEvent::key);
            // Without a key, everything was cleared.
            if key.is_none_or(|key| key == KEY) {
                self.follow();
            } else {
                self.gate.sweep();
            }
        });
        events::listen(&page.window, "focus", move |_| self.arrive_again());
        events::listen(&page.document, "visibilitychange", move |_| {
            self.arrive_again()
        });
        // A page out of the back-forward cache decides again.
        events::listen(&page.window, "pageshow", move |event| {
            if event
                .dyn_ref::<PageTransitionEvent>()
                .is_some_and(PageTransitionEvent::persisted)
            {
                self.arrive_again();
            }
        });
        events::listen(&page.document, "prerenderingchange", move |_| {
            self.arrive_again()
        });
        events::listen(&page.window, "pagehide", move |_| self.gate.sweep());
        events::listen_once(&page.window, "load", move || {
            self.gate.sweep();
            // A tag manager may have come in between.
            self.adapters.ready(&self.decision());
            self.check_late();
        });
    }

    /// Follows what other subdomains and the server store. What other tabs do shows in localStorage, too.
    pub(super) fn follow_cookies(&'static self) {
        if let Ok(cookies) = member(&self.page.window, "cookieStore").dyn_into::<EventTarget>() {
            events::listen(&cookies, "change", move |event| {
                let named = |list: &str| {
                    let list = member(event, list);
                    Array::is_array(&list)
                        && Array::from(&list).iter().any(|cookie| {
                            member(&cookie, "name").as_string().as_deref() == Some(KEY)
                        })
                };
                if named("changed") || named("deleted") {
                    self.follow();
                }
                self.gate.sweep();
            });
        }
    }

    /// The page is shown, for the first time or again.
    pub(super) fn arrive_again(&'static self) {
        let before = self.state();
        self.visitor.see(signals::gpc(&self.page));
        self.cmp_api.mend();
        self.tell_visible();
        self.read_store();
        self.arrive();
        self.announce(&before);
        self.reporter.flush();
    }
}
