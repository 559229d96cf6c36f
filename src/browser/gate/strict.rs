//! Strict mode: puts the policy of [`crate::policy::Reach`] in force, and takes in what the browser
//! refuses because of it.

use std::cell::{Cell, RefCell};

use wasm_bindgen::prelude::*;
use web_sys::{Event, Url};

use super::Request;
use crate::audit::{Entry, List};
use crate::browser::page::{Page, member};
use crate::browser::{console, events, late};
use crate::config::Config;
use crate::policy::{NOWHERE, Purposes, Reach, Vendor, Vendors};

#[wasm_bindgen(module = "/www/gate/strict.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn insert(policy: &str) -> Result<(), JsValue>;
}

/// The policies of one page. They can only be added to: what one has refused stays refused until
/// the page is loaded again.
pub struct Strict {
    page: Page,
    /// The page's own, the script's and the endpoint's.
    origins: Vec<String>,
    hosts: Vec<String>,
    /// What every policy in force permits; without one, none is.
    within: Cell<Option<Purposes>>,
    /// The policies in force.
    pub policies: RefCell<Vec<String>>,
    /// What the browser refused because of them.
    pub refused: RefCell<List>,
    /// The page could not take a policy.
    pub failed: Cell<bool>,
    told: Cell<bool>,
}

impl Strict {
    /// Strict mode on a page, nothing refused yet. None, and the reason on the console, where a
    /// policy would refuse nosale's own files.
    pub fn new(page: &Page, config: &Config, script: &str) -> Option<Strict> {
        let base = page.plain().base_uri().ok().flatten().unwrap_or_default();
        let mut origins = vec![page.origin()];
        let endpoint = config
            .endpoint
            .as_ref()
            .map(|endpoint| endpoint.url.as_str());
        for address in [Some(script), endpoint].into_iter().flatten() {
            if let Ok(address) = Url::new_with_base(address, &base) {
                let origin = address.origin();
                if origin != "null" && !origins.contains(&origin) {
                    origins.push(origin);
                }
            }
        }
        let strict = Strict {
            page: page.clone(),
            origins,
            hosts: config
                .gate
                .allow
                .iter()
                .map(|host| host.to_ascii_lowercase())
                .collect(),
            within: Cell::new(None),
            policies: RefCell::default(),
            refused: RefCell::default(),
            failed: Cell::new(false),
            told: Cell::new(false),
        };
        // A page without an origin, as in a sandbox or from a file: 'self' stands for nothing.
        let own = member(&page.window, "origin").as_string();
        if own.is_none_or(|own| own == "null")
            || strict.policy(&Vendors::default(), Purposes::NONE).is_none()
        {
            console::error(
                "gate.mode \"strict\" cannot start: no policy can name this page's origin, the script's or the endpoint's; \"listed\" applies",
            );
            return None;
        }
        Some(strict)
    }

    /// Sees to it that a policy is in force which refuses what is denied now, and tells once if one
    /// refuses more than that.
    pub fn enforce(&'static self, vendors: &'static Vendors, permitted: Purposes, denies: bool) {
        let before = self.within();
        let within = before.intersection(permitted);
        let newly_denied =
            |vendor: &Vendor| vendor.permitted_under(before) && !vendor.permitted_under(within);
        if denies
            && (self.within.get().is_none() || vendors.iter().any(newly_denied))
            && let Some(policy) = self.policy(vendors, within)
        {
            self.add(policy, within, vendors);
        }
        if self.needs_reload(vendors, permitted, denies) && !self.told.replace(true) {
            console::warn(
                "what is permitted now stays refused on this page: a policy in force cannot be taken back; offer a reload (status().gate.reload)",
            );
        }
    }

    fn add(&'static self, policy: String, within: Purposes, vendors: &'static Vendors) {
        if let Err(thrown) = insert(&policy) {
            let reason = console::text_of(&thrown);
            console::error(&["gate.mode \"strict\" fails, \"listed\" applies: ", &reason].concat());
            self.failed.set(true);
            return;
        }
        self.failed.set(false);
        if self.within.replace(Some(within)).is_none() {
            events::listen(&self.page.document, "securitypolicyviolation", |event| {
                self.take(event, vendors)
            });
        }
        self.policies.borrow_mut().push(policy);
    }

    /// What the policies in force permit: everything, without one.
    pub fn within(&self) -> Purposes {
        self.within.get().unwrap_or(Purposes::ALL)
    }

    /// Whether a policy in force refuses what is permitted now.
    pub fn needs_reload(&self, vendors: &Vendors, permitted: Purposes, denies: bool) -> bool {
        self.within.get().is_some_and(|within| {
            let refused = |vendor: &Vendor| {
                vendor.permitted_under(permitted) && !vendor.permitted_under(within)
            };
            !denies || vendors.iter().any(refused)
        })
    }

    /// Whether the policies in force let a request leave.
    pub fn permits(&self, vendors: &Vendors, address: &str) -> bool {
        let Some(within) = self.within.get() else {
            return true;
        };
        let Some(request) = Request::new(address) else {
            return true;
        };
        // A socket's origin is that of its host.
        let web = address
            .strip_prefix("ws")
            .map(|rest| ["http", rest].concat());
        let origin = Url::new(web.as_deref().unwrap_or(address))
            .map_or_else(|_| String::new(), |url| url.origin());
        self.reach(vendors, within)
            .has(&origin, request.host, request.path, request.query)
    }

    fn policy(&self, vendors: &Vendors, permitted: Purposes) -> Option<String> {
        self.reach(vendors, permitted)
            .policy(self.origins[0].starts_with("https"))
    }

    fn reach<'a>(&'a self, vendors: &'a Vendors, permitted: Purposes) -> Reach<'a> {
        Reach {
            origins: &self.origins,
            hosts: &self.hosts,
            vendors,
            permitted,
        }
    }

    /// Notes what the browser has refused. What a policy of the publisher's refused is no affair of
    /// nosale's, and what a script of the page makes up is not taken in.
    fn take(&self, event: &Event, vendors: &Vendors) {
        let text = |name| member(event, name).as_string().unwrap_or_default();
        if !event.is_trusted() || !text("originalPolicy").contains(NOWHERE) {
            return;
        }
        let url = text("blockedURI");
        let request = Request::new(&url);
        let vendor = request.and_then(|to| vendors.find(to.host, to.path, to.query));
        let host = request.map_or("", |to| to.host);
        let (directive, time) = (text("effectiveDirective"), late::clock(&self.page));
        let entry = Entry::new(&url, host, vendor, &directive, time);
        self.refused.borrow_mut().add(entry);
    }
}
