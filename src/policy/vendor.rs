//! Vendors: the third parties, how a request is recognised as theirs, and what may reach them.

use std::borrow::Cow;

use serde::Serialize;

use super::{Adapter, CatalogueEntry, Decision, Purposes, Rule};
use crate::text::{find, find_last};

/// How a vendor is treated while one of its purposes is denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Nothing reaches it.
    Block,
    /// It runs in its own restricted mode. Blocked where nosale knows no such mode.
    Signal,
    /// The publisher answers for it: a service provider, neither sale nor sharing.
    Allow,
    /// As if nosale did not know it.
    Off,
}

impl Mode {
    /// The names in the config.
    pub const NAMES: [&'static str; 4] = ["block", "signal", "allow", "off"];
    /// The values, in the order of the names.
    pub const ALL: [Mode; 4] = [Mode::Block, Mode::Signal, Mode::Allow, Mode::Off];
}

/// How a vendor is treated at one moment, as reports say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// Nothing held back.
    Allowed,
    /// Nothing reaches it.
    Blocked,
    /// It runs in its restricted mode.
    Restricted,
}

/// A third party in force on this page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vendor {
    /// The name in the config, in `data-vendor`, in events and reports.
    pub name: Cow<'static, str>,
    /// How its requests are recognised.
    pub rules: Vec<Rule>,
    /// What it uses data for.
    pub purposes: Purposes,
    /// Patterns of its first-party cookies; `*` stands for any text.
    pub cookies: Vec<Cow<'static, str>>,
    /// Patterns of its keys in localStorage and sessionStorage.
    pub storage: Vec<Cow<'static, str>>,
    /// Whether it is reached by WebSocket, too.
    pub sockets: bool,
    /// How it is treated.
    pub mode: Mode,
    /// The restricted mode that nosale knows of it.
    pub adapter: Option<Adapter>,
    /// Functions that do nothing while it is blocked, for the page to call: `name` or `name.method`.
    pub stand_ins: Vec<Cow<'static, str>>,
    /// It was given commands before it could be told: what it would be told is not enough any more.
    pub has_begun: bool,
}

impl Vendor {
    /// Whether requests may reach the vendor under `decision`: all of them, or those of its
    /// restricted mode.
    pub fn permitted(&self, decision: &Decision) -> bool {
        self.permitted_under(decision.permitted())
    }

    /// Whether requests may reach the vendor while these purposes are permitted.
    pub fn permitted_under(&self, permitted: Purposes) -> bool {
        self.treatment_under(permitted) != Treatment::Blocked
    }

    /// How the vendor is treated under `decision`.
    pub fn treatment(&self, decision: &Decision) -> Treatment {
        self.treatment_under(decision.permitted())
    }

    fn treatment_under(&self, permitted: Purposes) -> Treatment {
        match self.mode {
            Mode::Allow | Mode::Off => Treatment::Allowed,
            _ if permitted.has_all(self.purposes) => Treatment::Allowed,
            Mode::Signal if self.adapter.is_some() && !self.has_begun => Treatment::Restricted,
            Mode::Block | Mode::Signal => Treatment::Blocked,
        }
    }
}

impl From<CatalogueEntry> for Vendor {
    fn from(entry: CatalogueEntry) -> Vendor {
        Vendor {
            name: Cow::Borrowed(entry.name),
            // A test refuses a catalogue with a rule that does not parse.
            rules: entry
                .rules()
                .filter_map(|rule| Rule::parse(rule).ok())
                .collect(),
            purposes: entry.purposes,
            cookies: entry.cookies().map(Cow::Borrowed).collect(),
            storage: entry.storage().map(Cow::Borrowed).collect(),
            sockets: false,
            mode: entry.mode,
            adapter: entry.adapter,
            // Only where the publisher wants them.
            stand_ins: Vec::new(),
            has_begun: false,
        }
    }
}

