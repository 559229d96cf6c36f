//! The yearly counts of requests that regs 7102 asks for.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::Serialize;

use super::StoreError;

/// The requests of a year. What counts is when the collector received them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// The year, in UTC.
    pub year: u16,
    /// Whether no event of the year has been removed because it was old.
    pub complete: bool,
    /// All requests.
    pub requests: Answered,
    /// The requests of each kind, and the ways they were made.
    pub kinds: BTreeMap<&'static str, OfKind>,
    /// Requests that the publisher must carry out elsewhere; whether that was done, the collector does
    /// not know.
    pub handed_on: HandedOn,
    /// Events that are no requests.
    pub no_requests: NoRequests,
}

/// How many requests there were, and what became of them.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Answered {
    received: u64,
    /// In whole or in part.
    complied: u64,
    denied: u64,
}

/// The requests of one kind.
#[derive(Clone, Debug, Default, Serialize)]
pub struct OfKind {
    #[serde(flatten)]
    answered: Answered,
    how: BTreeMap<&'static str, u64>,
}

/// Requests for what a browser cannot carry out.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HandedOn {
    /// To opt out with data that did not come from the browser.
    opt_out_elsewhere: u64,
    /// To be contacted only so often; no request of the CCPA.
    contact: u64,
}

/// Events that repeat, undo or link what was asked elsewhere.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NoRequests {
    /// A signal that was on at an earlier visit is absent: reported, but nobody asked for anything.
    signal_ended: u64,
    /// The page passed an account's opt-out: that had been asked for before.
    account_applied: u64,
    /// A state was linked to an account.
    linked: u64,
    /// A vendor was reached against a decision.
    violations: u64,
}

const KINDS: [&str; 3] = ["limit", "opt_in", "opt_out"];
const WAYS: [&str; 4] = ["api", "dialog", "link", "signal"];

/// Counts the requests of a year from 1 to 9998.
pub fn counts(connection: &Connection, year: u16) -> Result<Counts, StoreError> {
    let ways = || WAYS.map(|way| (way, 0)).into();
    let of_kind = |kind| {
        let how = ways();
        let answered = Answered::default();
        (kind, OfKind { answered, how })
    };
    let mut counts = Counts {
        year,
        complete: true,
        requests: Answered::default(),
        kinds: KINDS.map(of_kind).into(),
        handed_on: HandedOn::default(),
        no_requests: NoRequests::default(),
    };
    // Times are stored as RFC 3339 in UTC, so their texts are in their order.
    let [begin, end] = [year, year + 1].map(|year| format!("{year:04}-"));
    // Events are removed from the oldest on.
    let removed = "SELECT 1 FROM removals WHERE last_received >= ?1";
    counts.complete = !connection.prepare_cached(removed)?.exists([&begin])?;
    let mut select = connection.prepare_cached(
        "SELECT type, kind, how, earlier_signal, complied, count(*) FROM events
         WHERE received_at >= ?1 AND received_at < ?2
         GROUP BY type, kind, how, earlier_signal, complied",
    )?;
    let mut rows = select.query([begin, end])?;
    while let Some(row) = rows.next()? {
        let group = Group {
            event_type: row.get(0)?,
            kind: row.get(1)?,
            how: row.get(2)?,
            earlier_signal: row.get(3)?,
            complied: row.get(4)?,
            events: row.get(5)?,
        };
        counts.add(&group);
    }
    Ok(counts)
}

/// Events that count alike.
struct Group {
    event_type: String,
    kind: Option<String>,
    how: Option<String>,
    earlier_signal: bool,
    complied: bool,
    events: u64,
}

impl Counts {
    fn add(&mut self, group: &Group) {
        let no_requests = &mut self.no_requests;
        match (group.event_type.as_str(), group.how.as_deref()) {
            ("nosale.link", _) => no_requests.linked += group.events,
            ("nosale.violation", _) => no_requests.violations += group.events,
            ("nosale.request", _) => match group.kind.as_deref() {
                Some("contact") => self.handed_on.contact += group.events,
                _ => self.handed_on.opt_out_elsewhere += group.events,
            },
            (_, Some("account")) => no_requests.account_applied += group.events,
            // Before there was a kind for it, the end of a signal was told by the signals alone.
            ("nosale.signal", _)
                if group.earlier_signal || group.kind.as_deref() == Some("signal_end") =>
            {
                no_requests.signal_ended += group.events;
            }
            _ => self.add_requests(group),
        }
    }

    fn add_requests(&mut self, group: &Group) {
        self.requests.add(group);
        let kind = group.kind.as_deref().unwrap_or_default();
        if let Some(of_kind) = self.kinds.get_mut(kind) {
            of_kind.answered.add(group);
            let how = group.how.as_deref().unwrap_or_default();
            if let Some(requests) = of_kind.how.get_mut(how) {
                *requests += group.events;
            }
        }
    }
}

impl Answered {
    fn add(&mut self, group: &Group) {
        self.received += group.events;
        if group.complied {
            self.complied += group.events;
        } else {
            self.denied += group.events;
        }
    }
}
