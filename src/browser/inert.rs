//! Inert markup: elements that name their purposes or their vendor and reach nobody until nosale
//! lets them.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use gloo_timers::callback::Timeout;
use js_sys::{Array, WeakSet};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlScriptElement};

use super::gate::{self, Gate};
use super::sources::{self, addresses};
use super::{console, events, placeholder};
use crate::policy::{Purpose, Purposes};

/// A script that neither loads nor fails delays those after it at most so long.
const PATIENCE_MS: u32 = 10_000;

/// What inert markup says of itself.
const MARKED: &str = "[data-purpose],[data-vendor]";

/// On an element that was released: it has its addresses.
const RELEASED: &str = "data-nosale-released";

#[wasm_bindgen(module = "/www/write.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn run(script: &Element) -> Result<Element, JsValue>;
}

#[wasm_bindgen(module = "/www/marked.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = find)]
    fn find_all(selector: &str) -> Result<Array, JsValue>;
    fn follow(selector: &str, tell: &Closure<dyn Fn()>);
}

/// Every element that a selector finds, in open shadow roots as well, in document order.
pub fn find(selector: &str) -> Vec<Element> {
    find_all(selector).map_or_else(|_| Vec::new(), |list| sources::elements(&list))
}

/// The page's inert markup.
pub struct Inert {
    gate: &'static Gate,
    /// Elements that were looked at.
    known: WeakSet,
    /// Permitted elements that wait for their turn, in document order.
    queue: RefCell<VecDeque<Element>>,
    /// The number of the script that is being waited for.
    turn: Cell<u32>,
    waiting: Cell<bool>,
    /// A script of the queue is running at this moment.
    running: Cell<bool>,
}

impl Inert {
    /// The page's inert markup, none of it looked at yet.
    pub fn new(gate: &'static Gate) -> Inert {
        Inert {
            gate,
            known: WeakSet::new(),
            queue: RefCell::default(),
            turn: Cell::new(0),
            waiting: Cell::new(false),
            running: Cell::new(false),
        }
    }

    /// Looks through the page: of what is new, names on the console what is marked wrongly and counts
    /// what is held; shows a placeholder in each frame that is.
    pub fn check(&self) {
        for element in find(MARKED) {
            if !is_held(&element) {
                continue;
            }
            let mistake = self.purposes_of(&element).err();
            let held = mistake.is_none() && !self.permits(&element);
            if !self.known.has(&element) {
                self.known.add(&element);
                if let Some(mistake) = mistake {
                    console::error(&["a tag is held: ", &mistake].concat());
                } else if held {
                    self.gate.count();
                }
            }
            if held && element.local_name() == "iframe" {
                let vendors = words(&element, "data-vendor");
                let vendors: Vec<&str> = vendors.iter().map(String::as_str).collect();
                let address = element.get_attribute("data-src").unwrap_or_default();
                placeholder::show(&element, &address, &vendors.join(", "));
            }
        }
    }

    /// From now on looks at what is inserted, and at frames that the wrappers leave blank.
    pub fn follow(&'static self) {
        let tell = Closure::new(|| {
            self.check();
            self.release();
        });
        follow(MARKED, &tell);
        tell.forget();
        let show: gate::Show = Closure::new(|frame: Element, address: String| {
            let vendor = self.gate.denied_here(&address);
            placeholder::show(&frame, &address, vendor.map_or("", |vendor| &vendor.name));
        });
        gate::attend(&show);
        show.forget();
    }

    /// What an element waits for, of which `address` was withheld.
    pub fn holding(&self, element: &Element, address: &str) -> Purposes {
        let mut holding = self.purposes_of(element).unwrap_or(Purposes::NONE);
        let mut add = |address: &str| {
            if let Some(vendor) = self.gate.denied_here(address) {
                holding = holding.union(vendor.purposes);
            }
        };
        add(address);
        for (live, inert) in sources::of(element) {
            let value = element.get_attribute(&inert).unwrap_or_default();
            addresses(live, &value).into_iter().for_each(&mut add);
        }
        holding
    }

