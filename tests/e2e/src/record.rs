//! The record on the visitor's device, in the grammar that the README gives.

/// A record of somebody who opted out of everything in California, in June 2025.
pub const OPTED_OUT: &str = "1.1750000000.ooooo.1.US-CA.-.-";

/// A record of somebody who opted in to everything then.
pub const OPTED_IN: &str = "1.1750000000.ccccc.1.US-CA.-.-";

/// A record taken apart:
/// `1.<time>.<choices>.<revision>.<jurisdiction>.<signal>.<account>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Seconds since 1970 of the last choice; 0 when there was none.
    pub time: u64,
    /// A letter for each purpose in the order sale, sharing, targeted advertising, profiling,
    /// sensitive data: `o` out, `c` in (confirmed in the dialog), `i` in (through the API), `-`.
    pub choices: String,
    /// The policy's number at the time of the choice.
    pub revision: u32,
    /// `US-CA` …, `US`, `none`.
    pub jurisdiction: String,
    /// `-`, or seconds since 1970 when the signal was first honoured, with `e` behind it if it was
    /// gone at the last visit.
    pub signal: String,
    /// `-`, or `o` and `-` for each purpose that the page's account opted out of.
    pub account: String,
}

impl Record {
    /// Reads a record.
    ///
    /// # Panics
    ///
    /// If `text` is none.
    #[must_use]
    #[track_caller]
    pub fn parse(text: &str) -> Record {
        let parts: Vec<&str> = text.split('.').collect();
        let ["1", time, choices, revision, jurisdiction, signal, account] = parts[..] else {
            panic!("no record: {text:?}")
        };
        assert_eq!(choices.len(), 5, "a letter for each purpose: {text:?}");
        assert!(text.len() < 200, "too long: {text:?}");
        Record {
            time: time.parse().expect("a time"),
            choices: choices.to_owned(),
            revision: revision.parse().expect("a revision"),
            jurisdiction: jurisdiction.to_owned(),
            signal: signal.to_owned(),
            account: account.to_owned(),
        }
    }

    /// Whether a signal was honoured and was on at the last visit.
    #[must_use]
    pub fn signal_on(&self) -> bool {
        self.signal.parse::<u64>().is_ok_and(|since| since > 0)
    }
}
