//! The preference dialog, and the quiet message beside it. Their styles, texts and structure are data
//! in `www/dialog.js`, loaded when one of them is first wanted; what they do is here.

mod answer;
mod form;
mod host;
mod message;
mod receipt;
mod shown;
mod vendors;

use std::cell::{Cell, RefCell};

use gloo_timers::callback::Timeout;
use wasm_bindgen::prelude::*;
use web_sys::Event;

pub use self::answer::Answer;
use self::host::Host;
use self::message::Message;
use self::shown::Shown;
use super::app::App;
use super::files::{beside, load, within};
use super::notice::Said;
use super::{console, events, placeholder};
use crate::policy::{Choice, Purposes};
use crate::report::How;

const FILE: &str = "nosale.dialog.js";

/// How often to look whether the dialog is still there.
const GLANCE_MS: u32 = 1_000;

/// What the dialog is opened for.
pub enum Wanted {
    /// All choices. If the dialog does not come, the visitor is opted out of everything.
    Choices,
    /// The second step of opting in to these purposes.
    Confirm(Purposes),
}

/// The dialog of one page.
pub struct Dialog {
    /// The dialog's file, beside the script.
    address: String,
    /// What is to be opened once the file is there, and who is told.
    waiting: RefCell<Vec<(Wanted, Answer)>>,
    /// What the quiet message is to say once the file is there: the text of that key.
    to_say: Cell<Option<&'static str>>,
    /// The file is on its way, or the dialog is being put together. There is one deadline, however
    /// often the link is used.
    busy: Cell<bool>,
    /// There once the file is.
    host: Cell<Option<&'static Host>>,
    message: Cell<Option<Message>>,
    /// There once the dialog has been wanted: a message needs none of it.
    shown: Cell<Option<&'static Shown>>,
    /// Somebody is looking whether it is still there.
    watched: Cell<bool>,
    /// What the confirm step is about, and who is told.
    confirming: Cell<Purposes>,
    asked: RefCell<Option<Answer>>,
}

impl Dialog {
    /// A dialog that is not loaded yet. `script` is the address of nosale's script.
    pub fn new(script: &str) -> Dialog {
        Dialog {
            address: beside(script, FILE),
            waiting: RefCell::default(),
            to_say: Cell::default(),
            busy: Cell::new(false),
            host: Cell::default(),
            message: Cell::default(),
            shown: Cell::default(),
            watched: Cell::new(false),
            confirming: Cell::new(Purposes::NONE),
            asked: RefCell::new(None),
        }
    }

    /// Opens the dialog, loading it first if need be. `answer` is told when it is open, or for a
    /// confirm step how that ended.
    pub fn open(&'static self, app: &'static App, wanted: Wanted, answer: Answer) {
        self.waiting.borrow_mut().push((wanted, answer));
        self.serve(app);
    }

    /// Shows the text of that key quietly, apart from the dialog, once the file is there.
    pub fn say_quietly(&'static self, app: &'static App, key: &'static str) {
        self.to_say.set(Some(key));
        self.serve(app);
    }

    /// Shows what waits, once the file is there.
    fn serve(&'static self, app: &'static App) {
        if let Some(host) = self.host.get() {
            if let Some(key) = self.to_say.take() {
                match Message::show(host, key) {
                    Ok(message) => self.message.set(Some(message)),
                    Err(thrown) => console::failed("the message", &thrown),
                }
            }
            self.show_waiting(app, host);
            return;
        }
        if self.busy.replace(true) {
            return;
        }
        // Both files at once.
        app.texts.when_there(|| {});
        within(&load(&self.address), move |came| match came {
            Ok(module) => app.texts.when_there(move || self.begin(app, module)),
            Err(reason) => {
                self.busy.set(false);
                self.do_without(app, self.waiting.take(), &reason);
            }
        });
    }

    /// The files are there.
    fn begin(&'static self, app: &'static App, module: JsValue) {
        let host = Host::new(app, module);
        self.busy.set(false);
        match host {
            Ok(host) => {
                let host: &'static Host = Box::leak(Box::new(host));
                events::listen(&host.root, "click", move |event| self.clicked(app, event));
                self.host.set(Some(host));
                self.serve(app);
            }
            Err(thrown) => self.do_without(app, self.waiting.take(), &console::text_of(&thrown)),
        }
    }

    fn show_waiting(&'static self, app: &'static App, host: &'static Host) {
        if self.waiting.borrow().is_empty() {
            return;
        }
        if self.shown.get().is_none() {
            if self.busy.replace(true) {
                return;
            }
            let shown = self.insert(app, host);
            self.busy.set(false);
            match shown {
                Ok(shown) => self.shown.set(Some(Box::leak(Box::new(shown)))),
                Err(thrown) => {
                    let reason = console::text_of(&thrown);
                    return self.do_without(app, self.waiting.take(), &reason);
                }
            }
        }
        // The visitor's click goes before what a page asks for.
        let (last, first): (Vec<_>, Vec<_>) = self
            .waiting
            .take()
            .into_iter()
            .partition(|(wanted, _)| matches!(wanted, Wanted::Choices));
        for (wanted, answer) in first.into_iter().chain(last) {
            self.show(app, wanted, answer);
        }
    }