/// Whether a name fits a pattern, in which `*` stands for any text.
fn fits(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut left) = name.strip_prefix(start) else {
        return false;
    };
    let (between, end) = match find_last(rest, b'*') {
        Some(place) => (&rest[..place], &rest[place + 1..]),
        None => ("", rest),
    };
    for part in between.split('*') {
        let Some(place) = find(left, part) else {
            return false;
        };
        left = &left[place + part.len()..];
    }
    left.ends_with(end)
}

/// What a vendor keeps on the publisher's own site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// A first-party cookie.
    Cookie,
    /// A key in localStorage or sessionStorage.
    Storage,
}

/// All vendors in force, with an index over their rules' hosts.
#[derive(Clone, Debug, Default)]
pub struct Vendors {
    list: Vec<Vendor>,
    /// How many of the list, at its end, the publisher names.
    own: usize,
    /// Vendor and rule, sorted by the bucket of the rule's host.
    index: Vec<(u32, u32)>,
    /// Where in the index each bucket begins, and where the last one ends; a power of two, and one.
    buckets: Vec<u32>,
}

impl Vendors {
    /// The catalogue, and the publisher's vendors added to it or in place of those of the same name.
    pub fn new(own: Vec<Vendor>) -> Vendors {
        let mut list: Vec<Vendor> = CatalogueEntry::all().map(Vendor::from).collect();
        list.retain(|known| own.iter().all(|vendor| vendor.name != known.name));
        let count = own.len();
        list.extend(own);
        let mut entries = Vec::new();
        for (place, vendor) in list.iter().enumerate() {
            if vendor.mode != Mode::Off {
                entries.extend((0..vendor.rules.len()).map(|rule| (place as u32, rule as u32)));
            }
        }
        let mask = (entries.len() * 2).next_power_of_two() - 1;
        let bucket = |entry: &(u32, u32)| hash(&rule_of(&list, entry).host) & mask;
        let mut buckets = vec![0; mask + 2];
        for entry in &entries {
            buckets[bucket(entry) + 1] += 1;
        }
        for place in 1..buckets.len() {
            buckets[place] += buckets[place - 1];
        }
        let (mut index, mut free) = (entries.clone(), buckets.clone());
        for entry in entries {
            let place = &mut free[bucket(&entry)];
            index[*place as usize] = entry;
            *place += 1;
        }
        Vendors {
            list,
            own: count,
            index,
            buckets,
        }
    }

    /// Has those blocked that would be told (mode `signal`), where the tag of that kind has begun. One without
    /// a host of its own, as Prebid, can be told only.
    pub fn note_begun(&mut self, has_begun: impl Fn(Adapter) -> bool) {
        for vendor in &mut self.list {
            vendor.has_begun = !vendor.rules.is_empty() && vendor.adapter.is_some_and(&has_begun);
        }
    }

    /// Every vendor, in the catalogue's order and then the publisher's.
    pub fn iter(&self) -> impl Iterator<Item = &Vendor> {
        self.list.iter()
    }

    /// The same, each with whether the publisher names it.
    pub fn with_named(&self) -> impl Iterator<Item = (&Vendor, bool)> {
        let named = self.list.len() - self.own;
        let all = self.list.iter().enumerate();
        all.map(move |(place, vendor)| (vendor, place >= named))
    }

    /// What a report names: the publisher's own choice, and who runs restricted. The whole catalogue
    /// would be most of the report, and the rest of it follows from the purposes.
    pub fn reported(&self, decision: &Decision) -> impl Iterator<Item = (&Vendor, Treatment)> {
        let named = self.list.len() - self.own;
        let all = self.list.iter().enumerate();
        all.map(|(place, vendor)| (place, vendor, vendor.treatment(decision)))
            .filter(move |(place, _, treatment)| {
                *place >= named || *treatment == Treatment::Restricted
            })
            .map(|(_, vendor, treatment)| (vendor, treatment))
    }

