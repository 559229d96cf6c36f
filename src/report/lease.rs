//! The lease by which one tab at a time sends where the browser has no Web Locks.

use crate::text::digits;

/// How long a lease lasts that is not renewed, in milliseconds: longer than a request may take.
pub const LEASE_MS: u64 = 40_000;

/// Who may send, and until when.
///
/// ```text
/// text = owner " " until
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease<'a> {
    /// A name that the page gave itself.
    pub owner: &'a str,
    /// In milliseconds since the Unix epoch.
    pub until: u64,
}

impl Lease<'_> {
    /// Reads the text.
    pub fn parse(text: &str) -> Option<Lease<'_>> {
        let (owner, until) = text.split_once(' ')?;
        let until = until.parse().ok()?;
        Some(Lease { owner, until })
    }

    /// The text of a lease that begins now.
    pub fn text(owner: &str, now: u64) -> String {
        [owner, " ", &digits(now + LEASE_MS)].concat()
    }

    /// How long `owner` must wait for it, in milliseconds. One that lasts longer than any lease does
    /// is of a clock that has been set back, and binds nobody.
    pub fn wait(&self, owner: &str, now: u64) -> Option<u64> {
        let left = self.until.checked_sub(now)?;
        (self.owner != owner && (1..=LEASE_MS).contains(&left)).then_some(left)
    }
}
