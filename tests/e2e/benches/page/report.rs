//! The tables: in milliseconds for the reader at the machine, as ratios for `docs/benchmarks.md`.

use std::fmt::Write;

use crate::measure::{Sample, Speed};
use crate::pages::Compared;

/// Which measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// Under the signal.
    Decided(Speed),
    /// Under the signal, from the browser's caches.
    Again,
    /// With nothing denied.
    Permitted(Speed),
}

/// A column: its heading, what it is of a load, and how many digits it has.
type Column = (&'static str, fn(&Sample) -> f64, usize);

const DECIDED: [Column; 7] = [
    ("decision", |sample| sample.decided, 2),
    ("script CPU", |sample| sample.script, 2),
    ("main thread CPU", |sample| sample.thread, 1),
    ("blocking", |sample| sample.blocking, 1),
    ("longest task", |sample| sample.longest, 1),
    ("elements", |sample| sample.elements, 0),
    ("layout shift", |sample| sample.shift, 3),
];

const PERMITTED: [Column; 4] = [
    ("first paint", |sample| sample.paint, 1),
    ("advertisement", |sample| sample.ad, 1),
    ("script CPU", |sample| sample.script, 2),
    ("main thread CPU", |sample| sample.thread, 1),
];

/// What came of a run.
pub struct Report<'a> {
    /// Chromium's version.
    pub chromium: String,
    runs: usize,
    compared: &'a [Compared],
    permitted: &'a [Compared],
    samples: Vec<(Row, String, Sample)>,
}

