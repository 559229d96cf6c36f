//! The app: wires everything that `browser` observes to what the core decides.

mod account;
mod begin;
mod choose;
mod observe;
mod tell;

use std::cell::{Cell, RefCell};

use gloo_timers::callback::Timeout;
use js_sys::{Error, Function};
use wasm_bindgen::prelude::*;
use web_sys::HtmlScriptElement;

use self::account::Link;
pub use self::choose::purposes_of;
use super::adapters::{Adapters, note_begun};
use super::cmp_api::CmpApi;
use super::dialog::Dialog;
use super::gate::{self, Gate};
use super::inert::Inert;
use super::json::to_js;
use super::notice::{Notice, Said};
use super::page::{self, Page};
use super::reporter::Reporter;
use super::store::Store;
use super::texts::Texts;
use super::visitor::Visitor;
use super::{console, events, late, settings, signals};
use crate::config::{Config, Context, Json, read_context};
use crate::notice::Facts as Noticed;
use crate::policy::{ByPurpose, Choice, Decision, Gpc, Purpose, Signals, Stored, Vendors, decide};
use crate::report::{Change, Data, Event, EventType, How, Kind, SignalsSeen, Treatments};
use crate::status::{Late, LateBecause};
use crate::strings::{Facts, Strings};

/// This module's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

thread_local! {
    static APP: Cell<Option<&'static App>> = const { Cell::new(None) };
}

/// Everything of one page, for as long as the page lives.
pub struct App {
    /// The page.
    pub page: Page,
    /// What the publisher said.
    pub config: Config,
    visitor: Visitor,
    store: Store,
    stored: Cell<Stored>,
    gate: &'static Gate,
    adapters: Adapters,
    inert: Inert,
    cmp_api: CmpApi,
    /// The words for the visitor.
    pub texts: &'static Texts,
    notice: Notice,
    dialog: Dialog,
    reporter: Reporter,
    last_choice: RefCell<Option<Event>>,
    link: RefCell<Option<Link>>,
    /// This runs as plain JavaScript.
    plain: bool,
    /// When the script started, in milliseconds since navigation, and what was wrong with that.
    started: f64,
    loading: Vec<LateBecause>,
    ready: Cell<bool>,
    /// What the device held before this page saw something new of signals that is not stored yet.
    news: Cell<Option<Stored>>,
    /// A signal was first seen on this page.
    signal_is_new: Cell<bool>,
}

