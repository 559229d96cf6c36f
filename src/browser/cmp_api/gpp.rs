//! `__gpp`, GPP CMP API 1.1.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::asker::Asker;
use super::listeners::{Listener, Listeners};
use super::objects::{field, items, numbers, object, section, sub_sections, whole_numbers};
use super::owner::Owner;
use super::slot::{Newcomer, Slot};
use super::stub;
use crate::browser::page::{Page, member, set_member};
use crate::config::GppSettings;
use crate::gpp::{Layout, Section};
use crate::strings::{Strings, Told, supported};
use crate::text::digits;

/// The function's name.
pub const NAME: &str = "__gpp";
/// The name of the frame by which other frames find it.
pub const LOCATOR: &str = "__gppLocator";

const VERSION: &str = "1.1";

const READY: &str = "ready";
const NOT_READY: &str = "not ready";

/// A tool that passes its calls to nosale gets them back so many times, and no more.
const MAX_PASSING: u8 = 8;

/// So many times a change begins again because a listener has made another; then it is not told.
const MAX_ROUNDS: u8 = 10;

/// The function of one page.
pub struct GppApi {
    slot: Slot,
    cmp_id: u32,
    cmp_version: u32,
    supported: Vec<&'static Layout>,
    /// What is told; nothing before the function is in the page.
    strings: RefCell<Option<Rc<Strings>>>,
    /// `signalStatus`: the strings hold what was decided last.
    ready: Cell<bool>,
    /// `cmpDisplayStatus`: the dialog is on the screen.
    visible: Cell<bool>,
    listeners: Listeners,
    /// Grows with each change, so that one that begins within another ends that other.
    change: Cell<u32>,
    owner: RefCell<Option<Owner>>,
    /// How many calls are with the other tool at this moment, one within the other.
    passing: Cell<u8>,
}

impl GppApi {
    /// A function that is not in the page yet.
    pub fn new(page: Page, settings: &GppSettings) -> GppApi {
        GppApi {
            slot: Slot::new(page, NAME),
            cmp_id: settings.cmp_id,
            cmp_version: settings.cmp_version,
            supported: supported(settings).collect(),
            strings: RefCell::new(None),
            ready: Cell::new(true),
            visible: Cell::new(false),
            listeners: Listeners::default(),
            change: Cell::new(0),
            owner: RefCell::new(None),
            passing: Cell::new(0),
        }
    }

    /// Whether the function is in the page.
    pub fn is_installed(&self) -> bool {
        self.slot.is_taken()
    }

    /// Whether somebody else's function is there.
    pub fn is_elsewhere(&self) -> bool {
        self.slot.there().is_some()
    }

    /// Puts the function into the page. Takes over from a stub; stays before another tool.
    pub fn install(&'static self, strings: Strings) {
        self.strings.replace(Some(Rc::new(strings)));
        let before = self.slot.there();
        // Stubs look for what they kept under the name that nosale is about to take.
        let kept = before
            .as_ref()
            .filter(|before| Owner::new((*before).clone()).ping().is_none())
            .map(|stub| {
                let events = stub::kept(stub, NAME, &["events"], &"events".into());
                let queue = stub::kept(stub, NAME, &["queue"], &JsValue::UNDEFINED);
                (events, queue)
            });
        let call = move |command, callback, parameter, version| {
            self.slot.note_call();
            self.called(command, callback, &parameter, &version)
        };
        let function = Closure::<dyn Fn(JsValue, JsValue, JsValue, JsValue) -> JsValue>::new(call);
        self.slot
            .take(function.into_js_value(), move |tool| self.join(tool));
        match (kept, before) {
            (None | Some((None, None)), Some(tool)) => self.join(tool),
            (Some((events, queue)), _) => self.take_over(events, queue),
            (None, None) => {}
        }
    }

    /// Puts the function back where another tool's has taken its place.
    pub fn mend(&'static self) {
        if let Some(tool) = self.slot.intruder() {
            self.join(tool);
        }
    }

