//! What reached each host.

use std::collections::{HashMap, VecDeque};

use axum::http::request::Parts;
use parking_lot::Mutex;
use serde::Serialize;

use crate::host;

/// How many arrivals of one host are remembered; older ones are only counted. A demo that runs
/// for days stays small, and no test comes near it.
const REMEMBERED: usize = 10_000;

/// How many of a third party's last arrivals the panel is told.
const SHOWN: usize = 6;

/// One request that reached a host.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The host it was for: lower case, without port.
    pub host: String,
    /// `GET`, `POST`, `OPTIONS` …
    pub method: String,
    /// The path, as sent.
    pub path: String,
    /// The query, as sent, without `?`; empty if there is none.
    pub query: String,
    /// The headers in the order they came, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; bytes that are not UTF-8 are replaced.
    pub body: String,
}

impl Arrival {
    /// The first header of that name, in whatever case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn new(host: &str, parts: &Parts, body: &[u8]) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            host: host.to_owned(),
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts
                .headers
                .iter()
                .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
                .collect(),
            body: text(body),
        }
    }
}

/// The arrivals of every host.
#[derive(Default)]
pub struct Arrivals(Mutex<HashMap<String, Log>>);

#[derive(Default)]
struct Log {
    count: u64,
    last: VecDeque<Arrival>,
}

impl Arrivals {
    pub fn record(&self, arrival: Arrival) {
        let mut logs = self.0.lock();
        let log = logs.entry(arrival.host.clone()).or_default();
        log.count += 1;
        if log.last.len() == REMEMBERED {
            log.last.pop_front();
        }
        log.last.push_back(arrival);
    }

    pub fn of(&self, host: &str) -> Vec<Arrival> {
        let logs = self.0.lock();
        logs.get(&host::normal(host))
            .map(|log| log.last.iter().cloned().collect())
            .unwrap_or_default()
    }

    pub fn clear(&self) {
        self.0.lock().clear();
    }

    /// What the panel shows: the demo's third parties first, whether or not anything reached them,
    /// then any other in order of name.
    pub fn summary(&self) -> Summary {
        let logs = self.0.lock();
        let mut others: Vec<&str> = logs
            .keys()
            .map(String::as_str)
            .filter(|host| !host::is_publisher(host) && !host::is_bare_loopback(host))
            .filter(|host| !host::THIRD_PARTIES.contains(host))
            .collect();
        others.sort_unstable();
        let hosts = host::THIRD_PARTIES.into_iter().chain(others);
        Summary {
            hosts: hosts
                .map(|host| HostSummary::new(host, logs.get(host)))
                .collect(),
        }
    }
}

/// The answer of `/_arrivals`.
#[derive(Serialize)]
pub struct Summary {
    hosts: Vec<HostSummary>,
}

#[derive(Serialize)]
struct HostSummary {
    host: String,
    count: u64,
    /// The newest first.
    last: Vec<Brief>,
}

#[derive(Serialize)]
struct Brief {
    method: String,
    path: String,
    query: String,
    /// Whether the browser sent the third party's id cookie along.
    cookie: bool,
}

impl HostSummary {
    fn new(host: &str, log: Option<&Log>) -> Self {
        let brief = |arrival: &Arrival| Brief {
            method: arrival.method.clone(),
            path: arrival.path.clone(),
            query: arrival.query.clone(),
            cookie: arrival.header("cookie").is_some(),
        };
        Self {
            host: host.to_owned(),
            count: log.map_or(0, |log| log.count),
            last: log
                .map(|log| log.last.iter().rev().take(SHOWN).map(brief).collect())
                .unwrap_or_default(),
        }
    }
}
