//! What `nosale.status()` gives, as data.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::policy::{Choice, Decision, Purpose, Record, Seconds};
use crate::report::SignalsSeen;

/// The state of everything at one moment.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// This module's version.
    pub version: &'static str,
    /// The publisher's policy revision.
    pub revision: u32,
    /// The law that applies: a jurisdiction's code.
    pub jurisdiction: &'static str,
    /// Where the jurisdiction comes from.
    pub jurisdiction_from: JurisdictionFrom,
    /// What shows that this script started too late to hold everything back.
    pub late: Option<Late>,
    /// The signals.
    pub signals: SignalsSeen,
    /// What holds for each purpose.
    pub purposes: Decision,
    /// What is stored on the device.
    pub record: Option<RecordStatus>,
    /// What the gate does.
    pub gate: GateStatus,
    /// The GPP string that the page tells, another tool's sections included.
    pub gpp: String,
    /// The numbers of the sections in force; `[-1]` if none is.
    pub gpp_sections: Vec<i32>,
    /// The US Privacy string that the page tells.
    pub usp: String,
    /// The reports on their way.
    pub reports: ReportsStatus,
}

/// Where the jurisdiction comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JurisdictionFrom {
    /// The config.
    Config,
    /// `setContext()`.
    Context,
    /// Nobody said: the national approach.
    Default,
    /// The `Server-Timing` entry `nosale-geo` of the page.
    ServerTiming,
}

/// Why the script counts as late, and the evidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Late {
    /// What is wrong with the way the script is loaded.
    pub why: Vec<LateBecause>,
    /// Requests to denied vendors that left before the script ran.
    pub requests: Vec<LateRequest>,
}

/// What is wrong with the way the script is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LateBecause {
    /// It ran after the page was parsed: a plug-in or another script put it off.
    AfterParse,
    /// It has the attribute `async`, or a script inserted it.
    Async,
    /// It has the attribute `defer`, or is a module.
    Defer,
    /// Another script stands before it.
    NotFirst,
    /// Requests to denied vendors left before it ran.
    Requests,
}

/// A request that left before the script ran.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LateRequest {
    /// The address, without its query.
    pub url: String,
    /// The vendor's name.
    pub vendor: String,
    /// When it left, in milliseconds since the page's navigation.
    pub start_time: f64,
}

/// What is stored on the device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordStatus {
    /// When the visitor last chose, in seconds since the Unix epoch.
    pub time: Option<Seconds>,
    /// What the visitor said.
    pub choices: Choices,
    /// Since when a signal is honoured, in seconds since the Unix epoch.
    pub signal_since: Option<Seconds>,
}

impl From<&Record> for RecordStatus {
    fn from(record: &Record) -> RecordStatus {
        let said = |purpose: &Purpose| record.choices.of(*purpose).map(|choice| (*purpose, choice));
        RecordStatus {
            time: (record.time > 0).then_some(record.time),
            choices: Choices(Purpose::ALL.iter().filter_map(said).collect()),
            signal_since: record.signal.map(|signal| signal.since),
        }
    }
}

/// What the visitor said; serialized as an object with the purposes' names and `out` or `in`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices(Vec<(Purpose, Choice)>);

impl Serialize for Choices {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (purpose, choice) in &self.0 {
            map.serialize_entry(purpose.name(), choice.name())?;
        }
        map.end()
    }
}

/// What the gate does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GateStatus {
    /// The level: `inert`, `listed` or `strict`.
    pub mode: &'static str,
    /// Whether it holds anything back now.
    pub active: bool,
    /// What the logic runs on.
    pub engine: &'static str,
    /// How many requests and tags it stopped on this page.
    pub blocked: u32,
    /// Whether something that is permitted now starts only when the page is loaded again, because a
    /// policy of strict mode cannot be taken back.
    pub reload: bool,
}

/// The reports on their way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportsStatus {
    /// Waiting for the endpoint's answer.
    pub pending: u32,
    /// Refused by the endpoint and kept for the publisher to look at.
    pub parked: u32,
    /// Left out because the queue was full.
    pub dropped: u32,
    /// Account tokens that changed nothing; their events were taken all the same.
    pub tokens_refused: u32,
    /// What went wrong last.
    pub last_error: Option<String>,
}
