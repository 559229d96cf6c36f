//! The gate: what keeps tags from running. The wrappers are in `www/gate.js`; here they are answered.

use std::cell::{Cell, OnceCell};

use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::Url;

use super::events;
use super::json::to_js;
use super::page::Page;
use crate::config::GateMode;
use crate::policy::{Decision, Mode, Purposes, Reason, Vendor, Vendors};

type Ask = Closure<dyn Fn(String, String) -> bool>;

#[wasm_bindgen(module = "/www/gate.js")]
extern "C" {
    fn raise(ask: &Ask);
    fn lower();
}

/// The gate of one page.
pub struct Gate {
    page: Page,
    /// The vendors in force.
    pub vendors: Vendors,
    /// The level.
    pub mode: GateMode,
    decision: Cell<Decision>,
    raised: Cell<bool>,
    blocked: Cell<u32>,
    /// The page is being told of a request at this moment.
    telling: Cell<bool>,
    ask: OnceCell<Ask>,
}

/// The detail of `nosale:blocked`.
#[derive(Serialize)]
struct Blocked<'a> {
    url: &'a str,
    host: &'a str,
    vendor: &'a str,
    purposes: Purposes,
    way: &'a str,
}

impl Gate {
    /// A gate that is still down.
    pub fn new(page: Page, vendors: Vendors, mode: GateMode) -> Gate {
        Gate {
            page,
            vendors,
            mode,
            decision: Cell::new(Decision::denied(Reason::Default)),
            raised: Cell::new(false),
            blocked: Cell::new(0),
            telling: Cell::new(false),
            ask: OnceCell::new(),
        }
    }

    /// What the gate enforces.
    pub fn decision(&self) -> Decision {
        self.decision.get()
    }

    /// Whether it holds requests back now.
    pub fn is_raised(&self) -> bool {
        self.raised.get()
    }

    /// How many requests and tags it held back so far.
    pub fn blocked(&self) -> u32 {
        self.blocked.get()
    }

    /// Counts a tag that is held back.
    pub fn count(&self) {
        self.blocked.set(self.blocked.get() + 1);
    }

    /// Enforces `decision`: the wrappers go up at the first denial of a vendor, and never before.
    pub fn enforce(&'static self, decision: Decision) {
        self.decision.set(decision);
        let needed = self.mode != GateMode::Inert
            && self
                .vendors
                .iter()
                .any(|vendor| !vendor.permitted(&decision));
        if needed && !self.raised.get() {
            let ask = self.ask.get_or_init(|| {
                Closure::new(|address: String, way: String| self.permits(&address, &way))
            });
            raise(ask);
        } else if !needed && self.raised.get() {
            lower();
        }
        self.raised.set(needed);
    }

    /// The denied vendor that a request is for. `address` as the URL standard writes it.
    pub fn denied(&self, address: &str) -> Option<&Vendor> {
        let request = Request::new(address)?;
        self.vendors
            .find(request.host, request.path, request.query)
            .filter(|vendor| !vendor.permitted(&self.decision.get()))
    }

    /// The same for an address as a page may write it.
    pub fn denied_here(&self, address: &str) -> Option<&Vendor> {
        let base = self.page.plain().base_uri().ok()??;
        self.denied(&Url::new_with_base(address, &base).ok()?.href())
    }

    /// Takes the frames of denied vendors out of the page: each becomes an inert one, which an
    /// opt-in releases.
    pub fn close_frames(&self) {
        let Ok(frames) = self.page.document.query_selector_all("iframe[src]") else {
            return;
        };
        for place in 0..frames.length() {
            let Some(frame) = frames
                .get(place)
                .and_then(|node| node.dyn_into::<web_sys::Element>().ok())
            else {
                continue;
            };
            let address = frame.get_attribute("src").unwrap_or_default();
            let Some(vendor) = self.denied_here(&address) else {
                continue;
            };
            let Some(held) = frame
                .clone_node()
                .ok()
                .and_then(|node| node.dyn_into::<web_sys::Element>().ok())
            else {
                continue;
            };
            // Attributes of our own choice on an element of our own: these cannot fail.
            let _ = held.remove_attribute("src");
            let _ = held.set_attribute("data-src", &address);
            if !held.has_attribute("data-purpose") && !held.has_attribute("data-vendor") {
                let _ = held.set_attribute("data-vendor", &vendor.name);
            }
            let _ = frame.replace_with_with_node_1(&held);
            self.count();
        }
    }

    fn permits(&self, address: &str, way: &str) -> bool {
        let Some(vendor) = self.denied(address) else {
            return true;
        };
        self.count();
        if self.telling.replace(true) {
            // A listener that asks for the same again would be told for ever.
            return false;
        }
        let detail = Blocked {
            url: address,
            host: Request::new(address).map_or("", |request| request.host),
            vendor: &vendor.name,
            purposes: vendor.purposes,
            way,
        };
        events::send(&self.page, "nosale:blocked", &to_js(&detail));
        self.telling.set(false);
        false
    }

    /// Says which vendors are declared `signal` although nosale knows no restricted mode of theirs.
    pub fn without_signal(&self) -> impl Iterator<Item = &Vendor> {
        self.vendors
            .iter()
            .filter(|vendor| vendor.mode == Mode::Signal)
    }
}

/// The parts of an address that rules speak of.
struct Request<'a> {
    host: &'a str,
    path: &'a str,
    query: &'a str,
}

impl<'a> Request<'a> {
    /// `address` must be as the URL standard writes it: then cutting it at its marks is enough. None
    /// for what reaches nobody, such as `data:`.
    fn new(address: &'a str) -> Option<Request<'a>> {
        let (scheme, rest) = address.split_once(':')?;
        let rest = rest.strip_prefix("//")?;
        if !matches!(scheme, "http" | "https" | "ws" | "wss") {
            return None;
        }
        let rest = rest.split('#').next().unwrap_or_default();
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let slash = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(slash);
        let host = authority.rsplit('@').next().unwrap_or_default();
        let port = host
            .rfind(':')
            .filter(|place| !host[*place..].contains(']'));
        Some(Request {
            host: &host[..port.unwrap_or(host.len())],
            path,
            query,
        })
    }
}
