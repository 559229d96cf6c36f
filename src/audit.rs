//! What `nosale.audit()` gives, as data: what a publisher's staff needs to show that an opt-out works,
//! and to find what does not follow it.

use serde::Serialize;

use crate::policy::{Purposes, Vendor};
use crate::status::Status;

/// So many entries are kept of each kind: the first ones. What comes after is counted.
pub const MAX_ENTRIES: usize = 100;

/// The longest address that is kept, in characters.
const MAX_ADDRESS: usize = 500;

/// Everything that happened on this page so far.
#[derive(Clone, Debug, Serialize)]
pub struct Audit {
    /// When this was asked for, in RFC 3339.
    pub time: String,
    /// The page's address without its query.
    pub page: String,
    /// When nosale started, in milliseconds since the page's navigation.
    pub started: f64,
    /// What holds: the version, the decision and its reasons, the gate.
    pub status: Status,
    /// The policies that strict mode has put in force.
    pub policies: Vec<String>,
    /// What the gate's wrappers stopped.
    pub blocked: List,
    /// What the browser refused because of those policies.
    pub refused: List,
    /// What reached a vendor that was denied then.
    pub leaks: List,
    /// The other sites that the page asked for something, one entry for each host and vendor.
    pub hosts: List,
}

/// One or several requests of the same kind to the same address.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// The address, cut where it is very long; the origin alone of a frame that was refused and of a
    /// host.
    pub url: String,
    /// Its host.
    pub host: String,
    /// The vendor's name, if a rule names one.
    pub vendor: Option<String>,
    /// What that vendor uses data for.
    pub purposes: Purposes,
    /// How it left or would have left: by the wrapper's name of it, by the policy's directive or by
    /// what the browser calls the initiator.
    pub way: String,
    /// When first, in milliseconds since the page's navigation.
    pub time: f64,
    /// How often.
    pub count: u32,
}

impl Entry {
    /// One request.
    pub fn new(url: &str, host: &str, vendor: Option<&Vendor>, way: &str, time: f64) -> Entry {
        Entry {
            url: url.chars().take(MAX_ADDRESS).collect(),
            host: host.to_owned(),
            vendor: vendor.map(|vendor| vendor.name.to_string()),
            purposes: vendor.map_or(Purposes::NONE, |vendor| vendor.purposes),
            way: way.to_owned(),
            time,
            count: 1,
        }
    }
}

/// The first entries of a kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct List {
    /// At most [`MAX_ENTRIES`].
    pub entries: Vec<Entry>,
    /// How many requests there were beside those.
    pub more: u32,
}

impl List {
    /// Adds an entry, or counts it with one that says the same.
    pub fn add(&mut self, entry: Entry) {
        let same = |known: &&mut Entry| {
            known.url == entry.url && known.way == entry.way && known.vendor == entry.vendor
        };
        if let Some(known) = self.entries.iter_mut().find(same) {
            known.count += 1;
        } else if self.entries.len() < MAX_ENTRIES {
            self.entries.push(entry);
        } else {
            self.more += 1;
        }
    }
}

/// The decisions of a page, each with its time: what was permitted when.
#[derive(Clone, Debug, Default)]
pub struct History(Vec<(f64, Purposes)>);

impl History {
    /// From `time` on, these are permitted. After very many changes, the last one counts for those
    /// before it as far as it denies.
    pub fn change(&mut self, time: f64, permitted: Purposes) {
        let full = self.0.len() == MAX_ENTRIES;
        match self.0.last_mut() {
            Some((_, last)) if *last == permitted => {}
            Some((_, last)) if full => *last = last.intersection(permitted),
            _ => self.0.push((time, permitted)),
        }
    }

    /// What was permitted at `time`. Before the first decision, what that one says: the request left
    /// before it could be asked about.
    pub fn at(&self, time: f64) -> Purposes {
        let past = self.0.iter().rev().find(|(since, _)| *since <= time);
        let (_, permitted) = past
            .or(self.0.first())
            .copied()
            .unwrap_or((0.0, Purposes::ALL));
        permitted
    }
}
