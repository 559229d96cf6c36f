//! Inert markup: elements that name their purposes or their vendor and reach nobody until nosale
//! lets them.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use gloo_timers::callback::Timeout;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlScriptElement};

use super::gate::Gate;
use super::page::Page;
use super::{console, events};
use crate::policy::{Purpose, Purposes};

/// A script that neither loads nor fails delays those after it at most so long.
const PATIENCE_MS: u32 = 10_000;

/// What an inert element carries, and what it becomes.
const SOURCES: [(&str, &str); 6] = [
    ("data-src", "src"),
    ("data-srcset", "srcset"),
    ("data-srcdoc", "srcdoc"),
    ("data-href", "href"),
    ("data-poster", "poster"),
    ("data-data", "data"),
];

/// On an element that was released: it has its addresses.
const RELEASED: &str = "data-nosale-released";

#[wasm_bindgen(module = "/www/write.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn run(script: &HtmlScriptElement) -> Result<(), JsValue>;
}

/// The page's inert markup.
pub struct Inert {
    page: Page,
    gate: &'static Gate,
    /// Permitted elements that wait for their turn, in document order.
    queue: RefCell<VecDeque<Element>>,
    /// The number of the script that is being waited for.
    turn: Cell<u32>,
    waiting: Cell<bool>,
    /// A script of the queue is running at this moment.
    running: Cell<bool>,
}

impl Inert {
    /// The inert markup of a page, none of it looked at yet.
    pub fn new(page: Page, gate: &'static Gate) -> Inert {
        Inert {
            page,
            gate,
            queue: RefCell::default(),
            turn: Cell::new(0),
            waiting: Cell::new(false),
            running: Cell::new(false),
        }
    }

    /// Looks through the page once: names on the console what is marked wrongly, counts what is held.
    pub fn check(&self) {
        for element in self.marked() {
            if !is_held(&element) {
                continue;
            }
            match self.purposes_of(&element) {
                Err(mistake) => console::error(&["a tag is held: ", &mistake].concat()),
                Ok(_) if !self.permits(&element) => self.gate.count(),
                Ok(_) => {}
            }
        }
    }

    /// Runs what is permitted by now, in document order.
    pub fn release(&'static self) {
        let mut queue = self.queue.borrow_mut();
        for element in self.marked() {
            if is_held(&element) && self.permits(&element) && !queue.contains(&element) {
                queue.push_back(element);
            }
        }
        drop(queue);
        if !self.waiting.get() && !self.running.get() {
            self.run();
        }
    }

    /// Makes elements inert again that are not permitted any more. A script that ran cannot be undone.
    pub fn hold(&self) {
        for element in self.marked() {
            if is_held(&element) || element.local_name() == "script" || self.permits(&element) {
                continue;
            }
            // A frame goes on until it leaves the page; a copy without its address stays in its place.
            let copied = matches!(element.local_name().as_str(), "iframe" | "object" | "embed");
            let copy = if copied {
                element.clone_node_with_deep(true).ok()
            } else {
                None
            };
            let held = copy.and_then(|node| node.dyn_into::<Element>().ok());
            let held = held.as_ref().unwrap_or(&element);
            for (inert, live) in SOURCES {
                if held.has_attribute(inert) {
                    let _ = held.remove_attribute(live);
                }
            }
            let _ = held.remove_attribute(RELEASED);
            if copied {
                let _ = element.replace_with_with_node_1(held);
            }
            self.gate.count();
        }
    }

    fn marked(&self) -> Vec<Element> {
        let Ok(found) = self
            .page
            .document
            .query_selector_all("[data-purpose],[data-vendor]")
        else {
            return Vec::new();
        };
        (0..found.length())
            .filter_map(|place| found.get(place)?.dyn_into().ok())
            .collect()
    }