    /// The vendor of that name.
    pub fn by_name(&self, name: &str) -> Option<&Vendor> {
        self.list.iter().find(|vendor| vendor.name == name)
    }

    /// Whether `name` belongs to a denied vendor, and to no permitted one. A vendor in its restricted
    /// mode keeps nothing.
    pub fn denies(&self, kept: Kept, name: &str, decision: &Decision) -> bool {
        let mut denied = false;
        for vendor in self.list.iter().filter(|vendor| vendor.mode != Mode::Off) {
            let patterns = match kept {
                Kept::Cookie => &vendor.cookies,
                Kept::Storage => &vendor.storage,
            };
            if patterns.iter().any(|pattern| fits(pattern, name)) {
                if vendor.treatment(decision) == Treatment::Allowed {
                    return false;
                }
                denied = true;
            }
        }
        denied
    }

    /// The vendor that a request is for: of all rules that cover it, the one with the longest host,
    /// then the longest path and terms. `host` in lower case, as the URL standard writes it; `path`
    /// with its leading slash; `query` without the question mark.
    pub fn find(&self, host: &str, path: &str, query: &str) -> Option<&Vendor> {
        let host = host.trim_end_matches('.');
        let mut suffix = host;
        loop {
            let best = self
                .at(suffix)
                .filter(|(_, rule)| rule.covers(suffix.len() == host.len(), path, query))
                // Of two that say the same, the one that may hold back.
                .max_by_key(|(vendor, rule)| {
                    let holds = matches!(vendor.mode, Mode::Block | Mode::Signal);
                    (rule.weight(), holds)
                });
            if let Some((vendor, _)) = best {
                return Some(vendor);
            }
            suffix = suffix.split_once('.')?.1;
        }
    }

    /// Whether a rule of such a vendor could cover some request to `host`.
    pub fn speaks_of(&self, host: &str, such: impl Fn(&Vendor) -> bool) -> bool {
        let mut suffix = host.trim_end_matches('.');
        loop {
            if self.at(suffix).any(|(vendor, _)| such(vendor)) {
                return true;
            }
            let Some((_, above)) = suffix.split_once('.') else {
                return false;
            };
            suffix = above;
        }
    }

    /// All rules under `decision` for what cannot ask, such as a worker: a line each, which begins
    /// with `-` if it permits, `+` if it denies, `!` if it denies all but sockets.
    pub fn rules(&self, decision: &Decision) -> String {
        let mut text = String::new();
        for entry in &self.index {
            let (vendor, rule) = (&self.list[entry.0 as usize], rule_of(&self.list, entry));
            text.push_str(match (vendor.permitted(decision), vendor.sockets) {
                (true, _) => "-",
                (false, true) => "+",
                (false, false) => "!",
            });
            if rule.exact {
                text.push('=');
            }
            for part in [rule.host.as_str(), &rule.path, "?", &rule.terms, "\n"] {
                text.push_str(part);
            }
        }
        text
    }

    /// The rules of exactly that host, with their vendors.
    fn at<'a>(&'a self, host: &str) -> impl Iterator<Item = (&'a Vendor, &'a Rule)> {
        let entries = self.buckets.len().checked_sub(2).map(|mask| {
            let bucket = hash(host) & mask;
            self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize
        });
        self.index[entries.unwrap_or(0..0)]
            .iter()
            .map(|entry| (&self.list[entry.0 as usize], rule_of(&self.list, entry)))
            .filter(move |(_, rule)| rule.host == host)
    }
}

fn rule_of<'a>(list: &'a [Vendor], (vendor, rule): &(u32, u32)) -> &'a Rule {
    &list[*vendor as usize].rules[*rule as usize]
}

/// FNV-1a, mixed once more for the low bits.
fn hash(host: &str) -> usize {
    let mut hash: u32 = 0x811c_9dc5;
    for byte in host.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    (hash ^ (hash >> 15)) as usize
}
