//! The record: what is kept on the visitor's device, as text that a server can read too.
//!
//! ```text
//! record       = "1" "." time "." choices "." revision "." jurisdiction "." signal "." account
//! time         = seconds since the Unix epoch of the last choice; 0 before the first
//! choices      = 5 letters, for sale, sharing, targeted_advertising, profiling, sensitive_data:
//!                "o" opted out, "c" opted in and confirmed in nosale's dialog,
//!                "i" opted in on a page of the publisher's, "-" nothing said
//! revision     = the publisher's policy revision at the last choice
//! jurisdiction = "US", "US-CA", …, "none": the law at the last choice
//! signal       = "-" never seen | seconds (a signal is honoured since then)
//!                | seconds "e" (the same, but the signal has since ended)
//! account      = "-" | 5 letters, "o" where the visitor's account is opted out, else "-"
//! ```
//!
//! Example: `1.1795291200.ooo--.1.US-CA.1795290000.-`. A signal has a field of its own and is never
//! written as a choice.

use super::{ByPurpose, Gpc, Jurisdiction, Purpose, Purposes, Seconds, Signals};
use crate::text::digits;

/// The longest record that is read, in bytes.
pub const MAX_RECORD_BYTES: usize = 200;

/// How far a record's time may lie ahead of the clock, in seconds, before it counts as unreadable:
/// clocks are set back, and each of several choices in one second is a second later than the last.
const CLOCK_SLACK: Seconds = 600;

/// What a visitor said about a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Opted out.
    Out,
    /// Opted in on a page of the publisher's, which nosale cannot vouch for.
    In,
    /// Opted in, in the two steps of nosale's own dialog (regs 7028).
    Confirmed,
}

impl Choice {
    /// As `status()` shows it.
    pub fn name(self) -> &'static str {
        match self {
            Choice::Out => "out",
            Choice::In | Choice::Confirmed => "in",
        }
    }

    /// Whether the visitor opted in, either way.
    pub fn is_in(self) -> bool {
        self != Choice::Out
    }

    fn letter(choice: Option<Choice>) -> char {
        match choice {
            None => '-',
            Some(Choice::Out) => 'o',
            Some(Choice::In) => 'i',
            Some(Choice::Confirmed) => 'c',
        }
    }

    fn from_letter(letter: u8) -> Option<Option<Choice>> {
        match letter {
            b'-' => Some(None),
            b'o' => Some(Some(Choice::Out)),
            b'i' => Some(Some(Choice::In)),
            b'c' => Some(Some(Choice::Confirmed)),
            _ => None,
        }
    }

    /// Of two answers given at the same second, the more protective.
    fn more_protective(one: Option<Choice>, other: Option<Choice>) -> Option<Choice> {
        let rank = |choice| match choice {
            Some(Choice::Out) => 0,
            None => 1,
            Some(Choice::In) => 2,
            Some(Choice::Confirmed) => 3,
        };
        if rank(one) <= rank(other) { one } else { other }
    }
}

/// An opt-out signal that was seen on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignalSeen {
    /// When it was first honoured, or first again after it had ended.
    pub since: Seconds,
    /// It was absent at the last visit.
    pub ended: bool,
}

impl SignalSeen {
    /// Of two, the one that began later: it ends more opt-ins. Of one seen twice, its end counts.
    fn later(one: Option<SignalSeen>, other: Option<SignalSeen>) -> Option<SignalSeen> {
        match (one, other) {
            (Some(one), Some(other)) if one.since == other.since => Some(SignalSeen {
                since: one.since,
                ended: one.ended || other.ended,
            }),
            (Some(one), Some(other)) => Some(if one.since > other.since { one } else { other }),
            (one, other) => one.or(other),
        }
    }
}