    /// Everything that an element needs permitted: what it names, and what its vendor is for.
    fn purposes_of(&self, element: &Element) -> Result<Purposes, String> {
        let mut purposes = Purposes::NONE;
        for name in words(element, "data-purpose") {
            let purpose = Purpose::from_name(&name).ok_or_else(|| {
                [
                    "data-purpose=\"",
                    &name,
                    "\" is no purpose; expected ",
                    &Purpose::NAMES.join(", "),
                ]
                .concat()
            })?;
            purposes.insert(purpose);
        }
        let mut permitted_vendor = false;
        for name in words(element, "data-vendor") {
            let vendor = self.gate.vendors.by_name(&name).ok_or_else(|| {
                [
                    "data-vendor=\"",
                    &name,
                    "\" names no vendor of the config or the catalogue",
                ]
                .concat()
            })?;
            permitted_vendor = vendor.permitted_under(self.gate.permitted());
            if !permitted_vendor {
                purposes = purposes.union(vendor.purposes);
            }
        }
        if purposes.is_empty() && !permitted_vendor {
            return Err("data-purpose and data-vendor are empty".to_owned());
        }
        Ok(purposes)
    }

    fn permits(&self, element: &Element) -> bool {
        let permitted = self.gate.permitted();
        let named = self
            .purposes_of(element)
            .is_ok_and(|purposes| permitted.has_all(purposes));
        let reaches_nobody = |address: &str| self.gate.denied_here(address).is_none();
        let of = |name| element.get_attribute(name).unwrap_or_default();
        named
            && ["src", "data-src", "data-href", "data-data", "data-poster"]
                .iter()
                .all(|name| reaches_nobody(&of(name)))
            // Cut too often, as in a data: address, a piece is an address of the page's own.
            && of("data-srcset").split(',').all(|candidate| {
                candidate.split_ascii_whitespace().next().is_none_or(reaches_nobody)
            })
    }

    fn run(&'static self) {
        self.waiting.set(false);
        self.running.set(true);
        while !self.waiting.get() {
            let Some(element) = self.queue.borrow_mut().pop_front() else {
                break;
            };
            // Since it was queued, the visitor may have opted out, or the page removed it.
            if !is_held(&element) || !element.is_connected() || !self.permits(&element) {
                continue;
            }
            let released = match element.dyn_ref::<HtmlScriptElement>() {
                Some(script) => self.run_script(script),
                None => show(&element),
            };
            if let Err(thrown) = released {
                let reason = console::text_of(&thrown);
                console::error(&["a tag stays off, the page refuses it: ", &reason].concat());
            }
        }
        self.running.set(false);
    }

    /// Runs a script where it stands, with all its attributes. One that takes its time is waited for.
    fn run_script(&'static self, script: &HtmlScriptElement) -> Result<(), JsValue> {
        if let Some(address) = script.get_attribute("data-src") {
            // Refused under Trusted Types: there only `src` can be released.
            script.set_attribute("src", &address)?;
        }
        let kind = script.get_attribute("data-type").unwrap_or_default();
        if kind.is_empty() {
            script.remove_attribute("type")?;
        } else {
            script.set_attribute("type", &kind)?;
        }
        if !script.has_attribute("src") {
            return run(script);
        }
        // It runs as soon as it loads, whatever hangs before it; the order is kept here, by waiting.
        // What the browser neither loads nor fails is not waited for.
        let runs = kind.is_empty()
            || kind.eq_ignore_ascii_case("module")
            || kind.to_ascii_lowercase().ends_with("javascript");
        if runs && !script.no_module() && !script.has_attribute("async") {
            let turn = self.turn.get() + 1;
            self.turn.set(turn);
            self.waiting.set(true);
            let next = move || {
                if self.waiting.get() && self.turn.get() == turn {
                    self.run();
                }
            };
            events::listen_once(script, "load", next);
            events::listen_once(script, "error", next);
            Timeout::new(PATIENCE_MS, next).forget();
        }
        run(script)
    }
}

/// Gives an element its addresses. `srcdoc` is refused under Trusted Types.
fn show(element: &Element) -> Result<(), JsValue> {
    for (inert, live) in SOURCES {
        if let Some(address) = element.get_attribute(inert) {
            element.set_attribute(live, &address)?;
        }
    }
    element.set_attribute(RELEASED, "")
}

/// Whether an element is inert now.
fn is_held(element: &Element) -> bool {
    if element.local_name() == "script" {
        return element
            .get_attribute("type")
            .is_some_and(|kind| kind.eq_ignore_ascii_case("text/plain"));
    }
    !element.has_attribute(RELEASED)
        && SOURCES
            .iter()
            .any(|(inert, _)| element.has_attribute(inert))
}

fn words(element: &Element, attribute: &str) -> Vec<String> {
    let value = element.get_attribute(attribute).unwrap_or_default();
    value.split_ascii_whitespace().map(str::to_owned).collect()
}
