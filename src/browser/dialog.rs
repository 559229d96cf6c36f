//! The preference dialog. Its styles, texts and structure are data in `www/dialog.js`, loaded when
//! the dialog is first wanted; what it does is here.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::{Array, Error, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{
    CssStyleSheet, Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement,
    ShadowRootInit, ShadowRootMode, Url,
};

use super::app::App;
use super::elements::{build, show};
use super::page::member;
use super::{console, events, placeholder};
use crate::config::Theme;
use crate::policy::{Choice, Decision, Purpose, Purposes, Reason};
use crate::report::How;

#[wasm_bindgen(module = "/www/load.js")]
extern "C" {
    fn load(address: &str) -> Promise;
}

const FILE: &str = "nosale.dialog.js";

/// If the dialog's file has not come by then, the click itself opts out.
const PATIENCE_MS: u32 = 3_000;

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
    /// The file is on its way. There is one deadline, however often the link is used.
    loading: Cell<bool>,
    shown: RefCell<Option<Shown>>,
    /// Somebody is looking whether it is still there.
    watched: Cell<bool>,
    /// What the confirm step is about, and who is told.
    confirming: Cell<Purposes>,
    asked: RefCell<Option<Answer>>,
}

/// The two ways to answer a promise. None where the language broke its word and the executor did
/// not run.
#[derive(Clone)]
pub struct Answer(Option<(Function, Function)>);

impl Answer {
    /// A promise and the way to answer it.
    pub fn new() -> (Promise, Answer) {
        let mut ways = None;
        let promise = Promise::new(&mut |resolve, reject| ways = Some((resolve, reject)));
        (promise, Answer(ways))
    }

    /// Keeps the promise.
    pub fn resolve(&self, value: &JsValue) {
        if let Some((resolve, _)) = &self.0 {
            let _ = resolve.call1(&JsValue::UNDEFINED, value);
        }
    }

    /// Breaks it.
    pub fn reject(&self, text: &str) {
        if let Some((_, reject)) = &self.0 {
            let error = Error::new(&["nosale: ", text].concat());
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        }
    }
}

/// The dialog in the page.
#[derive(Clone)]
struct Shown {
    host: Element,
    dialog: HtmlDialogElement,
    texts: JsValue,
    /// What the switches were last compared with.
    drawn: Rc<Cell<Decision>>,
}

impl Dialog {
    /// A dialog that is not loaded yet. `script` is the address of nosale's script.
    pub fn new(script: &str) -> Dialog {
        Dialog {
            address: Url::new_with_base(FILE, script)
                .map_or_else(|_| FILE.to_owned(), |address| address.href()),
            waiting: RefCell::default(),
            loading: Cell::new(false),
            shown: RefCell::new(None),
            watched: Cell::new(false),
            confirming: Cell::new(Purposes::NONE),
            asked: RefCell::new(None),
        }
    }

    /// Opens the dialog, loading it first if need be. `answer` is told when it is open, or for a
    /// confirm step how that ended.
    pub fn open(&'static self, app: &'static App, wanted: Wanted, answer: Answer) {
        if self.shown.borrow().is_some() {
            self.show(app, wanted, answer);
            return;
        }
        self.waiting.borrow_mut().push((wanted, answer));
        if self.loading.replace(true) {
            return;
        }
        let gave_up = move |reason: &str| {
            if self.loading.replace(false) {
                self.do_without(app, self.waiting.take(), reason);
            }
        };
        let patience = Timeout::new(PATIENCE_MS, move || gave_up("did not come in 3 seconds"));
        let loaded = Closure::once(move |module: JsValue| {
            drop(patience);
            if !self.loading.replace(false) {
                return;
            }
            let mut waiting = self.waiting.take();
            match self.insert(app, &module) {
                Ok(shown) => {
                    self.shown.replace(Some(shown));
                    // The visitor's click goes before what a page asks for.
                    waiting.sort_by_key(|(wanted, _)| matches!(wanted, Wanted::Choices));
                    for (wanted, answer) in waiting {
                        self.show(app, wanted, answer);
                    }
                }
                Err(thrown) => self.do_without(app, waiting, &console::text_of(&thrown)),
            }
        });
        let failed = Closure::once(move |thrown: JsValue| gave_up(&console::text_of(&thrown)));
        let _ = load(&self.address).then2(&loaded, &failed);
        loaded.forget();
        failed.forget();
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
            app.say("You are opted out of the sale and sharing of your personal information here.");
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

    fn insert(&'static self, app: &'static App, module: &JsValue) -> Result<Shown, JsValue> {
        let document = app.page.plain();
        let host = document.create_element("div")?;
        host.set_attribute("data-nosale-dialog", "")?;
        if let Some(host) = host.dyn_ref::<HtmlElement>() {
            // Whatever the page's style sheet does to its elements, this one must not hide the dialog.
            host.style()
                .set_property_with_priority("display", "contents", "important")?;
        }
        let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))?;
        let sheet = CssStyleSheet::new()?;
        sheet.replace_sync(&member(module, "css").as_string().unwrap_or_default())?;
        Reflect::set(&root, &"adoptedStyleSheets".into(), &Array::of1(&sheet))?;

