//! The gate: what keeps tags from running. The wrappers are in `www/gate.js`; here they are answered.

mod close;
mod held;
mod stand_ins;
mod strict;
mod traces;

use std::cell::{Cell, OnceCell, RefCell};

use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::Url;

pub use self::held::{Show, attend, give_back};
use self::stand_ins::StandIns;
use self::strict::Strict;
use self::traces::Traces;
use super::json::to_js;
use super::page::Page;
use super::{console, events, late};
use crate::audit::{Entry, History, List};
use crate::config::{Config, GateMode};
use crate::policy::{Decision, Kept, Mode, Purposes, Reason, Treatment, Vendor, Vendors};
use crate::text::find_last;

type Ask = Closure<dyn Fn(String, String) -> bool>;

#[wasm_bindgen(module = "/www/gate.js")]
extern "C" {
    fn raise(ask: &Ask, rules: &str);
    fn lower();
}

/// The files that a file for the page imports: wasm-bindgen carries along only what is named so.
macro_rules! rooms {
    ($($file:tt)*) => {
        $(const _: () = {
            #[wasm_bindgen(module = $file)]
            extern "C" {
                #[allow(dead_code, reason = "nothing of it is called from here")]
                fn room();
            }
        };)*
    };
}

pub(super) use rooms;

rooms! {
    "/www/gate/ask.js"
    "/www/gate/attributes.js"
    "/www/gate/blobs.js"
    "/www/gate/borrowed.js"
    "/www/gate/css.js"
    "/www/gate/frames.js"
    "/www/gate/insertion.js"
    "/www/gate/markup.js"
    "/www/gate/prelude.js"
    "/www/gate/realm.js"
    "/www/gate/requests.js"
    "/www/gate/saved.js"
    "/www/gate/sheets.js"
    "/www/gate/stores.js"
    "/www/gate/table.js"
    "/www/gate/veil.js"
    "/www/gate/workers.js"
    "/www/gate/writing.js"
    "/www/gate/written.js"
}

/// The gate of one page.
pub struct Gate {
    page: Page,
    traces: Traces,
    stand_ins: StandIns,
    /// The vendors in force.
    pub vendors: Vendors,
    mode: GateMode,
    strict: Option<Strict>,
    decision: Cell<Decision>,
    /// What was permitted when.
    pub history: RefCell<History>,
    raised: Cell<bool>,
    blocked: Cell<u32>,
    /// The first requests that were stopped.
    pub log: RefCell<List>,
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
    /// A gate that is still down. `script` is the address of nosale's script.
    pub fn new(page: Page, vendors: Vendors, config: &Config, script: &str) -> Gate {
        let mode = config.gate.mode;
        let strict = (mode == GateMode::Strict).then(|| Strict::new(&page, config, script));
        Gate {
            traces: Traces::new(page.clone()),
            stand_ins: StandIns::default(),
            page,
            vendors,
            mode,
            strict: strict.flatten(),
            decision: Cell::new(Decision::denied(Reason::Default)),
            history: RefCell::default(),
            raised: Cell::new(false),
            blocked: Cell::new(0),
            log: RefCell::default(),
            telling: Cell::new(false),
            ask: OnceCell::new(),
        }
    }

    /// What the gate enforces.
    pub fn decision(&self) -> Decision {
        self.decision.get()
    }

