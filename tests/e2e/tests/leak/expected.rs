//! The expected table: what leaks and why, and what this browser does not do. A file that people
//! review, `tests/data/leaks.toml`.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write as _;

use serde_json::Value;

/// A reason, with the ways that have it.
#[derive(Clone, Debug, Default)]
pub struct Leak {
    /// Why nosale does not stop it.
    pub because: String,
    /// What the publisher can do.
    pub helps: String,
    /// Whether it is a race, which nosale may win or lose.
    pub sometimes: bool,
    /// By column, the ways.
    pub ways: BTreeMap<String, BTreeSet<String>>,
}

/// The file.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    /// Ways that this browser does not have, with the reason.
    pub unsupported: Vec<(String, BTreeSet<String>)>,
    /// What leaks.
    pub leaks: Vec<Leak>,
    /// What does not arrive at the permitted third party, in the same form.
    pub lost: Vec<Leak>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn names(value: &Value) -> BTreeSet<String> {
    value.as_array().into_iter().flatten().map(text).collect()
}

impl Leak {
    /// Its (column, way).
    pub fn all(&self) -> impl Iterator<Item = (String, String)> {
        let ways = self.ways.clone().into_iter();
        ways.flat_map(|(column, ways)| ways.into_iter().map(move |way| (column.clone(), way)))
    }

    /// Whether this is the reason of that way in another column. References that a page saved are
    /// a matter of their own.
    fn explains(&self, column: &str, way: &str) -> bool {
        let saved = |column: &str| column.ends_with("-saved");
        let mut same = self
            .ways
            .iter()
            .filter(|(other, _)| saved(other) == saved(column));
        !self.because.is_empty() && same.any(|(_, ways)| ways.contains(way))
    }
}

impl Expected {
    pub fn parse(file: &str) -> Expected {
        let file: Value = toml::from_str(file).expect("tests/data/the expected table is TOML");
        let rows = |key: &str| file[key].as_array().cloned().unwrap_or_default();
        let unsupported = rows("unsupported");
        let unsupported = unsupported
            .iter()
            .map(|row| (text(&row["because"]), names(&row["ways"])));
        let leak = |row: &Value| Leak {
            because: text(&row["because"]),
            helps: text(&row["helps"]),
            sometimes: row["sometimes"] == true,
            ways: row["ways"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(column, ways)| (column.clone(), names(ways)))
                .collect(),
        };
        Expected {
            unsupported: unsupported.collect(),
            leaks: rows("leak").iter().map(leak).collect(),
            lost: rows("lost").iter().map(leak).collect(),
        }
    }

    pub fn unsupported(&self) -> HashSet<String> {
        self.unsupported
            .iter()
            .flat_map(|(_, ways)| ways)
            .cloned()
            .collect()
    }

    /// Every leak that is listed, as (column, way).
    pub fn leaking(&self) -> BTreeSet<(String, String)> {
        self.leaks.iter().flat_map(Leak::all).collect()
    }

    /// Those that are a race.
    pub fn races(&self) -> BTreeSet<(String, String)> {
        let races = self.leaks.iter().filter(|leak| leak.sometimes);
        races.flat_map(Leak::all).collect()
    }

    /// The same file after a change: what no longer leaks is gone, and what leaks for no reason
    /// that is known of it waits for one at the end.
    pub fn follow(&mut self, leaking: &BTreeSet<(String, String)>, unsupported: &BTreeSet<String>) {
        let mut unexplained = Leak::default();
        for (column, way) in leaking.difference(&self.leaking()) {
            let known = self
                .leaks
                .iter_mut()
                .find(|leak| leak.explains(column, way));
            let ways = &mut known.unwrap_or(&mut unexplained).ways;
            ways.entry(column.clone()).or_default().insert(way.clone());
        }
        self.leaks.push(unexplained);
        for leak in self.leaks.iter_mut().filter(|leak| !leak.sometimes) {
            for (column, ways) in &mut leak.ways {
                ways.retain(|way| leaking.contains(&(column.clone(), way.clone())));
            }
            leak.ways.retain(|_, ways| !ways.is_empty());
        }
        self.leaks.retain(|leak| !leak.ways.is_empty());

        for (_, ways) in &mut self.unsupported {
            ways.retain(|way| unsupported.contains(way));
        }
        let known = self.unsupported();
        let new = unsupported
            .iter()
            .filter(|way| !known.contains(*way))
            .cloned();
        self.unsupported.push((String::new(), new.collect()));
        self.unsupported.retain(|(_, ways)| !ways.is_empty());
    }

    pub fn write(&self, head: &str) -> String {
        let mut file = head.to_owned();
        let list = |ways: &BTreeSet<String>| {
            let lines: Vec<String> = ways.iter().map(|way| format!("    {way:?},\n")).collect();
            format!("[\n{}]", lines.concat())
        };
        for (because, ways) in &self.unsupported {
            let _ = writeln!(
                file,
                "\n[[unsupported]]\nbecause = {because:?}\nways = {}",
                list(ways)
            );
        }
        let leaks = self.leaks.iter().map(|leak| ("leak", leak));
        let lost = self.lost.iter().map(|lost| ("lost", lost));
        for (table, leak) in leaks.chain(lost) {
            let _ = writeln!(
                file,
                "\n[[{table}]]\nbecause = {:?}\nhelps = {:?}",
                leak.because, leak.helps
            );
            if leak.sometimes {
                let _ = writeln!(file, "sometimes = true");
            }
            let _ = writeln!(file, "[{table}.ways]");
            for (column, ways) in &leak.ways {
                let _ = writeln!(file, "{column} = {}", list(ways));
            }
        }
        file
    }
}
