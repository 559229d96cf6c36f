//! Reports: what is sent to the publisher's endpoint, as CloudEvents 1.0. The
//! visitor gets the same as a receipt: the data, the id as its number, and the time.
//!
//! This file holds the events; its rooms hold the rules of their delivery: which wait and which go
//! together, what an answer means, how long to pause, which tab sends.
//!
//! A report holds what records of requests must hold (regs 7101) and nothing else: no address, no
//! user agent, no identifier of the visitor.

pub mod answer;
pub mod lease;
pub mod pause;
pub mod queue;
pub mod token;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::policy::{ByPurpose, Decision, Purpose, Purposes, Reason, Signals, Treatment};

/// A report: a CloudEvents 1.0 event in JSON.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// Always `1.0`.
    pub specversion: &'static str,
    /// A UUID; the receipt number.
    pub id: String,
    /// The page's origin.
    pub source: String,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// When, in RFC 3339.
    pub time: String,
    /// Always `application/json`.
    pub datacontenttype: &'static str,
    /// How many events before this one were left out because the queue was full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropped: Option<u32>,
    /// The token by which the publisher's server vouches for the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounttoken: Option<String>,
    /// What there is to say of it.
    pub data: Data,
}

impl Event {
    /// An event of this type. `id` is a UUID, `source` the page's origin, `time` is RFC 3339.
    pub fn new(kind: EventType, id: String, source: String, time: String, data: Data) -> Event {
        Event {
            specversion: "1.0",
            id,
            source,
            kind,
            time,
            datacontenttype: "application/json",
            dropped: None,
            accounttoken: None,
            data,
        }
    }
}

/// What a report tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum EventType {
    /// The visitor chose.
    #[serde(rename = "nosale.choice")]
    Choice,
    /// The state was linked to an account.
    #[serde(rename = "nosale.link")]
    Link,
    /// The visitor asked for something that this browser cannot carry out.
    #[serde(rename = "nosale.request")]
    Request,
    /// The signal's state first showed, or changed.
    #[serde(rename = "nosale.signal")]
    Signal,
}

/// A report's data.
#[derive(Clone, Debug, Serialize)]
pub struct Data {
    /// What was asked.
    pub kind: Kind,
    /// How it was asked.
    pub how: How,
    /// What holds for each purpose now, and whether it was permitted before.
    pub purposes: ByPurpose<Change>,
    /// The signals at that moment.
    pub signals: SignalsSeen,
    /// The law that applied: a jurisdiction's code.
    pub jurisdiction: &'static str,
    /// The GPP string of nosale's own sections: what another tool says of the visitor is not
    /// nosale's to report.
    pub gpp: String,
    /// The US Privacy string that the page tells.
    pub usp: String,
    /// The publisher's policy revision.
    pub revision: u32,
    /// This module's version.
    pub module: &'static str,
    /// How each vendor is treated now.
    pub vendors: Treatments,
    /// The page's origin; with its path where the publisher asks for it, never with its query.
    pub page: String,
    /// The publisher's own id of the visitor's account, if the page named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What the account is asked to allow again. The account's opt-out binds the person, so it holds
    /// in the page until the publisher says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifts: Option<Purposes>,
}

/// What was asked (regs 7101: the kind of request).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// To be contacted in some ways only so often, or never.
    Contact,
    /// To limit the use of sensitive data, and nothing else (regs 7027).
    Limit,
    /// Nothing: what holds was linked to an account.
    Link,
    /// To allow something again.
    OptIn,
    /// To stop something.
    OptOut,
    /// To stop it with data that did not come from this browser.
    OptOutElsewhere,
    /// Nothing: a signal that was on at an earlier visit is absent.
    SignalEnd,
}

impl Kind {
    /// What a choice about `purposes` is.
    pub fn of_choice(purposes: Purposes, opted_in: bool) -> Kind {
        if opted_in {
            Kind::OptIn
        } else if purposes == Purposes::of(&[Purpose::SensitiveData]) {
            Kind::Limit
        } else {
            Kind::OptOut
        }
    }
}

/// How it was asked (regs 7101: the manner of the request).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The visitor's account, as the page passed it.
    Account,
    /// A call by the page.
    Api,
    /// A button in the dialog.
    Dialog,
    /// The link itself, where the dialog did not come.
    Link,
    /// An opt-out preference signal.
    Signal,
}

/// What holds for a purpose after the event, and what held before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Whether the purpose is permitted now.
    pub allowed: bool,
    /// Because of what.
    pub because: Reason,
    /// Whether it was permitted before.
    pub before: bool,
}

impl Change {
    /// The change of every purpose between two decisions.
    pub fn between(before: &Decision, now: &Decision) -> ByPurpose<Change> {
        ByPurpose::from_fn(|purpose| {
            let ruling = now.of(purpose);
            Change {
                allowed: ruling.allowed,
                because: ruling.because,
                before: before.of(purpose).allowed,
            }
        })
    }
}

/// The signals, as `status()` and reports show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignalsSeen {
    /// Global Privacy Control; `None` where the browser does not know it.
    pub gpc: Option<bool>,
    /// Whether the visitor's account is opted out of anything.
    pub account: bool,
    /// The visitor's age band, where the publisher knows it.
    pub age: Option<&'static str>,
    /// Whether the signal was on at an earlier visit and is absent now.
    pub earlier_signal: bool,
}

impl SignalsSeen {
    /// The signals of one moment; `earlier_signal` comes from the record.
    pub fn new(signals: &Signals, earlier_signal: bool) -> SignalsSeen {
        SignalsSeen {
            gpc: signals.gpc.as_option(),
            account: !signals.account.is_empty(),
            age: signals.age.map(|age| age.name()),
            earlier_signal,
        }
    }
}

/// How each vendor is treated; serialized as an object with the vendors' names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Treatments(pub Vec<(String, Treatment)>);

impl Serialize for Treatments {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, treatment) in &self.0 {
            map.serialize_entry(name, treatment)?;
        }
        map.end()
    }
}