    /// The level: `listed` where `strict` cannot be.
    pub fn mode(&self) -> &'static str {
        let mode = match self.mode {
            GateMode::Strict
                if self
                    .strict
                    .as_ref()
                    .is_none_or(|strict| strict.failed.get()) =>
            {
                GateMode::Listed
            }
            mode => mode,
        };
        GateMode::NAMES[mode as usize]
    }

    /// What tags may run for: what is permitted, and not refused by a policy that cannot be taken
    /// back on this page.
    pub fn permitted(&self) -> Purposes {
        let within = self.strict.as_ref().map_or(Purposes::ALL, Strict::within);
        self.decision.get().permitted().intersection(within)
    }

    /// Whether something that is permitted now stays refused until the page is loaded again.
    pub fn needs_reload(&self) -> bool {
        let permitted = self.decision.get().permitted();
        self.strict
            .as_ref()
            .is_some_and(|strict| strict.needs_reload(&self.vendors, permitted, self.raised.get()))
    }

    /// The policies in force.
    pub fn policies(&self) -> Vec<String> {
        let of = |strict: &Strict| strict.policies.borrow().clone();
        self.strict.as_ref().map(of).unwrap_or_default()
    }

    /// What the browser refused because of them.
    pub fn refused(&self) -> List {
        let of = |strict: &Strict| strict.refused.borrow().clone();
        self.strict.as_ref().map(of).unwrap_or_default()
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
    /// What vendors have kept stays until [`Gate::sweep`].
    pub fn enforce(&'static self, decision: Decision) {
        self.decision.set(decision);
        let permitted = decision.permitted();
        self.history
            .borrow_mut()
            .change(late::clock(&self.page), permitted);
        self.stand_ins.set(&self.vendors, &decision);
        let needed = self.mode != GateMode::Inert
            && self
                .vendors
                .iter()
                .any(|vendor| vendor.treatment(&decision) != Treatment::Allowed);
        if needed {
            // Again if it is up: what was permitted before may not be now.
            let ask = self.ask.get_or_init(|| {
                Closure::new(|address: String, way: String| self.permits(&address, &way))
            });
            raise(ask, &self.vendors.rules(&decision));
        } else if self.raised.get() {
            lower();
        }
        self.raised.set(needed);
        if let Some(strict) = &self.strict {
            strict.enforce(&self.vendors, permitted, needed);
        }
    }

    /// The denied vendor that a request is for. `address` as the URL standard writes it.
    pub fn denied(&self, address: &str) -> Option<&Vendor> {
        let request = Request::new(address)?;
        self.vendors
            .find(request.host, request.path, request.query)
            .filter(|vendor| !vendor.permitted(&self.decision.get()))
    }

    /// The vendor that a request is for, and the host.
    pub fn known<'a>(&self, address: &'a str) -> Option<(&'a str, Option<&Vendor>)> {
        let request = Request::new(address)?;
        let vendor = self.vendors.find(request.host, request.path, request.query);
        Some((request.host, vendor))
    }

    /// The same for an address as a page may write it.
    pub fn denied_here(&self, address: &str) -> Option<&Vendor> {
        self.denied(&self.whole(address)?)
    }

    /// Whether a request to an address, as a page may write it, may leave.
    pub fn allows(&self, address: &str) -> bool {
        let Some(address) = self.whole(address) else {
            return true;
        };
        let strict = self.strict.as_ref();
        self.denied(&address).is_none()
            && strict.is_none_or(|strict| strict.permits(&self.vendors, &address))
    }

    fn whole(&self, address: &str) -> Option<String> {
        let base = self.page.plain().base_uri().ok()??;
        Some(Url::new_with_base(address, &base).ok()?.href())
    }

    /// Deletes what denied vendors have kept on this site since the last time.
    pub fn sweep(&self) {
        if self.raised.get() {
            self.traces.remove(&self.vendors, &self.decision.get());
        }
    }

    fn permits(&self, address: &str, way: &str) -> bool {
        let kept = match way {
            "cookie" => Some(Kept::Cookie),
            "storage" => Some(Kept::Storage),
            _ => None,
        };
        if let Some(kept) = kept {
            let decision = self.decision.get();
            return self.traces.permits(&self.vendors, &decision, kept, address);
        }
        if way == "host" {
            let host = Request::new(address).map_or("", |request| request.host);
            return !self
                .vendors
                .speaks_of(host, |vendor| !vendor.permitted(&self.decision.get()));
        }
        let Some(vendor) = self.denied(address) else {
            return true;
        };
        match way {
            "websocket" if !vendor.sockets => return true,
            "look" => return false,
            _ => {}
        }
        self.count();
        let host = Request::new(address).map_or("", |request| request.host);
        let entry = Entry::new(address, host, Some(vendor), way, late::clock(&self.page));
        self.log.borrow_mut().add(entry);
        if self.telling.replace(true) {
            // A listener that asks for the same again would be told for ever.
            return false;
        }
        let detail = Blocked {
            url: address,
            host,
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
            .filter(|vendor| vendor.mode == Mode::Signal && vendor.adapter.is_none())
    }
}

/// The vendors with international hosts as requests have them.
pub fn in_ascii(mut vendors: Vec<Vendor>) -> Vec<Vendor> {
    for vendor in &mut vendors {
        vendor.rules.retain_mut(|rule| {
            let Some(host) = rule.international() else {
                return true;
            };
            match Url::new(&["http://", host].concat()) {
                Ok(address) => *host = address.hostname(),
                Err(_) => console::error(&["config: \"", host, "\" is no host"].concat()),
            }
            host.is_ascii()
        });
    }
    vendors
}

/// The parts of an address that rules speak of.
#[derive(Clone, Copy)]
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
        let host = &authority[find_last(authority, b'@').map_or(0, |place| place + 1)..];
        let port = find_last(host, b':').filter(|place| !host[*place..].contains(']'));
        Some(Request {
            host: &host[..port.unwrap_or(host.len())],
            path,
            query,
        })
    }
}
