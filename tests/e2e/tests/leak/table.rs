//! The table for readers: way by column, totals, and the reasons.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write as _;

use super::expected::Expected;
use super::laboratory::{Column, Outcome};
use super::modes::{MODES, Mode};
use super::ways::{Kind, Way};

/// What was measured.
pub struct Table<'a> {
    /// In what.
    pub browser: &'static str,
    pub ways: &'a [Way],
    pub columns: BTreeMap<&'static str, Column>,
}

impl Table<'_> {
    /// Adds what reached the denied third party in another measurement.
    pub fn add(&mut self, again: BTreeMap<&'static str, Column>) {
        for (column, outcomes) in again {
            let Some(Some(known)) = self.columns.get_mut(column) else {
                continue;
            };
            for (way, outcome) in outcomes.into_iter().flatten() {
                if let Some(known) = known.get_mut(way) {
                    known.denied |= outcome.denied;
                }
            }
        }
    }

    fn outcome(&self, mode: &Mode, way: &Way) -> Option<Outcome> {
        self.columns
            .get(mode.slug)?
            .as_ref()?
            .get(way.name)
            .copied()
    }

    /// The ways that do not reach any third party in this browser.
    pub fn unsupported(&self) -> BTreeSet<String> {
        let open = &MODES[0];
        let dead = |way: &&Way| {
            self.outcome(open, way)
                .is_some_and(|came| !came.denied && !came.permitted)
        };
        self.ways
            .iter()
            .filter(dead)
            .map(|way| way.name.to_owned())
            .collect()
    }

    /// The columns that have figures, and are about a denial.
    fn denying(&self) -> impl Iterator<Item = &Mode> {
        let there = |mode: &&Mode| self.columns.get(mode.slug).is_some_and(Option::is_some);
        MODES
            .iter()
            .filter(|mode| !mode.denies_nothing())
            .filter(there)
    }

    /// What reached the denied third party, as (column, way).
    pub fn leaking(&self) -> BTreeSet<(String, String)> {
        let of = |mode: &Mode| {
            let leaks = |way: &&Way| self.outcome(mode, way).is_some_and(|came| came.denied);
            let leaking = self.ways.iter().filter(leaks);
            leaking
                .map(|way| (mode.slug.to_owned(), way.name.to_owned()))
                .collect::<Vec<_>>()
        };
        self.denying().flat_map(of).collect()
    }

    /// What should have arrived and did not, as (column, way).
    pub fn lost(&self) -> BTreeSet<(String, String)> {
        let unsupported = self.unsupported();
        let mut lost = BTreeSet::new();
        for mode in &MODES {
            for way in self.ways {
                let came = self.outcome(mode, way);
                if came.is_some_and(|came| !came.permitted || mode.denies_nothing() && !came.denied)
                    && !unsupported.contains(way.name)
                {
                    lost.insert((mode.slug.to_owned(), way.name.to_owned()));
                }
            }
        }
        lost
    }

    fn cell(
        &self,
        mode: &Mode,
        way: &Way,
        races: &BTreeSet<(String, String)>,
        unsupported: &BTreeSet<String>,
    ) -> &'static str {
        match self.outcome(mode, way) {
            _ if unsupported.contains(way.name) => "unsupported",
            Some(came)
                if came.permitted
                    && races.contains(&(mode.slug.to_owned(), way.name.to_owned())) =>
            {
                "**LEAKS** sometimes"
            }
            None => "–",
            Some(came) if came.denied && !came.permitted => "**LEAKS**, permitted lost",
            Some(came) if came.denied => "**LEAKS**",
            Some(came) if !came.permitted => "stopped, permitted lost",
            Some(_) => "stopped",
        }
    }

    /// The whole text.
    pub fn markdown(&self, expected: &Expected) -> String {
        let (races, unsupported) = (expected.races(), self.unsupported());
        let mut text = HEAD.replace("{browser}", self.browser);
        let modes: Vec<&Mode> = self.denying().collect();

        text.push_str("## Totals\n\n| mode | ways | stopped | leak | permitted third party |\n|---|---|---|---|---|\n");
        for mode in &modes {
            let supported = self
                .ways
                .iter()
                .filter(|way| !unsupported.contains(way.name));
            let outcomes = supported.filter_map(|way| Some((way, self.outcome(mode, way)?)));
            let outcomes: Vec<(&Way, Outcome)> = outcomes.collect();
            let race = |way: &Way| races.contains(&(mode.slug.to_owned(), way.name.to_owned()));
            let leaks = outcomes
                .iter()
                .filter(|(way, came)| came.denied || race(way))
                .count();
            let arrived = outcomes.iter().filter(|(_, came)| came.permitted).count();
            let all = outcomes.len();
            let _ = writeln!(
                text,
                "| {} | {all} | {} | {leaks} | {arrived} of {all} arrive |",
                mode.title,
                all - leaks
            );
        }
        let missing = MODES
            .iter()
            .filter(|mode| matches!(self.columns.get(mode.slug), Some(None)));
        let missing: Vec<&str> = missing.map(|mode| mode.title).collect();
        if !missing.is_empty() {
            let _ = writeln!(text, "\nNot in this version: {}.", missing.join("; "));
        }

        for (kind, title, about) in [
            (
                Kind::Markup,
                "In markup",
                "What stands in the HTML that the server sends.",
            ),
            (
                Kind::Script,
                "From scripts",
                "What the page's own scripts do, in a file that stands in the body.",
            ),
        ] {
            let about_kind = |mode: &&&Mode| mode.only.is_none_or(|only| only == kind);
            let modes: Vec<&&Mode> = modes.iter().filter(about_kind).collect();
            let _ = write!(text, "\n## {title}\n\n{about}\n\n| way |");
            for mode in &modes {
                let _ = write!(text, " {} |", mode.title);
            }
            let _ = writeln!(text, "\n|---|{}", "---|".repeat(modes.len()));
            for way in self.ways.iter().filter(|way| way.kind == kind) {
                let _ = write!(text, "| {} |", way.name);
                for mode in &modes {
                    let _ = write!(text, " {} |", self.cell(mode, way, &races, &unsupported));
                }
                text.push('\n');
            }
        }

        text.push_str("\n## Why what leaks does\n");
        for leak in &expected.leaks {
            let count: HashSet<&String> = leak.ways.values().flatten().collect();
            let because = if leak.because.is_empty() {
                "Not explained yet."
            } else {
                &leak.because
            };
            let _ = writeln!(text, "\n**{because}** What helps: {}", leak.helps);
            let _ = writeln!(text, "\n{} ways:\n", count.len());
            for (column, ways) in &leak.ways {
                let title = MODES
                    .iter()
                    .find(|mode| mode.slug == column)
                    .map_or("?", |mode| mode.title);
                let ways: Vec<&str> = ways.iter().map(String::as_str).collect();
                let _ = writeln!(text, "- {title}: {}", ways.join("; "));
            }
        }
        if !expected.lost.is_empty() {
            text.push_str("\n## What does not arrive where it is permitted\n");
        }
        for lost in &expected.lost {
            let ways: BTreeSet<&str> = lost.ways.values().flatten().map(String::as_str).collect();
            let ways: Vec<&str> = ways.into_iter().collect();
            let (because, helps) = (&lost.because, &lost.helps);
            let _ = writeln!(text, "\n{}: {because} What helps: {helps}", ways.join("; "));
        }
        text.push_str("\n## What this browser does not do\n\n");
        for (because, ways) in &expected.unsupported {
            let ways: Vec<&str> = ways.iter().map(String::as_str).collect();
            let _ = writeln!(text, "- {}: {because}", ways.join("; "));
        }
        text
    }
}

const HEAD: &str = "# What leaks in {browser}

Written by the test `leak` of tests/e2e (`UPDATE=1 cargo test -p e2e --test leak`): each way by which a page reaches a third party, tried in
{browser} against a denied third party and a permitted one, with nosale.js as an external file first in the head. \"Stopped\" means that nothing
arrived at the denied third party's server. Without nosale each way reaches both, with nothing denied as well, and the permitted one is reached
in every mode. `dns-prefetch` is left out: what it sends goes to a name server, never to the third party, and names on loopback need none.

| mode | what it is |
|---|---|
| inert | the markup is inert, `gate.mode` is `inert`; the signal is on as the page loads |
| inert + strict | the same with `gate.mode` `strict`; markup that has no inert form stands there as it is |
| listed, strict | `gate.mode`; the signal is on as the page loads |
| inline snippet, then listed | the page has the inline snippet, and nosale.js comes after the way was used, as it may with `async`; the signal is on |
| mid-page | the page opts out by `nosale.optOut()`, then uses the way; in markup, a script in the head opts out |
| saved references | the page saves every function and setter of its interfaces, opts out, then uses the way by those |

";