impl App {
    /// The app, once it has started.
    ///
    /// # Errors
    ///
    /// If it has not.
    pub fn current() -> Result<&'static App, JsValue> {
        let app = APP.with(Cell::get);
        app.ok_or_else(|| Error::new("nosale: not started").into())
    }

    /// Decides and raises the gate, then listens. `since` is when requests began to be held for that,
    /// 0 for the inline snippet.
    /// Starting again does nothing.
    ///
    /// # Errors
    ///
    /// If there is no page here.
    pub fn start(
        script: Option<HtmlScriptElement>,
        plain: bool,
        since: Option<f64>,
    ) -> Result<(), JsValue> {
        // Not by `current`, whose error costs ten milliseconds: a trace, for which the script is parsed anew.
        if APP.with(Cell::get).is_some() {
            return Ok(());
        }
        let page = Page::current().ok_or_else(|| Error::new("nosale: works in a page only"))?;
        let started = since.unwrap_or_else(|| late::clock(&page));
        // The signal first: it is at hand, while the first look at a cookie takes a millisecond.
        let gpc = signals::gpc(&page);
        let (config, has_config) = settings::read(&page, script.as_ref());
        let address = script
            .as_ref()
            .map_or_else(String::new, HtmlScriptElement::src);
        let address = if address.is_empty() {
            page.plain().base_uri().ok().flatten().unwrap_or_default()
        } else {
            address
        };
        let mut vendors = Vendors::new(gate::in_ascii(config.vendors.clone()));
        if plain || since.is_some() {
            note_begun(&page, &mut vendors);
        }
        let gate = Gate::new(page.clone(), vendors, &config, &address);
        let gate: &'static Gate = Box::leak(Box::new(gate));
        let texts: &'static Texts =
            Box::leak(Box::new(Texts::new(&page, config.notice.locale, &address)));
        let app: &'static App = Box::leak(Box::new(App {
            visitor: Visitor::new(&config, context_of(&signals::server_timing(&page)), gpc),
            store: Store::new(page.clone(), config.record.clone()),
            stored: Cell::default(),
            gate,
            adapters: Adapters::new(page.clone()),
            inert: Inert::new(gate),
            cmp_api: CmpApi::new(&page, &config.gpp),
            notice: Notice::new(page.clone(), config.notice.clone(), texts),
            texts,
            dialog: Dialog::new(&address),
            reporter: Reporter::new(page.clone(), config.endpoint.clone()),
            last_choice: RefCell::new(None),
            link: RefCell::new(None),
            plain,
            started,
            loading: late::loading(&page, script.as_ref(), since),
            ready: Cell::new(false),
            news: Cell::new(None),
            signal_is_new: Cell::new(false),
            config,
            page,
        }));
        APP.with(|slot| slot.set(Some(app)));
        app.stored.set(app.store.read(page::now()));
        app.decide_anew();
        app.cmp_api.tell(&|| app.strings(), &app.store);
        app.listen(has_config);
        // Tags do not wait for the disk.
        Timeout::new(0, move || {
            app.tell_news();
            app.gate.sweep();
        })
        .forget();
        Ok(())
    }

    /// What holds now.
    pub fn decision(&self) -> Decision {
        self.gate.decision()
    }

    /// Whether something that is permitted now starts only when the page is loaded again.
    pub fn needs_reload(&self) -> bool {
        self.gate.needs_reload()
    }

    /// Whether a purpose is permitted, or a request to an address may leave.
    pub fn allows(&self, purpose_or_url: &str) -> bool {
        match Purpose::from_name(purpose_or_url) {
            Some(purpose) => self.decision().of(purpose).allowed,
            None => self.gate.allows(purpose_or_url),
        }
    }

    /// Calls a page's function at each event of that name; gives what ends that.
    ///
    /// # Errors
    ///
    /// If there is no event of that name.
    pub fn on(&self, event: &str, listener: Function) -> Result<Function, JsValue> {
        let Some((name, full)) = events::OWN.iter().find(|(name, _)| *name == event) else {
            let known = "nosale: on() knows the events \"ready\", \"change\" and \"blocked\"";
            return Err(Error::new(known).into());
        };
        if *name == "ready" && self.ready.get() {
            events::call(&listener, &self.status());
        }
        Ok(events::subscribe(&self.page, full, listener))
    }

    /// Tells ad systems whether the dialog is on the screen.
    pub fn tell_visible(&self) {
        self.cmp_api.show(self.dialog.is_visible());
    }

    /// Says something to the visitor beside the link.
    pub fn say(&self, said: Said) {
        self.notice.say(said);
    }

    /// Everything that bears on what the visitor sees.
    pub fn facts(&self) -> Noticed<'_> {
        Noticed {
            decision: self.decision(),
            signals: self.visitor.signals.get(),
            stored: self.stored.get(),
            jurisdiction: self.visitor.jurisdiction.get(),
            used: self.config.purposes,
            liftable: self.can_opt_in(self.config.purposes),
            settings: &self.config.notice,
            known: self.visitor.account.borrow().is_some(),
            lifting: self.visitor.lifting.get(),
        }
    }

    /// The vendors in force.
    pub fn vendors(&self) -> &Vendors {
        &self.gate.vendors
    }

    /// What there is to say of a request of that kind, for the dialog's file to take from.
    pub fn request(&self, kind: Kind) -> JsValue {
        to_js(&self.event(EventType::Request, kind, How::Dialog, &self.decision()))
    }

    /// Sends a request that the dialog's file has put together.
    pub fn send_request(&self, text: &str, done: impl FnOnce(bool) + 'static) {
        self.reporter.send_now(text, done);
    }

    fn event(&self, kind: EventType, asked: Kind, how: How, before: &Decision) -> Event {
        let decision = self.decision();
        let strings = self.strings();
        let mut page = self.page.origin();
        let source = page.clone();
        if self
            .reporter
            .endpoint()
            .is_some_and(|endpoint| endpoint.path)
        {
            page.push_str(&self.page.path());
        }
        let reported = self.gate.vendors.reported(&decision);
        let treatments = reported.map(|(vendor, treatment)| (vendor.name.to_string(), treatment));
        let data = Data {
            kind: asked,
            how,
            purposes: Change::between(before, &decision),
            signals: self.signals_seen(),
            jurisdiction: self.visitor.jurisdiction.get().code,
            gpp: strings.gpp().to_owned(),
            usp: strings.usp().to_text(),
            revision: self.config.revision,
            module: VERSION,
            vendors: Treatments(treatments.collect()),
            page,
            account: self.visitor.account.borrow().clone(),
            lifts: None,
        };
        Event::new(kind, page::uuid(&self.page), source, page::now_text(), data)
    }

    fn decision_of(&self, stored: &Stored) -> Decision {
        self.decide(&self.visitor.signals.get(), stored)
    }

    fn decide(&self, signals: &Signals, stored: &Stored) -> Decision {
        decide(
            signals,
            stored,
            self.visitor.jurisdiction.get(),
            &self.visitor.settings(&self.config),
        )
    }

    /// What ad systems are told of what holds now.
    fn strings(&self) -> Strings {
        Strings::of(&Facts {
            decision: &self.decision(),
            signals: &self.visitor.signals.get(),
            jurisdiction: self.visitor.jurisdiction.get(),
            used: self.config.purposes,
            settings: &self.config.gpp,
        })
    }

    fn state(&self) -> State {
        let choices = self.stored.get().record.map(|record| record.choices);
        State {
            decision: self.decision(),
            choices: choices.unwrap_or_default(),
            strings: self.strings(),
        }
    }

    fn signals_seen(&self) -> SignalsSeen {
        let signals = self.visitor.signals.get();
        let seen = self
            .stored
            .get()
            .record
            .is_some_and(|record| record.signal.is_some());
        SignalsSeen::new(&signals, seen && signals.gpc != Gpc::On)
    }

    /// Tells the publisher once the page is there: what was requested before shows when it has come.
    fn check_late(&self) {
        if self.page.is_complete()
            && let Some(late) = self.late()
        {
            console::warn(&late::advice(&late));
        }
    }

    fn late(&self) -> Option<Late> {
        let requests = late::requests(&self.page, self.started, self.gate);
        let mut why = self.loading.clone();
        if !requests.is_empty() {
            why.push(LateBecause::Requests);
        }
        (!why.is_empty()).then_some(Late { why, requests })
    }
}

/// What the page is told of when it changes.
#[derive(PartialEq)]
struct State {
    decision: Decision,
    choices: ByPurpose<Option<Choice>>,
    strings: Strings,
}

fn context_of(json: &Json) -> Context {
    let (context, problems) = read_context(json);
    for problem in problems {
        console::error(&problem.message());
    }
    context
}
