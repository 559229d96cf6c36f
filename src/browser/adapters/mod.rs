//! Adapters: how vendors' tags are told to run restricted, each by what its vendor documents.
//!
//! A file for each says which global is told, in which way and what; `www/tags.js` is there when a
//! tag's own snippet makes that global. A tag whose vendor is not restricted is never touched, and a
//! page without the tag gets no global of it. What one adapter throws stops no other.

mod adsense;
mod clarity;
mod google;
mod meta;
mod pinterest;
mod prebid;
mod publisher_tag;
mod reddit;
mod tag_manager;
mod tiktok;
mod uet;
mod x;

use std::cell::Cell;

use wasm_bindgen::prelude::*;

use self::tag_manager::TagManager;
use super::gate::rooms;
use super::page::{Page, member};
use crate::policy::{Adapter, Decision, Mode, Treatment, Vendors};

#[wasm_bindgen(module = "/www/tags.js")]
extern "C" {
    fn tell(name: &str, way: &str, denied: bool, first: &str, now: &str);
}

rooms! {
    "/www/tags/adsense.js"
    "/www/tags/calls.js"
    "/www/tags/change.js"
    "/www/tags/layer.js"
    "/www/tags/prebid.js"
    "/www/tags/publisher_tag.js"
    "/www/tags/queue.js"
}

/// How a tag is told. The texts are JSON: lists of commands, each a list of its words.
struct Plan {
    /// The tag's global.
    global: &'static str,
    /// The way, by its name in `www/tags.js`.
    way: &'static str,
    /// What restricts a tag that has not run yet.
    first: &'static str,
    /// What restricts it while it runs.
    denied: &'static str,
    /// What ends that.
    granted: &'static str,
}

/// What a plan depends on.
struct Facts {
    /// The jurisdiction's code.
    jurisdiction: &'static str,
    /// Whether Google Analytics is not restricted: the publisher has declared it a service provider.
    analytics: bool,
}

/// The adapters of one page.
pub struct Adapters {
    tag_manager: TagManager,
    /// What each adapter was told last; nothing before the first restriction.
    told: [Cell<&'static str>; Adapter::ALL.len()],
}

impl Adapters {
    /// Adapters that have told nobody anything.
    pub fn new(page: Page) -> Adapters {
        Adapters {
            tag_manager: TagManager::new(page),
            told: Default::default(),
        }
    }

    /// Tells each tag what holds for its vendor, if that is news to it.
    pub fn tell(&self, vendors: &Vendors, decision: &Decision, jurisdiction: &'static str) {
        let analytics = vendors.by_name("google_analytics");
        let facts = Facts {
            jurisdiction,
            analytics: analytics
                .is_none_or(|vendor| vendor.treatment(decision) == Treatment::Allowed),
        };
        for adapter in Adapter::ALL {
            let restricted = vendors.iter().any(|vendor| {
                vendor.adapter == Some(adapter)
                    && vendor.mode == Mode::Signal
                    && vendor.treatment(decision) != Treatment::Allowed
            });
            let told = &self.told[adapter as usize];
            if !restricted && told.get().is_empty() {
                continue;
            }
            let plan = plan(adapter, &facts);
            let (first, now) = if restricted {
                (plan.first, plan.denied)
            } else {
                ("[]", plan.granted)
            };
            if told.replace(now) != now {
                tell(plan.global, plan.way, restricted, first, now);
            }
        }
    }

    /// Tells the page's tag manager that the page is ready; again does nothing.
    pub fn ready(&self, decision: &Decision) {
        self.tag_manager.ready(decision);
    }

    /// Tells the page's tag manager that something has changed.
    pub fn changed(&self, decision: &Decision) {
        self.tag_manager.changed(decision);
    }
}

/// Finds the vendors whose tags are told too late: their globals are there, so they may have been given
/// commands, or may run already. For a start that the page did not wait for.
pub fn note_begun(page: &Page, vendors: &mut Vendors) {
    let facts = Facts {
        jurisdiction: "",
        analytics: false,
    };
    vendors
        .note_begun(|adapter| !member(&page.window, plan(adapter, &facts).global).is_undefined());
}

fn plan(adapter: Adapter, facts: &Facts) -> Plan {
    match adapter {
        Adapter::Google => google::plan(facts),
        Adapter::PublisherTag => publisher_tag::PLAN,
        Adapter::AdSense => adsense::PLAN,
        Adapter::Meta => meta::plan(facts),
        Adapter::Uet => uet::PLAN,
        Adapter::Clarity => clarity::PLAN,
        Adapter::TikTok => tiktok::PLAN,
        Adapter::Pinterest => pinterest::PLAN,
        Adapter::Reddit => reddit::PLAN,
        Adapter::X => x::PLAN,
        Adapter::Prebid => prebid::PLAN,
    }
}
