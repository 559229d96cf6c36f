//! Inert markup: elements that name their purposes or their vendor and reach nobody until nosale
//! lets them.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
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

/// The page's inert markup.
pub struct Inert {
    page: Page,
    gate: &'static Gate,
    /// Permitted elements that wait for their turn, in document order.
    queue: RefCell<VecDeque<Element>>,
    /// The number of the script that is being waited for.
    turn: Cell<u32>,
    waiting: Cell<bool>,
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
        if !self.waiting.get() {
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
            let copy = element
                .clone_node()
                .ok()
                .and_then(|node| node.dyn_into::<Element>().ok());
            let Some(copy) = copy else { continue };
            let mut held = false;
            for (inert, live) in SOURCES {
                if copy.has_attribute(inert) && copy.has_attribute(live) {
                    held |= copy.remove_attribute(live).is_ok();
                }
            }
            if held {
                let _ = element.replace_with_with_node_1(&copy);
                self.gate.count();
            }
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
            permitted_vendor = vendor.permitted(&self.gate.decision());
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
        let permitted = self.gate.decision().permitted();
        let named = self
            .purposes_of(element)
            .is_ok_and(|purposes| permitted.has_all(purposes));
        named
            && ["src", "data-src", "data-href", "data-data"]
                .iter()
                .all(|name| {
                    element
                        .get_attribute(name)
                        .is_none_or(|address| self.gate.denied_here(&address).is_none())
                })
    }

    fn run(&'static self) {
        self.waiting.set(false);
        loop {
            let Some(element) = self.queue.borrow_mut().pop_front() else {
                return;
            };
            // Since it was queued, the visitor may have opted out, or the page removed it.
            if !is_held(&element) || !element.is_connected() || !self.permits(&element) {
                continue;
            }
            match element.dyn_into::<HtmlScriptElement>() {
                Ok(script) if self.run_script(&script) => return,
                Ok(_) => {}
                Err(element) => show(&element),
            }
        }
    }

    /// Runs a script where it stands, with all its attributes; true if the next one must wait for it.
    fn run_script(&'static self, script: &HtmlScriptElement) -> bool {
        if let Some(address) = script.get_attribute("data-src") {
            script.set_src(&address);
        }
        let kind = script.get_attribute("data-type");
        let typed = match &kind {
            Some(kind) => script.set_attribute("type", kind),
            None => script.remove_attribute("type"),
        };
        // It runs as soon as it loads, whatever hangs before it; the order is kept here, by waiting.
        let waits = !script.has_attribute("async") && script.has_attribute("src");
        if waits {
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
        // A script is looked at again when it enters the page: moving it to where it is runs it.
        let moved = script
            .parent_node()
            .map(|parent| parent.insert_before(script, script.next_sibling().as_ref()));
        if typed.is_err() || !matches!(moved, Some(Ok(_))) {
            self.waiting.set(false);
            return false;
        }
        waits
    }
}

/// Gives an element its addresses.
fn show(element: &Element) {
    for (inert, live) in SOURCES {
        if let Some(address) = element.get_attribute(inert) {
            // Refused only under Trusted Types (`srcdoc`): then the element stays inert.
            let _ = element.set_attribute(live, &address);
        }
    }
}

/// Whether an element is inert now.
fn is_held(element: &Element) -> bool {
    if element.local_name() == "script" {
        return element
            .get_attribute("type")
            .is_some_and(|kind| kind.eq_ignore_ascii_case("text/plain"));
    }
    SOURCES
        .iter()
        .any(|(inert, live)| element.has_attribute(inert) && !element.has_attribute(live))
}

fn words(element: &Element, attribute: &str) -> Vec<String> {
    let value = element.get_attribute(attribute).unwrap_or_default();
    value.split_ascii_whitespace().map(str::to_owned).collect()
}