impl<'a> Report<'a> {
    /// An empty one.
    pub fn new(runs: usize, compared: &'a [Compared], permitted: &'a [Compared]) -> Report<'a> {
        Report {
            chromium: String::new(),
            runs,
            compared,
            permitted,
            samples: Vec::new(),
        }
    }

    /// Adds a load of the page of that name.
    pub fn add(&mut self, row: Row, page: &str, sample: Sample) {
        self.samples.push((row, page.to_owned(), sample));
    }

    /// A median; NaN where nothing was measured.
    fn median(&self, row: Row, page: &str, of: fn(&Sample) -> f64) -> f64 {
        let of_page = |(own, name, _): &&(Row, String, Sample)| *own == row && name == page;
        let samples = self.samples.iter().filter(of_page);
        let mut values: Vec<f64> = samples
            .map(|(_, _, sample)| of(sample))
            .filter(|value| value.is_finite())
            .collect();
        values.sort_by(f64::total_cmp);
        match values.len() {
            0 => f64::NAN,
            length if length % 2 == 1 => values[length / 2],
            length => f64::midpoint(values[length / 2 - 1], values[length / 2]),
        }
    }

    fn pages(&self, row: Row) -> Vec<&'a Compared> {
        match row {
            Row::Decided(_) => self.compared.iter().collect(),
            Row::Again => {
                let mut pages = self.compared.iter();
                pages
                    .find(|page| page.name == crate::AGAIN)
                    .into_iter()
                    .collect()
            }
            Row::Permitted(_) => self.permitted.iter().collect(),
        }
    }

    /// Medians as they were measured, for whoever runs it.
    pub fn in_full(&self) -> String {
        let mut text = format!("{}, {} runs, medians in ms\n", self.chromium, self.runs);
        let decided = Speed::ALL.map(|speed| (Row::Decided(speed), &DECIDED[..]));
        let permitted = Speed::ALL.map(|speed| (Row::Permitted(speed), &PERMITTED[..]));
        let tables = decided.into_iter().chain([(Row::Again, &DECIDED[..])]);
        for (row, columns) in tables.chain(permitted) {
            let headings: Vec<&str> = columns.iter().map(|(name, ..)| *name).collect();
            let _ = writeln!(text, "\n{row:?}\n{:<54}{}", "", headings.join(" | "));
            for page in self.pages(row) {
                let cells = columns.iter().map(|&(_, of, digits)| {
                    format!("{:.*}", digits, self.median(row, &page.name, of))
                });
                let cells: Vec<String> = cells.collect();
                let _ = writeln!(text, "{:<54}{}", page.name, cells.join(" | "));
            }
        }
        text
    }

    /// The published tables.
    pub fn in_ratios(&self) -> String {
        let mut text = format!(
            "# What nosale takes of a page's start\n\n\
             Written by `cargo xtask bench page`: {}, headless, {} runs, medians, all in one run, pages in \
             turns. Each page is loaded from a site of its own, so nothing is cached and the process is new; \
             files come compressed with brotli from the same machine. The page has some 400 elements. \
             Processor time is the main thread's own; other figures are by the clock. A machine's \
             milliseconds mean nothing on another, so all are ratios.\n\n\
             - **decision**: from the page's first inline script until the privacy script tells the page \
             whether a tag may run, with Global Privacy Control on; as multiples of nosale.js, and of ten \
             inline lines that only read the signal, which is the limit\n\
             - **script**, **main thread**: processor time of the whole page, as multiples of the empty page\n\
             - **tasks over 50 ms**: what the longest task is of 50 ms, – if none is longer\n\
             - **elements**: added to the page; **shift**: layout shift score\n\n",
            self.chromium, self.runs
        );
        for speed in Speed::ALL {
            let _ = writeln!(text, "## {}\n", speed.name());
            text += "| page | bytes | decision ÷ nosale.js | decision ÷ ten lines | script ÷ empty | main thread ÷ empty | longest task ÷ 50 ms | elements | shift |\n\
                     |---|---:|---:|---:|---:|---:|---:|---:|---:|\n";
            for page in self.pages(Row::Decided(speed)) {
                text += &self.decided(speed, page);
            }
            text.push('\n');
        }
        text += &self.second_visit();
        text += "## Where nothing is denied\n\nWithout the signal, against the same page without nosale: the first paint, and the first request of \
                 an advertisement.\n\n| page | first paint | advertisement | first paint, slow phone | advertisement, slow phone |\n\
                 |---|---:|---:|---:|---:|\n";
        for page in self.permitted {
            let _ = write!(text, "| {} |", page.name);
            for speed in Speed::ALL {
                let row = Row::Permitted(speed);
                let base = &self.permitted[0].name;
                for (_, of, _) in &PERMITTED[..2] {
                    let ratio = self.median(row, &page.name, *of) / self.median(row, base, *of);
                    let _ = write!(text, " {} |", times(ratio));
                }
            }
            text.push('\n');
        }
        text += "\n## What they do\n\n| page | does |\n|---|---|\n";
        for page in self.compared {
            let _ = writeln!(text, "| {} | {} |", titled(page), page.does);
        }
        text
    }

    fn decided(&self, speed: Speed, page: &Compared) -> String {
        let row = Row::Decided(speed);
        let of = |name: &str, of| self.median(row, name, of);
        let ratio =
            |to: &str, value: fn(&Sample) -> f64| times(of(&page.name, value) / of(to, value));
        let longest = of(&page.name, |sample| sample.longest);
        format!(
            "| {} | {} | {} | {} | {} | {} | {} | {:.0} | {:.3} |\n",
            titled(page),
            page.bytes,
            ratio("nosale.js", |sample| sample.decided),
            ratio("ten inline lines", |sample| sample.decided),
            ratio("empty page", |sample| sample.script),
            ratio("empty page", |sample| sample.thread),
            if longest > 50.0 {
                times(longest / 50.0)
            } else {
                "–".to_owned()
            },
            of(&page.name, |sample| sample.elements) - of("empty page", |sample| sample.elements),
            of(&page.name, |sample| sample.shift),
        )
    }

    /// V8 keeps compiled JavaScript with the cached script, but not what is compiled of a string.
    fn second_visit(&self) -> String {
        let again = |value: fn(&Sample) -> f64| {
            let first = self.median(Row::Decided(Speed::Full), crate::AGAIN, value);
            times(self.median(Row::Again, crate::AGAIN, value) / first)
        };
        format!(
            "## A later visit\n\nFrom the browser's caches at full speed, that of compiled scripts included, as multiples of the first: \
             decision {}, script {}, main thread {}. Browsers keep what they have compiled of a cached \
             script; the WebAssembly inside is a string to them, and is compiled on each page, function by \
             function as they are first called.\n\n",
            again(|sample| sample.decided),
            again(|sample| sample.script),
            again(|sample| sample.thread),
        )
    }
}

fn titled(page: &Compared) -> String {
    let version = page.version.as_deref();
    version.map_or_else(
        || page.name.clone(),
        |version| format!("{} {version}", page.name),
    )
}

fn times(ratio: f64) -> String {
    if !ratio.is_finite() {
        return "–".to_owned();
    }
    format!("{ratio:.*}", if ratio < 10.0 { 2 } else { 0 })
}
