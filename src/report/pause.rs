//! How long to wait after a failure: growing pauses with jitter, and what the endpoint asks for.

use crate::text::digits;

const FIRST_MS: u32 = 1_000;
const LONGEST_MS: u32 = 3_600_000;
/// The longest wait that an endpoint may ask for.
const LONGEST_ASKED_MS: u64 = 24 * 3_600_000;
/// Beyond it, pauses are the longest anyway.
const MAX_FAILURES: u32 = 20;

/// What is known of an endpoint that has failed; as text, it outlives the page.
///
/// ```text
/// text = failures " " until
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trouble {
    /// How often it has failed since it last took something.
    pub failures: u32,
    /// The time that it asked to be left alone until, in milliseconds since the Unix epoch; else 0.
    pub until: u64,
}

impl Trouble {
    /// Reads the text. What is broken, or lies further ahead than any endpoint may ask for, is none.
    pub fn parse(text: &str, now: u64) -> Trouble {
        let parts = text.split_once(' ');
        let parts = parts.and_then(|(failures, until)| {
            Some((failures.parse::<u64>().ok()?, until.parse::<u64>().ok()?))
        });
        let (failures, until) = parts.unwrap_or_default();
        Trouble {
            failures: failures.min(MAX_FAILURES.into()) as u32,
            until: if until > now.saturating_add(LONGEST_ASKED_MS) {
                0
            } else {
                until
            },
        }
    }

    /// The text.
    pub fn to_text(self) -> String {
        [&digits(self.failures.into()), " ", &digits(self.until)].concat()
    }

    /// One more failure, after which the endpoint [`asked`] for so many milliseconds. Gives the pause
    /// in milliseconds; `random` is from 0 to 1.
    pub fn failed(&mut self, now: u64, random: f64, asked: Option<u64>) -> u32 {
        let own = pause(self.failures, random);
        self.failures = (self.failures + 1).min(MAX_FAILURES);
        let asked = asked.unwrap_or(0);
        self.until = if asked > 0 { now + asked } else { 0 };
        // A day of milliseconds fits.
        own.max(asked as u32)
    }

    /// How long the endpoint still asks to be left alone, in milliseconds. Neither a new page nor
    /// the network's return ends that; they end nosale's own pauses.
    pub fn wait(self, now: u64) -> u32 {
        self.until.saturating_sub(now).min(LONGEST_ASKED_MS) as u32
    }
}

/// The pause after as many failures, from 1 s to 1 h in milliseconds: the upper half of what doubles
/// each time, so that the pages of many visitors do not come back at once.
fn pause(failures: u32, random: f64) -> u32 {
    let upper = (2 * FIRST_MS)
        .saturating_mul(1 << failures.min(MAX_FAILURES))
        .min(LONGEST_MS);
    let half = upper / 2;
    half + (f64::from(half) * random.clamp(0.0, 1.0)) as u32
}

/// What `Retry-After` asks for, in milliseconds: seconds, or a date (RFC 9110, 10.2.3), which
/// `date` reads: milliseconds since the Unix epoch, or not a number.
pub fn asked(text: &str, now: u64, date: impl FnOnce(&str) -> f64) -> Option<u64> {
    let text = text.trim_ascii();
    let milliseconds = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse::<u64>().unwrap_or(u64::MAX).saturating_mul(1000)
    } else {
        let date = date(text);
        if date.is_nan() {
            return None;
        }
        (date as u64).saturating_sub(now)
    };
    Some(milliseconds.min(LONGEST_ASKED_MS))
}