        let texts = member(module, "texts");
        let text = |raw: &str| text_of(&texts, raw);
        let dialog: HtmlDialogElement =
            build(document, &member(module, "dialog"), &text)?.unchecked_into();
        let theme = Theme::NAMES[app.config.notice.theme as usize];
        dialog.set_attribute("data-theme", theme)?;
        let rows = part(&dialog, "purposes")?;
        for purpose in app.config.purposes.iter() {
            let own = |raw: &str| text_of(&texts, &raw.replace('*', purpose.name()));
            rows.append_child(&build(document, &member(module, "purpose"), &own)?)?;
        }
        for (name, value) in [
            ("sentence", &app.config.notice.sentence),
            ("policy", &app.config.notice.policy_url),
        ] {
            let Some(value) = value else { continue };
            let element = part(&dialog, name)?;
            match element.first_element_child() {
                Some(link) => link.set_attribute("href", value)?,
                None => element.set_text_content(Some(value)),
            }
            show(&element, true);
        }
        root.append_child(&dialog)?;

        events::listen(&dialog, "click", move |event| self.clicked(app, event));
        events::listen(&dialog, "change", move |_| {
            if let Some(shown) = self.shown.borrow().clone() {
                shown.describe(app);
            }
        });
        events::listen(&dialog, "close", move |_| {
            self.answer(&JsValue::NULL);
            app.tell_visible();
            placeholder::back();
        });
        let drawn = Rc::new(Cell::new(app.decision()));
        Ok(Shown {
            host,
            dialog,
            texts,
            drawn,
        })
    }

    fn show(&'static self, app: &'static App, wanted: Wanted, answer: Answer) {
        let Some(shown) = self.shown.borrow().clone() else {
            return;
        };
        shown.say_saved("");
        shown.draw(app);
        if let Err(thrown) = shown.open() {
            self.do_without(app, vec![(wanted, answer)], &console::text_of(&thrown));
            return;
        }
        self.watch(app);
        match wanted {
            Wanted::Choices => {
                self.answer(&JsValue::NULL);
                shown.turn_to("choices");
                answer.resolve(&JsValue::UNDEFINED);
            }
            Wanted::Confirm(purposes) => self.ask(&shown, purposes, Some(answer)),
        }
    }

    /// The second step of opting in (regs 7028).
    fn ask(&self, shown: &Shown, purposes: Purposes, answer: Option<Answer>) {
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

    fn clicked(&self, app: &'static App, event: &Event) {
        let Some(shown) = self.shown.borrow().clone() else {
            return;
        };
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let button = target.and_then(|target| target.closest("[data-do]").ok()?);
        let Some(action) = button.and_then(|button| button.get_attribute("data-do")) else {
            return;
        };
        match action.as_str() {
            "close" => shown.dialog.close(),
            "reload" => {
                let _ = app.page.window.location().reload();
            }
            "opt-out-all" => {
                self.record(app, &shown, Purposes::ALL, Choice::Out);
            }
            "allow-all" => {
                let purposes = app.can_opt_in(app.config.purposes);
                if !purposes.is_empty() {
                    self.ask(&shown, purposes, None);
                }
            }
            "save" => {
                let (out, to_allow) = shown.switched(app);
                if !out.is_empty() {
                    self.record(app, &shown, out, Choice::Out);
                }
                if !to_allow.is_empty() {
                    self.ask(&shown, to_allow, None);
                } else if out.is_empty() {
                    shown.dialog.close();
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
                let receipt = self.record(app, &shown, purposes, Choice::Confirmed);
                self.answer(&receipt);
            }
            _ => {}
        }
    }

    /// Carries out a choice, shows it, and gives its receipt.
    fn record(
        &self,
        app: &'static App,
        shown: &Shown,
        purposes: Purposes,
        choice: Choice,
    ) -> JsValue {
        let receipt = app.choose(purposes, choice, How::Dialog);
        shown.draw(app);
        let number = member(&receipt, "id").as_string().unwrap_or_default();
        let saved = if member(&receipt, "lifts").is_undefined() {
            "@saved"
        } else {
            "@saved_account"
        };
        shown.say_saved(&[&text_of(&shown.texts, saved), number.as_str()].concat());
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
        let shown = self.shown.borrow().clone();
        shown.is_some_and(|shown| shown.dialog.is_connected() && shown.dialog.open())
    }

    /// Shows what changed elsewhere, if the dialog is in the page. What the visitor has switched and
    /// not saved stays as it is, except that what is denied now shows as off.
    pub fn refresh(&self, app: &App) {
        let Some(shown) = self.shown.borrow().clone() else {
            return;
        };
        let decision = app.decision();
        for purpose in app.config.purposes.iter() {
            if shown.drawn.get().of(purpose).allowed
                && !decision.of(purpose).allowed
                && let Some(switch) = shown.switch(purpose)
            {
                switch.set_checked(false);
            }
        }
        shown.label(app);
    }
}

impl Shown {
    /// Opens the dialog where the visitor can see and use it.
    fn open(&self) -> Result<(), JsValue> {
        if !self.dialog.is_connected() {
            // The page has thrown its body away, and the dialog with it.
            self.dialog.remove_attribute("open")?;
            let body = self
                .host
                .owner_document()
                .and_then(|document| document.body());
            body.ok_or("the page has no body")?
                .append_child(&self.host)?;
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

    /// Puts every switch and text to the present state.
    fn draw(&self, app: &App) {
        let decision = app.decision();
        for purpose in app.config.purposes.iter() {
            if let Some(switch) = self.switch(purpose) {
                switch.set_checked(decision.of(purpose).allowed);
            }
        }
        self.label(app);
    }

    /// Says what holds now, and which switches can be used.
    fn label(&self, app: &App) {
        let decision = app.decision();
        self.drawn.set(decision);
        let liftable = app.can_opt_in(app.config.purposes);
        let held_by = |reason| {
            app.config
                .purposes
                .iter()
                .any(|purpose| decision.of(purpose).because == reason)
        };
        for purpose in app.config.purposes.iter() {
            if let Some(switch) = self.switch(purpose) {
                switch.set_disabled(!decision.of(purpose).allowed && !liftable.has(purpose));
            }
        }
        self.describe(app);
        if let Ok(reload) = part(&self.dialog, "reload") {
            show(&reload, app.needs_reload());
        }
        let honored = held_by(Reason::Gpc);
        let earlier = held_by(Reason::EarlierSignal);
        let help = if honored {
            "@honored_help"
        } else {
            "@earlier_help"
        };
        self.set("status", "@honored", honored);
        self.set("status-help", help, honored || earlier);
        if let Ok(Some(button)) = self.dialog.query_selector("[data-do=allow-all]") {
            let _ = button.toggle_attribute_with_force("disabled", liftable.is_empty());
        }
    }

    /// Says beside each switch what its state means.
    fn describe(&self, app: &App) {
        let decision = app.decision();
        for purpose in app.config.purposes.iter() {
            let Some(switch) = self.switch(purpose) else {
                continue;
            };
            let ruling = decision.of(purpose);
            let key = match (ruling.allowed, switch.checked()) {
                (true, true) => "@state_allowed",
                (true, false) => "@state_to_deny",
                (false, true) => "@state_to_allow",
                (false, false) => "@state_denied",
            };
            let mut text = text_of(&self.texts, key);
            let because = match ruling.because {
                Reason::Gpc => "@because_gpc",
                Reason::Account if app.is_lifting(purpose) => "@because_account_asked",
                Reason::Account => "@because_account",
                Reason::Child => "@because_child",
                Reason::UnreadableRecord => "@because_unreadable_record",
                _ => "",
            };
            if !ruling.allowed && !because.is_empty() {
                text.push_str(". ");
                text.push_str(&text_of(&self.texts, because));
            }
            if let Ok(Some(state)) = self
                .dialog
                .query_selector(&["#state-", purpose.name()].concat())
            {
                state.set_text_content(Some(&text));
            }
        }
    }

    /// What the switches ask for that does not hold yet: the purposes to stop, and those to allow.
    /// A switch that was left alone says nothing: above all, a signal is not written as a choice.
    fn switched(&self, app: &App) -> (Purposes, Purposes) {
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

    fn list(&self, purposes: Purposes) {
        let Ok(list) = part(&self.dialog, "confirm-list") else {
            return;
        };
        list.set_text_content(None);
        let Some(document) = list.owner_document() else {
            return;
        };
        for purpose in purposes.iter() {
            let Ok(item) = document.create_element("li") else {
                continue;
            };
            item.set_text_content(Some(&text_of(&self.texts, &["@", purpose.name()].concat())));
            let _ = list.append_child(&item);
        }
    }

    /// Shows one of the two sections, and moves the focus to its heading.
    fn turn_to(&self, section: &str) {
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
    }

    fn say_saved(&self, text: &str) {
        if let Ok(saved) = part(&self.dialog, "saved") {
            saved.set_text_content(Some(text));
        }
    }

    fn set(&self, name: &str, key: &str, shown: bool) {
        if let Ok(element) = part(&self.dialog, name) {
            element.set_text_content(Some(&text_of(&self.texts, key)));
            show(&element, shown);
        }
    }

    fn switch(&self, purpose: Purpose) -> Option<HtmlInputElement> {
        let selector = ["input[name=", purpose.name(), "]"].concat();
        self.dialog.query_selector(&selector).ok()??.dyn_into().ok()
    }
}

fn part(dialog: &HtmlDialogElement, name: &str) -> Result<Element, JsValue> {
    let found = dialog.query_selector(&["[data-part=", name, "]"].concat())?;
    found.ok_or_else(|| ["the dialog has no part ", name].concat().into())
}

/// The text that "@name" stands for, or the raw text itself.
fn text_of(texts: &JsValue, raw: &str) -> String {
    let Some(name) = raw.strip_prefix('@') else {
        return raw.to_owned();
    };
    member(texts, name).as_string().unwrap_or_default()
}
