//! Whose turn it is to send: one tab's at a time, by Web Locks, or where the browser has none (as on
//! plain http), by a lease in localStorage. Where there is neither, two tabs may send the same
//! event, which the endpoint knows by its id.

use std::cell::{Cell, OnceCell};

use gloo_timers::callback::Timeout;
use js_sys::{Date, Function, Math, Object, Promise};
use wasm_bindgen::prelude::*;

use crate::browser::page::{Page, member, set_member, uuid};
use crate::browser::store::local_storage;
use crate::report::lease::Lease;

const LOCK: &str = "nosale.queue";
const LEASE: &str = "nosale.lease";

/// When another tab that has the turn is asked again, in milliseconds.
const BUSY_MS: u32 = 1_000;
/// How long another tab's lease of the same moment takes to show, in milliseconds.
const SETTLE_MS: f64 = 60.0;

/// What to do with the turn.
pub trait Work {
    /// It is this tab's turn until the promise is kept.
    fn work(&'static self) -> Promise;
    /// Another tab has it; ask again after as many milliseconds.
    fn busy(&'static self, milliseconds: u32);
}

/// This tab's part in taking turns.
pub struct Turn {
    page: Page,
    /// The name under which it takes leases.
    owner: OnceCell<String>,
    leased: Cell<bool>,
    /// `work` is not called twice, however a lock fails.
    waiting: Cell<bool>,
}

impl Turn {
    /// No turn yet.
    pub fn new(page: Page) -> Turn {
        Turn {
            page,
            owner: OnceCell::new(),
            leased: Cell::new(false),
            waiting: Cell::new(false),
        }
    }

    /// Calls `work` once it is this tab's turn, or `busy`.
    pub fn take(&'static self, work: &'static impl Work) {
        let locks = member(self.page.window.navigator().as_ref(), "locks");
        let Ok(request) = member(&locks, "request").dyn_into::<Function>() else {
            self.take_lease(work);
            return;
        };
        self.waiting.set(true);
        let options = Object::new();
        set_member(&options, "ifAvailable", &JsValue::TRUE);
        let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            self.waiting.set(false);
            if lock.is_null() {
                work.busy(BUSY_MS);
                return JsValue::UNDEFINED;
            }
            work.work().into()
        });
        // Locks refuse in documents that have no storage.
        let refused = move || {
            if self.waiting.replace(false) {
                let _ = work.work();
            }
        };
        match request.call3(&locks, &JsValue::from_str(LOCK), &options, &granted) {
            Ok(asked) => {
                let refused = Closure::once(move |_: JsValue| refused());
                let _ = Promise::from(asked).catch(&refused);
                refused.forget();
            }
            Err(_) => refused(),
        }
    }

    /// Keeps a lease for another request; a lock lasts by itself.
    pub fn renew(&self) {
        if self.leased.get() {
            self.write_lease();
        }
    }

    /// Gives the turn back, if it is a lease; a lock ends with its promise.
    pub fn end(&self) {
        if self.leased.replace(false)
            && self.is_ours()
            && let Some(storage) = local_storage(&self.page)
        {
            let _ = storage.remove_item(LEASE);
        }
    }

    fn take_lease(&'static self, work: &'static impl Work) {
        let now = Date::now() as u64;
        let held = self.lease();
        let wait = held
            .as_deref()
            .and_then(Lease::parse)
            .and_then(|lease| lease.wait(self.owner(), now));
        if let Some(wait) = wait {
            work.busy((wait as u32).min(BUSY_MS));
            return;
        }
        if !self.write_lease() {
            let _ = work.work();
            return;
        }
        self.leased.set(true);
        // Of two tabs that wrote at the same moment, the last one has it.
        let settle = SETTLE_MS * (1.0 + Math::random());
        Timeout::new(settle as u32, move || {
            if self.is_ours() {
                let _ = work.work();
            } else {
                self.leased.set(false);
                work.busy(BUSY_MS);
            }
        })
        .forget();
    }

    fn is_ours(&self) -> bool {
        let held = self.lease();
        let held = held.as_deref().and_then(Lease::parse);
        held.is_some_and(|lease| lease.owner == self.owner())
    }

    fn lease(&self) -> Option<String> {
        local_storage(&self.page)?.get_item(LEASE).ok()?
    }

    fn write_lease(&self) -> bool {
        let text = Lease::text(self.owner(), Date::now() as u64);
        local_storage(&self.page).is_some_and(|storage| storage.set_item(LEASE, &text).is_ok())
    }

    fn owner(&self) -> &str {
        self.owner.get_or_init(|| uuid(&self.page))
    }
}