    /// Stays before another tool, which owns its sections.
    fn join(&'static self, tool: Function) {
        let probe = |tool: &Function| {
            Owner::new(tool.clone()).ping();
        };
        let Some(Newcomer::Tool(tool)) = self.slot.admit(tool, probe) else {
            return;
        };
        let owner = Owner::new(tool);
        if self.owner.borrow().as_ref() == Some(&owner) {
            return;
        }
        self.owner.replace(Some(owner.clone()));
        let speaker = owner.clone();
        owner.subscribe(move |name, data| {
            if self.owner.borrow().as_ref() == Some(&speaker) {
                self.pass_on(&name, data);
            }
        });
        if self.present_owner().is_some() && self.begin() {
            self.end();
        }
    }

    /// An event of the other tool.
    fn pass_on(&self, name: &str, data: JsValue) {
        match name {
            "listenerRegistered" | "listenerRemoved" => {}
            "signalStatus" => {
                self.send_status();
            }
            _ => {
                self.send(name, &data);
            }
        }
    }

    /// Keeps a stub's listeners under their numbers, and answers what it had no answer to.
    fn take_over(&self, events: Option<JsValue>, queue: Option<JsValue>) {
        let kept = events.map_or_else(Vec::new, |events| stub::listeners(&events, NAME));
        let was_kept = !kept.is_empty();
        for (id, asker) in kept {
            self.listeners.keep(id, asker);
        }
        if let Some(queue) = queue {
            stub::replay(&queue, NAME, |[command, callback, parameter, version]| {
                self.called(command, callback, &parameter, &version);
            });
        }
        if was_kept && self.send("cmpStatus", &"loaded".into()) {
            self.send_status();
        }
    }

    /// What the page would be told of these strings.
    pub fn told(&self, strings: &Strings) -> Told {
        told_beside(strings, self.ping_owner().as_ref())
    }

    /// Tells what `now` gives, with the events of a change (GPP CMP API, "Events"). It is asked
    /// again whenever a listener may have made a newer choice.
    pub fn tell(&self, now: &dyn Fn() -> Strings) {
        for _ in 0..MAX_ROUNDS {
            let before = self.strings.borrow().clone();
            if before.as_deref() == Some(&now()) {
                return;
            }
            if !self.begin() {
                continue;
            }
            let strings = Rc::new(now());
            self.strings.replace(Some(Rc::clone(&strings)));
            for prefix in changed_sections(before.as_deref(), &strings) {
                if !self.send("sectionChange", &prefix.into()) {
                    return;
                }
            }
            return self.end();
        }
        self.strings.replace(Some(Rc::new(now())));
        self.ready.set(true);
    }

    /// The dialog is on the screen, or is no longer.
    pub fn show(&self, visible: bool) {
        for _ in 0..MAX_ROUNDS {
            if self.visible.get() == visible {
                return;
            }
            if self.begin() {
                break;
            }
        }
        self.visible.set(visible);
        let told = self.send("cmpDisplayStatus", &display_status(visible).into());
        if told && !visible {
            self.end();
        }
    }

    /// The first event of a change, for whoever does not know yet; `false` if a listener has begun
    /// another one.
    fn begin(&self) -> bool {
        self.change.set(self.change.get() + 1);
        self.ready.set(false);
        self.send_to("signalStatus", &NOT_READY.into(), |listener| {
            listener.ready.replace(false)
        })
    }

    /// The last event of a change.
    fn end(&self) {
        self.ready.set(true);
        self.send_status();
    }

    fn send_status(&self) {
        let status = member(&self.ping(), "signalStatus");
        let ready = status == READY;
        self.send_to("signalStatus", &status, |listener| {
            listener.ready.set(ready);
            true
        });
    }

    /// Tells every listener; `false` if one of them has begun a change of its own, which tells them
    /// all what is newer.
    fn send(&self, name: &str, data: &JsValue) -> bool {
        self.send_to(name, data, |_| true)
    }

    fn send_to(&self, name: &str, data: &JsValue, wanted: impl Fn(&Listener) -> bool) -> bool {
        let change = self.change.get();
        for listener in self.listeners.present() {
            // Another listener may have removed it just now.
            if !self.listeners.has(listener.id) || !wanted(&listener) {
                continue;
            }
            let event = self.event(name, listener.id, data);
            listener.asker.answer(&event, true);
            if self.change.get() != change {
                return false;
            }
        }
        true
    }