/// What is stored on the device. See the module documentation for its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// When the visitor last chose; 0 before the first choice.
    pub time: Seconds,
    /// What the visitor said.
    pub choices: ByPurpose<Option<Choice>>,
    /// The publisher's policy revision at the last choice.
    pub revision: u32,
    /// The law at the last choice.
    pub jurisdiction: &'static Jurisdiction,
    /// The signal's own field.
    pub signal: Option<SignalSeen>,
    /// What an account passed by the page was opted out of.
    pub account: Purposes,
}

impl Record {
    /// A record in which nobody has said anything yet.
    pub fn empty() -> Record {
        Record {
            time: 0,
            choices: ByPurpose::default(),
            revision: 0,
            jurisdiction: Jurisdiction::national(),
            signal: None,
            account: Purposes::NONE,
        }
    }

    /// Reads a record's text; `None` for anything but a record of this version, whole and not of
    /// the future.
    pub fn parse(text: &str, now: Seconds) -> Option<Record> {
        if text.len() > MAX_RECORD_BYTES {
            return None;
        }
        let mut parts = text.split('.');
        if parts.next()? != "1" {
            return None;
        }
        let time = number(parts.next()?)?;
        let choices = letters(parts.next()?)?;
        let revision = u32::try_from(number(parts.next()?)?).ok()?;
        let jurisdiction = Jurisdiction::from_code(parts.next()?)?;
        let signal = match parts.next()? {
            "-" => None,
            text => Some(match text.strip_suffix('e') {
                Some(seconds) => SignalSeen {
                    since: number(seconds)?,
                    ended: true,
                },
                None => SignalSeen {
                    since: number(text)?,
                    ended: false,
                },
            }),
        };
        let account = match parts.next()? {
            "-" => Purposes::NONE,
            text => {
                let account = letters(text)?;
                if Purpose::ALL
                    .iter()
                    .any(|purpose| account.of(*purpose).is_some_and(Choice::is_in))
                {
                    return None;
                }
                account.purposes_where(Option::is_some)
            }
        };
        if parts.next().is_some() {
            return None;
        }
        let latest = time.max(signal.map_or(0, |signal| signal.since));
        if latest > now.saturating_add(CLOCK_SLACK) {
            return None;
        }
        Some(Record {
            time,
            choices,
            revision,
            jurisdiction,
            signal,
            account,
        })
    }

    /// The record's text.
    pub fn to_text(&self) -> String {
        let mut text = String::from("1.");
        text.push_str(&digits(self.time));
        text.push('.');
        for purpose in Purpose::ALL {
            text.push(Choice::letter(*self.choices.of(purpose)));
        }
        text.push('.');
        text.push_str(&digits(self.revision.into()));
        text.push('.');
        text.push_str(self.jurisdiction.code);
        text.push('.');
        match self.signal {
            None => text.push('-'),
            Some(signal) => {
                text.push_str(&digits(signal.since));
                if signal.ended {
                    text.push('e');
                }
            }
        }
        text.push('.');
        if self.account.is_empty() {
            text.push('-');
        } else {
            for purpose in Purpose::ALL {
                text.push(if self.account.has(purpose) { 'o' } else { '-' });
            }
        }
        text
    }

    /// Whether the visitor opted in to `purpose` after the last signal began: an older opt-in does
    /// not outlive a newer signal (regs 7025(c)(3)).
    pub fn opted_in(&self, purpose: Purpose) -> Option<Choice> {
        let choice = self.choices.of(purpose).filter(|choice| choice.is_in())?;
        let after_signal = self.signal.is_none_or(|signal| self.time > signal.since);
        after_signal.then_some(choice)
    }

    /// Whether the visitor opted out of `purpose`.
    pub fn opted_out(&self, purpose: Purpose) -> bool {
        *self.choices.of(purpose) == Some(Choice::Out)
    }