    /// Runs what is permitted by now, in document order.
    pub fn release(&'static self) {
        let mut queue = self.queue.borrow_mut();
        for element in find(MARKED) {
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
        for element in find(MARKED) {
            let tag = element.local_name();
            if is_held(&element) || tag == "script" || self.permits(&element) {
                continue;
            }
            let copied = matches!(tag.as_str(), "iframe" | "frame" | "object" | "embed");
            // Attributes of our own choice: these cannot fail.
            sources::change_apart(&element, || {
                for (live, inert) in sources::of(&element) {
                    if let Some(address) = element.get_attribute(live).filter(|_| copied) {
                        let _ = element.set_attribute(&inert, &address);
                    }
                    if element.has_attribute(&inert) {
                        let _ = element.remove_attribute(live);
                    }
                }
                let _ = element.remove_attribute(RELEASED);
            });
            if tag == "style" {
                let _ = element.set_attribute("type", "text/plain");
                let _ = again(&element);
            }
            self.known.delete(&element);
        }
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
        let reaches = |address: &str| self.gate.denied_here(address).is_some();
        named
            && sources::of(element).all(|(live, inert)| {
                // What is there already has been asked for; a script's address waits for its type.
                let inert = element.get_attribute(&inert);
                let value =
                    inert.or_else(|| element.get_attribute(live).filter(|_| is_typed(element)));
                let value = value.unwrap_or_default();
                !addresses(live, &value).into_iter().any(reaches)
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
            let released = if element.local_name() == "script" {
                self.run_script(&element)
            } else {
                show(&element)
            };
            if let Err(thrown) = released {
                let reason = console::text_of(&thrown);
                console::error(&["a tag stays off, the page refuses it: ", &reason].concat());
            }
        }
        self.running.set(false);
    }

    /// Runs a script where it stands, with all its attributes. One that takes its time is waited for.
    fn run_script(&'static self, script: &Element) -> Result<(), JsValue> {
        // Refused under Trusted Types: there only `src` can be released.
        set_addresses(script)?;
        let kind = script.get_attribute("data-type").unwrap_or_default();
        set_type(script, &kind)?;
        let address = if script.is_instance_of::<HtmlScriptElement>() {
            "src"
        } else {
            "href"
        };
        let script = run(script)?;
        // It runs as soon as it loads, whatever hangs before it; the order is kept here, by waiting.
        // What the browser neither loads nor fails is not waited for.
        let runs = kind.is_empty()
            || kind.eq_ignore_ascii_case("module")
            || kind.to_ascii_lowercase().ends_with("javascript");
        let waits = |name: &str| script.has_attribute(name);
        if (waits(address) || waits("xlink:href")) && runs && !waits("nomodule") && !waits("async")
        {
            let turn = self.turn.get() + 1;
            self.turn.set(turn);
            self.waiting.set(true);
            let next = move || {
                if self.waiting.get() && self.turn.get() == turn {
                    self.run();
                }
            };
            events::listen_once(&script, "load", next);
            events::listen_once(&script, "error", next);
            Timeout::new(PATIENCE_MS, next).forget();
        }
        Ok(())
    }
}

/// Gives an element its addresses. `srcdoc` is refused under Trusted Types.
fn show(element: &Element) -> Result<(), JsValue> {
    placeholder::clear(element);
    set_addresses(element)?;
    element.set_attribute(RELEASED, "")?;
    match element.local_name().as_str() {
        "style" => {
            set_type(
                element,
                &element.get_attribute("data-type").unwrap_or_default(),
            )?;
            again(element)?;
        }
        "meta" => again(element)?,
        // Browsers look at this one only when the element comes.
        "link" if element.has_attribute("imagesrcset") => again(element)?,
        "source" => sources::look_again(element),
        _ => {}
    }
    Ok(())
}

fn set_addresses(element: &Element) -> Result<(), JsValue> {
    for (live, inert) in sources::of(element) {
        if let Some(address) = element.get_attribute(&inert) {
            element.set_attribute(live, &address)?;
        }
    }
    Ok(())
}

fn set_type(element: &Element, kind: &str) -> Result<(), JsValue> {
    if kind.is_empty() {
        element.remove_attribute("type")
    } else {
        element.set_attribute("type", kind)
    }
}

/// Puts an element where it is: the browser looks at it anew.
fn again(element: &Element) -> Result<(), JsValue> {
    if let Some(parent) = element.parent_node() {
        parent.insert_before(element, element.next_sibling().as_ref())?;
    }
    Ok(())
}

/// Whether an element is inert by its type.
fn is_typed(element: &Element) -> bool {
    matches!(element.local_name().as_str(), "script" | "style")
}

/// Whether an element is inert now.
fn is_held(element: &Element) -> bool {
    if is_typed(element) {
        return element
            .get_attribute("type")
            .is_some_and(|kind| kind.eq_ignore_ascii_case("text/plain"));
    }
    !element.has_attribute(RELEASED)
        && sources::of(element).any(|(_, inert)| element.has_attribute(&inert))
}

fn words(element: &Element, attribute: &str) -> Vec<String> {
    let value = element.get_attribute(attribute).unwrap_or_default();
    value.split_ascii_whitespace().map(str::to_owned).collect()
}