    /// A call of the function. Without a command, or with those of a stub, it gives an empty list:
    /// a tool that comes to take over finds nothing to take.
    fn called(
        &self,
        command: JsValue,
        callback: JsValue,
        parameter: &JsValue,
        version: &JsValue,
    ) -> JsValue {
        let asked_as_stub = command.is_undefined() || command == "queue" || command == "events";
        if asked_as_stub && callback.is_undefined() {
            return Array::new().into();
        }
        self.run(&command, &Asker::of(callback), parameter, version);
        JsValue::UNDEFINED
    }

    /// Carries out a command, at once.
    pub fn run(&self, command: &JsValue, asker: &Asker, parameter: &JsValue, version: &JsValue) {
        let Some(command) = command.as_string().filter(|_| is_known_version(version)) else {
            return asker.refuse();
        };
        match command.as_str() {
            "ping" => asker.answer(&self.ping(), true),
            "addEventListener" => self.add(asker),
            "removeEventListener" => self.remove(asker, parameter),
            "hasSection" | "getSection" | "getField" => self.look(&command, asker, parameter),
            // Commands of the other tool's own are for scripts of the page, not for any frame.
            _ => match (asker.frame(), self.present_owner()) {
                (None, Some((owner, _))) => {
                    self.pass(&owner, &command, &asker.function(), parameter);
                }
                _ => asker.refuse(),
            },
        }
    }

    fn add(&self, asker: &Asker) {
        if !matches!(asker, Asker::Nobody) {
            let id = self.listeners.add(asker.clone(), self.ready.get());
            asker.answer(&self.event("listenerRegistered", id, &JsValue::TRUE), true);
        }
    }

    /// Answers as the IAB's library does, with an event; its text asks for the boolean alone.
    fn remove(&self, asker: &Asker, id: &JsValue) {
        let id = id.as_f64().unwrap_or_default();
        let removed = self.listeners.remove(id, asker);
        asker.answer(&self.event("listenerRemoved", id, &removed.into()), true);
    }

    /// Looks into a section: nosale's own, or through the other tool into one of its.
    fn look(&self, command: &str, asker: &Asker, parameter: &JsValue) {
        let (Some(path), Some(strings)) = (parameter.as_string(), self.strings()) else {
            return asker.refuse();
        };
        let owner = self.present_owner();
        let told = told_beside(&strings, owner.as_ref().map(|(_, ping)| ping));
        let (prefix, name) = match path.split_once('.') {
            Some(parts) if command == "getField" => parts,
            _ => (path.as_str(), ""),
        };
        let found = section(&told.own, prefix);
        if let (None, Some((owner, _))) = (found, &owner) {
            return self.pass(owner, command, &asker.function_once(), parameter);
        }
        let answer = match command {
            "hasSection" => found.is_some().into(),
            "getSection" => found.map_or(JsValue::NULL, sub_sections),
            _ => found.map_or(JsValue::NULL, |section| field(section, name)),
        };
        asker.answer(&answer, true);
    }

    /// Passes a call on to the other tool.
    fn pass(&self, owner: &Owner, command: &str, callback: &JsValue, parameter: &JsValue) {
        self.passing.set(self.passing.get() + 1);
        owner.call(command, callback, parameter);
        self.passing.set(self.passing.get() - 1);
    }

    fn event(&self, name: &str, id: f64, data: &JsValue) -> JsValue {
        object([
            ("eventName", name.into()),
            ("listenerId", id.into()),
            ("data", data.clone()),
            ("pingData", self.ping()),
        ])
    }