    /// Of two copies the newer; of two from the same second, the more protective of each part. A
    /// signal is kept from either: an opt-in that came after it counts all the same.
    pub fn merge(self, other: Record) -> Record {
        let (newer, older) = if self.time >= other.time {
            (self, other)
        } else {
            (other, self)
        };
        let mut merged = newer;
        if newer.time == older.time {
            merged.choices = ByPurpose::from_fn(|purpose| {
                Choice::more_protective(*newer.choices.of(purpose), *older.choices.of(purpose))
            });
            merged.account = newer.account.union(older.account);
        }
        merged.signal = SignalSeen::later(newer.signal, older.signal);
        merged
    }
}

/// What the device holds: nothing, a record, or something that cannot be read, which denies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// The record, merged from all readable copies.
    pub record: Option<Record>,
    /// A copy was there that could not be read: broken, foreign, too long, of the future or of a
    /// newer version. It is left as it is until the visitor chooses.
    pub unreadable: bool,
}

impl Stored {
    /// Reads every copy found on the device.
    pub fn read<'a>(copies: impl IntoIterator<Item = &'a str>, now: Seconds) -> Stored {
        let mut stored = Stored::default();
        for copy in copies {
            match (Record::parse(copy, now), stored.record) {
                (Some(record), Some(known)) => stored.record = Some(known.merge(record)),
                (Some(record), None) => stored.record = Some(record),
                (None, _) => stored.unreadable = true,
            }
        }
        stored
    }

    /// Takes in what the page and the browser say now; true if that changed the record. A signal
    /// that comes back after it had ended begins anew, so that no opt-in from between outlives it.
    pub fn observe(&mut self, signals: &Signals, now: Seconds) -> bool {
        let before = self.record;
        let mut record = before.unwrap_or_else(Record::empty);
        let on = signals.gpc == Gpc::On;
        record.signal = match record.signal {
            Some(seen) if on && !seen.ended => Some(seen),
            _ if on => Some(SignalSeen {
                since: now.max(record.time),
                ended: false,
            }),
            Some(seen) => Some(SignalSeen {
                ended: true,
                ..seen
            }),
            None => None,
        };
        record.account = record.account.union(signals.account);
        if record == before.unwrap_or_else(Record::empty) {
            return false;
        }
        self.record = Some(record);
        true
    }

    /// Writes down what the visitor said about `purposes`. What an unreadable copy may have held
    /// counts as opted out from here on; opt-ins older than the last signal are dropped.
    pub fn choose(
        &mut self,
        purposes: Purposes,
        choice: Choice,
        now: Seconds,
        revision: u32,
        jurisdiction: &'static Jurisdiction,
    ) {
        let before = self.record.unwrap_or_else(Record::empty);
        let mut record = before;
        for purpose in Purpose::ALL {
            let said = record.choices.of_mut(purpose);
            if purposes.has(purpose) {
                *said = Some(choice);
            } else if self.unreadable {
                *said = Some(Choice::Out);
            } else if said.is_some_and(Choice::is_in) && before.opted_in(purpose).is_none() {
                *said = None;
            }
        }
        if choice == Choice::Confirmed {
            // Only where the page does not say it now: what it says denies, and is not asked about.
            record.account = record.account.without(purposes);
        }
        let last = before
            .time
            .max(before.signal.map_or(0, |signal| signal.since));
        record.time = now.max((last + 1).min(now.saturating_add(CLOCK_SLACK)));
        record.revision = revision;
        record.jurisdiction = jurisdiction;
        *self = Stored {
            record: Some(record),
            unreadable: false,
        };
    }
}

/// Decimal digits without sign or needless zeros.
fn number(text: &str) -> Option<u64> {
    let plain = text.len() <= 12
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}

fn letters(text: &str) -> Option<ByPurpose<Option<Choice>>> {
    let bytes: &[u8; 5] = text.as_bytes().try_into().ok()?;
    let mut choices = ByPurpose::default();
    for (purpose, letter) in Purpose::ALL.into_iter().zip(bytes) {
        *choices.of_mut(purpose) = Choice::from_letter(*letter)?;
    }
    Some(choices)
}