    /// The click itself opts out of everything: a link that did nothing would be worse.
    fn do_without(&self, app: &'static App, waiting: Vec<(Wanted, Answer)>, reason: &str) {
        console::error(
            &[
                "the dialog cannot be shown (",
                &self.address,
                ": ",
                reason,
                ")",
            ]
            .concat(),
        );
        if waiting
            .iter()
            .any(|(wanted, _)| matches!(wanted, Wanted::Choices))
        {
            app.choose(Purposes::ALL, Choice::Out, How::Link);
            app.say(Said::OptedOut);
        }
        for (wanted, answer) in waiting {
            match wanted {
                Wanted::Choices => answer.resolve(&JsValue::UNDEFINED),
                Wanted::Confirm(_) => {
                    answer.reject("the dialog did not come, so nothing was allowed")
                }
            }
        }
    }

    fn show(&'static self, app: &'static App, wanted: Wanted, answer: Answer) {
        let Some(shown) = self.shown.get() else {
            return;
        };
        self.dismiss();
        shown.forget();
        shown.draw(app);
        if let Err(thrown) = shown.open() {
            self.do_without(app, vec![(wanted, answer)], &console::text_of(&thrown));
            return;
        }
        self.watch(app);
        if let Wanted::Confirm(purposes) = wanted {
            self.ask(shown, purposes, Some(answer));
        } else {
            self.answer(&JsValue::NULL);
            shown.turn_to("choices");
            answer.resolve(&JsValue::UNDEFINED);
        }
    }

    /// The second step of opting in (regs 7028).
    fn ask(&self, shown: &'static Shown, purposes: Purposes, answer: Option<Answer>) {
        self.answer(&JsValue::NULL);
        self.confirming.set(purposes);
        self.asked.replace(answer);
        shown.list(purposes);
        shown.turn_to("confirm");
    }

    /// Tells whoever asked for the confirm step how it ended.
    fn answer(&self, value: &JsValue) {
        self.confirming.set(Purposes::NONE);
        if let Some(answer) = self.asked.take() {
            answer.resolve(value);
        }
    }

    /// The dialog was closed, by whatever way: nothing changes.
    fn closed(&self, app: &App) {
        self.answer(&JsValue::NULL);
        app.tell_visible();
        placeholder::back();
    }

    /// Takes the message away.
    fn dismiss(&self) {
        if let Some(message) = self.message.take() {
            message.remove();
        }
    }

    fn clicked(&'static self, app: &'static App, event: &Event) {
        let action = events::nearest(event, "[data-do]")
            .and_then(|button| button.get_attribute("data-do"))
            .unwrap_or_default();
        match (&*action, self.shown.get()) {
            ("open", _) => {
                self.dismiss();
                drop(app.open());
            }
            ("dismiss", _) => self.dismiss(),
            (action, Some(shown)) => self.act(app, shown, action, event),
            _ => {}
        }
    }

    /// A click in the dialog.
    fn act(&'static self, app: &'static App, shown: &'static Shown, action: &str, event: &Event) {
        if let Some(switch) = events::nearest(event, "[aria-disabled=true]") {
            // It says why, and stays as it is.
            event.prevent_default();
            let state = switch.id();
            shown.say(&shown.state_of(&state));
            return;
        }
        match action {
            "close" => shown.close(),
            "opt-out-all" => {
                self.record(app, shown, Purposes::ALL, Choice::Out);
            }
            "allow-all" => {
                let purposes = app.can_opt_in(app.config.purposes);
                if purposes.is_empty() {
                    shown.say(&app.texts.get(app.facts().nothing_to_allow()));
                } else {
                    self.ask(shown, purposes, None);
                }
            }
            "save" => {
                let (out, to_allow) = shown.switched(app);
                if !out.is_empty() {
                    self.record(app, shown, out, Choice::Out);
                }
                if !to_allow.is_empty() {
                    self.ask(shown, to_allow, None);
                } else if out.is_empty() {
                    shown.say(&app.texts.get("unchanged"));
                }
            }
            "keep" => {
                self.answer(&JsValue::NULL);
                shown.draw(app);
                shown.turn_to("choices");
            }
            // A page's script can click, but not as the visitor does.
            "confirm" if event.is_trusted() => {
                let purposes = self.confirming.get();
                shown.turn_to("choices");
                let receipt = self.record(app, shown, purposes, Choice::Confirmed);
                self.answer(&receipt);
            }
            "reload" => {
                let _ = app.page.window.location().reload();
            }
            "offline" | "contacts" => {
                event.prevent_default();
                shown.send(app, action);
            }
            "copy" => shown.copy(),
            "download" => shown.download(),
            _ => {}
        }
    }

    /// Carries out a choice, shows it, and gives its receipt.
    fn record(
        &self,
        app: &'static App,
        shown: &'static Shown,
        purposes: Purposes,
        choice: Choice,
    ) -> JsValue {
        let receipt = app.choose(purposes, choice, How::Dialog);
        shown.draw(app);
        shown.give_receipt(app, &receipt, purposes, choice);
        receipt
    }

    /// Tells ad systems that the dialog is there, and when it is gone: a page that throws it out
    /// with its body sends no event.
    fn watch(&'static self, app: &'static App) {
        app.tell_visible();
        if self.is_visible() && !self.watched.replace(true) {
            let look = move || {
                self.watched.set(false);
                self.watch(app);
            };
            Timeout::new(GLANCE_MS, look).forget();
        }
    }

    /// Whether the visitor has the dialog before them.
    pub fn is_visible(&self) -> bool {
        self.shown.get().is_some_and(Shown::is_visible)
    }

    /// Shows what changed elsewhere, if the dialog is in the page. What the visitor has switched and
    /// not saved stays as it is, except that what is denied now shows as off.
    pub fn refresh(&self, app: &App) {
        if let Some(shown) = self.shown.get() {
            shown.follow(app);
        }
    }
}