    /// `PingReturn`, as a fresh object; with `cmpVersion`, which the specification does not have.
    fn ping(&self) -> JsValue {
        let owner = self.ping_owner();
        let Some(strings) = self.strings() else {
            return JsValue::NULL;
        };
        let told = told_beside(&strings, owner.as_ref());
        let of_owner = |name: &str| owner.as_ref().map(|ping| member(ping, name));
        let owner_is = |name: &str, value: &str| of_owner(name).is_some_and(|own| own == value);

        let supported = Array::new();
        let parsed: JsValue = Object::new().into();
        for name in of_owner("supportedAPIs").iter().flat_map(items) {
            supported.push(&name);
        }
        if let Some(sections) = of_owner("parsedSections").filter(|_| told.beside) {
            for name in Reflect::own_keys(&sections).unwrap_or_default() {
                let name = name.as_string().unwrap_or_default();
                set_member(&parsed, &name, &member(&sections, &name));
            }
        }
        for layout in &self.supported {
            let name = [&digits(layout.id.into()), ":", layout.prefix].concat();
            if !supported.includes(&name.as_str().into(), 0) {
                supported.push(&name.into());
            }
        }
        for own in told.own.sections() {
            if let Section::Us(own) = own {
                set_member(&parsed, own.layout().prefix, &sub_sections(own));
            }
        }

        // Where the visitor is known to be in a state, readers need not wait for a tool of another
        // region to load.
        let waits = owner.is_some()
            && !owner_is("signalStatus", READY)
            && (owner_is("cmpStatus", "loaded") || !strings.names_state());
        let ready = self.ready.get() && !waits;
        let visible = self.visible.get() || owner_is("cmpDisplayStatus", display_status(true));
        let or_own = |name: &str, own: JsValue| of_owner(name).unwrap_or(own);
        object([
            ("gppVersion", VERSION.into()),
            ("cmpStatus", or_own("cmpStatus", "loaded".into())),
            ("cmpDisplayStatus", display_status(visible).into()),
            ("signalStatus", if ready { READY } else { NOT_READY }.into()),
            ("supportedAPIs", supported.into()),
            ("cmpId", or_own("cmpId", self.cmp_id.into())),
            ("cmpVersion", or_own("cmpVersion", self.cmp_version.into())),
            ("sectionList", numbers(&told.ids)),
            ("applicableSections", numbers(&told.applicable)),
            ("gppString", told.text.into()),
            ("parsedSections", parsed),
        ])
    }

    /// What is told. Nothing stays borrowed: the other tool may call back in the middle.
    fn strings(&self) -> Option<Rc<Strings>> {
        self.strings.borrow().clone()
    }

    fn ping_owner(&self) -> Option<JsValue> {
        self.present_owner().map(|(_, ping)| ping)
    }

    /// The other tool and what it says of itself.
    fn present_owner(&self) -> Option<(Owner, JsValue)> {
        if self.passing.get() > MAX_PASSING {
            return None;
        }
        let owner = self.owner.borrow().clone()?;
        let ping = owner.ping()?;
        Some((owner, ping))
    }
}

/// The strings as the page is told them beside another tool that answers `ping` so.
fn told_beside(strings: &Strings, ping: Option<&JsValue>) -> Told {
    /// The string without sections, as which that of a tool counts that is still loading.
    const NO_SECTIONS: &str = "DBAA";
    let beside = ping.and_then(|ping| {
        let text = member(ping, "gppString").as_string()?;
        let text = if text.is_empty() { NO_SECTIONS } else { &text };
        Told::beside(strings, text, &whole_numbers(ping, "applicableSections"))
    });
    beside.unwrap_or_else(|| Told::alone(strings))
}

/// The sections that are in one of the two and not alike in the other.
fn changed_sections(before: Option<&Strings>, now: &Strings) -> Vec<&'static str> {
    let mut changed = Vec::new();
    let Some(before) = before else {
        return changed;
    };
    for (these, those) in [(before, now), (now, before)] {
        for section in these.sections().sections() {
            if let Some(prefix) = section.prefix()
                && those.sections().section(section.id()) != Some(section)
                && !changed.contains(&prefix)
            {
                changed.push(prefix);
            }
        }
    }
    changed
}

fn display_status(visible: bool) -> &'static str {
    if visible { "visible" } else { "hidden" }
}

/// Versions of the interface that are answered; none named is one of them.
fn is_known_version(version: &JsValue) -> bool {
    if let Some(number) = version.as_f64() {
        return number == 1.0 || number == 1.1;
    }
    match version.as_string() {
        Some(text) => matches!(text.as_str(), "1" | "1.0" | VERSION),
        None => version.is_undefined() || version.is_null(),
    }
}
