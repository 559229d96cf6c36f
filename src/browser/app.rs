//! The app: wires everything that `browser` observes to what the core decides.

mod tell;

use std::cell::{Cell, RefCell};

use gloo_timers::callback::Timeout;
use js_sys::{Array, Error, Function, JSON, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{Element, EventTarget, HtmlScriptElement, PageTransitionEvent, StorageEvent, Url};

use super::adapters::{Adapters, block_begun};
use super::cmp_api::CmpApi;
use super::dialog::{Answer, Dialog, Wanted};
use super::gate::{self, Gate};
use super::inert::Inert;
use super::json::{from_js, to_js};
use super::notice::{Notice, Said};
use super::page::{self, Page, member, set_member};
use super::reporter::Reporter;
use super::store::{KEY, Store, local_storage};
use super::texts::Texts;
use super::visitor::Visitor;
use super::{console, events, files, late, settings, signals};
use crate::config::{
    Account, Config, Context, Json, NoticeMode, Problem, read_context, read_purposes,
};
use crate::notice::{Facts as Noticed, Links, has_new_policy, may_ask};
use crate::policy::{
    ByPurpose, Choice, Decision, Gpc, Purpose, Purposes, Reason, Record, Signals, Stored, Vendors,
    decide,
};
use crate::report::token::claims;
use crate::report::{Change, Data, Event, EventType, How, Kind, SignalsSeen, Treatments};
use crate::status::{JurisdictionFrom, Late, LateBecause};
use crate::strings::{Facts, Strings};
use crate::text::digits;

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

    /// Decides and raises the gate, then listens. `since` is when requests began to be held for that.
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
        let mut vendors = gate::in_ascii(config.vendors.clone());
        if plain || since.is_some() {
            block_begun(&page, &mut vendors);
        }
        let vendors = Vendors::new(vendors);
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
            loading: late::loading(&page, script.as_ref(), since.is_some()),
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

    /// Links what holds to the account that a token vouches for. The token goes with the event that
    /// says so. Where this page has said it already, the token waits for an opt-in, which alone may
    /// lift the account's opt-out.
    ///
    /// # Errors
    ///
    /// If it is no token that names an account.
    pub fn identify(&'static self, token: &str) -> Result<(), JsValue> {
        let account = account_in(token).ok_or_else(|| {
            Error::new("nosale: identify() takes a JSON Web Token whose \"sub\" is an account")
        })?;
        let before = self.state();
        let known = Context {
            account: Some(Account {
                id: Some(account.clone()),
                ..Account::default()
            }),
            ..Context::default()
        };
        self.visitor.learn(known, JurisdictionFrom::Context);
        self.read_store();
        self.arrive();
        self.link_to(account, token);
        self.announce(&before);
        self.reporter.flush();
        Ok(())
    }

    fn link_to(&self, account: String, token: &str) {
        let decision = self.decision();
        let spare = match &mut *self.link.borrow_mut() {
            Some(link) if link.account == account && link.decision == decision => {
                if link.token != token {
                    link.spare = Some(token.to_owned());
                }
                return;
            }
            // A token that was used once is refused the second time.
            Some(link) if link.token == token => return,
            Some(link) if link.account == account => link.spare.take(),
            _ => None,
        };
        let mut event = self.event(EventType::Link, Kind::Link, How::Account, &decision);
        event.accounttoken = Some(token.to_owned());
        self.reporter.keep(&event);
        let token = token.to_owned();
        self.link.replace(Some(Link {
            account,
            decision,
            token,
            spare,
        }));
    }

    /// Whether there is a token that no event has carried yet, for the account that events name now.
    fn has_token(&self) -> bool {
        let named = self.visitor.account.borrow();
        let link = self.link.borrow();
        link.as_ref()
            .is_some_and(|link| link.spare.is_some() && named.as_ref() == Some(&link.account))
    }

    fn take_token(&self) -> Option<String> {
        if !self.has_token() {
            return None;
        }
        self.link.borrow_mut().as_mut()?.spare.take()
    }

    /// The account did not allow what an event of this number asked for: it can be asked again.
    fn token_refused(&'static self, id: &str) {
        let ours = self
            .last_choice
            .borrow()
            .as_ref()
            .is_some_and(|event| event.id == id);
        if ours {
            self.visitor.lifting.take();
            self.arrive();
            self.show();
        }
    }

    /// Whether a purpose is permitted, or a request to an address may leave.
    pub fn allows(&self, purpose_or_url: &str) -> bool {
        match Purpose::from_name(purpose_or_url) {
            Some(purpose) => self.decision().of(purpose).allowed,
            None => self.gate.allows(purpose_or_url),
        }
    }

    /// The receipt of the last choice on this page, or `null`.
    pub fn receipt(&self) -> JsValue {
        // A copy: nothing stays borrowed while the page's objects are touched.
        let last = self.last_choice.borrow().clone();
        last.as_ref().map_or(JsValue::NULL, receipt_of)
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

    /// Takes in what the browser and the page say now, decides and enforces that. What is new of
    /// signals is stored and reported, but not before the page is shown.
    fn arrive(&'static self) {
        self.decide_anew();
        self.tell_news();
        self.gate.sweep();
    }

    /// The part of that for which tags wait.
    fn decide_anew(&'static self) {
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
    fn tell_news(&'static self) {
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
    fn enforce(&'static self, decision: Decision) {
        self.gate.enforce(decision);
        let jurisdiction = self.visitor.jurisdiction.get().code;
        self.adapters
            .tell(&self.gate.vendors, &decision, jurisdiction);
    }

    /// Takes in what another tab or another subdomain stored.
    fn follow(&'static self) {
        let before = self.state();
        self.read_store();
        self.enforce(self.decision_of(&self.stored.get()));
        self.gate.sweep();
        self.announce(&before);
    }

    /// Reads the device again. What this page knows is never forgotten, only overtaken.
    fn read_store(&self) {
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
    fn announce(&'static self, before: &State) {
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
    fn show(&'static self) {
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

    fn listen(&'static self, has_config: bool) {
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
    fn follow_cookies(&'static self) {
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
    fn arrive_again(&'static self) {
        let before = self.state();
        self.visitor.see(signals::gpc(&self.page));
        self.cmp_api.mend();
        self.tell_visible();
        self.read_store();
        self.arrive();
        self.announce(&before);
        self.reporter.flush();
    }

    /// The page is there: the link appears, and what is permitted runs.
    fn begin(&'static self, has_config: bool) {
        self.tell_news();
        if !has_config {
            settings::check_late(&self.page);
        }
        for vendor in self.gate.without_signal() {
            console::warn(&["vendor ", &vendor.name, " is blocked where it would be told: this version knows no restricted mode of it"].concat());
        }
        self.check_late();
        self.notice.listen(move || drop(self.open()));
        self.texts.when_there(move || {
            let changed = Closure::<dyn Fn()>::new(move || self.place());
            // Which places it at once.
            files::watch(&changed);
            changed.forget();
            self.say_quietly();
        });
        // What the parser made and the browser has put off, as with `loading=lazy`.
        if self.gate.is_raised() {
            self.gate.close();
        }
        self.inert.check();
        self.cmp_api.begin();
        self.follow_cookies();
        self.ready.set(true);
        self.show();
        self.adapters.ready(&self.decision());
        events::send(&self.page, "nosale:ready", &self.status());
        self.let_persist();
        self.reporter.watch_tokens(|id| self.token_refused(id));
        self.reporter.start();
        self.inert.release();
        self.inert.follow();
    }

    /// Puts the links where they belong, also after a page has built its footer anew.
    fn place(&self) {
        let links = Links::of(
            &self.config.notice,
            self.visitor.jurisdiction.get(),
            self.config.purposes,
        );
        if let Err(thrown) = self.notice.place(&links) {
            console::error(&["the link cannot be shown: ", &console::text_of(&thrown)].concat());
        }
    }

    /// What may be said once: that a signal is honoured (not where the publisher claims the
    /// frictionless exemption, regs 7025(f)), or that the policy is new.
    fn say_quietly(&'static self) {
        if self.config.notice.mode == NoticeMode::Frictionless {
            return;
        }
        let honored = self.facts().parts().contains(&"honored");
        let stored = self.stored.get();
        let (used, revision) = (self.config.purposes, self.config.revision);
        let text = if honored && self.signal_is_new.get() {
            "honored"
        } else if has_new_policy(&self.decision(), &stored, used, revision)
            && self.is_first_look_at(revision)
        {
            "policy_changed"
        } else {
            return;
        };
        self.dialog.say_quietly(self, text);
    }

    /// Whether this browser is told of a revision for the first time; never where it cannot remember.
    fn is_first_look_at(&self, revision: u32) -> bool {
        let Some(storage) = local_storage(&self.page) else {
            return false;
        };
        let (key, revision) = ("nosale.revision", digits(revision.into()));
        storage.get_item(key).ok().flatten().as_deref() != Some(&revision)
            && storage.set_item(key, &revision).is_ok()
    }

    /// An endpoint on the page's own site may answer with the record's cookie, which browsers keep
    /// longer than what a script has set.
    fn let_persist(&'static self) {
        let Some(endpoint) = self.reporter.endpoint().filter(|endpoint| endpoint.persist) else {
            return;
        };
        let url = Url::new_with_base(&endpoint.url, &self.page.origin());
        if !url.is_ok_and(|url| self.store.is_own_site(&url.hostname())) {
            console::error("config: endpoint.persist is ignored: the endpoint is on another site");
            return;
        }
        self.reporter.persist(|| {
            // The answer may hold a record that is older than a choice made since.
            self.follow();
            let stored = self.stored.get();
            if let Some(record) = stored.record.filter(|_| !stored.unreadable) {
                self.store.keep(KEY, &record.to_text());
            }
        });
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

    fn write_choice(&self, stored: &mut Stored, purposes: Purposes, choice: Choice) {
        let jurisdiction = self.visitor.jurisdiction.get();
        stored.choose(
            purposes,
            choice,
            page::now(),
            self.config.revision,
            jurisdiction,
        );
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

/// What this page has linked to an account.
struct Link {
    account: String,
    decision: Decision,
    /// The token that the event carried.
    token: String,
    /// One that no event has carried yet.
    spare: Option<String>,
}

/// The account's id in a token that nobody has verified.
fn account_in(token: &str) -> Option<String> {
    let claims = JSON::parse(&claims(token)?).ok()?;
    let account = member(&claims, "sub").as_string()?;
    (1..=256)
        .contains(&account.chars().count())
        .then_some(account)
}

/// What the page is told of when it changes.
#[derive(PartialEq)]
struct State {
    decision: Decision,
    choices: ByPurpose<Option<Choice>>,
    strings: Strings,
}

/// The report for the visitor: its data, its number and its time.
fn receipt_of(event: &Event) -> JsValue {
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

fn context_of(json: &Json) -> Context {
    let (context, problems) = read_context(json);
    for problem in problems {
        console::error(&problem.message());
    }
    context
}
