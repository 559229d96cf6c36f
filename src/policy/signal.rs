//! Signals: what the browser or the page says without asking the visitor.

use super::Purposes;

/// The three states of `navigator.globalPrivacyControl` (GPC specification, section 3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gpc {
    /// The browser does not know the property: no signal.
    #[default]
    Absent,
    /// The browser knows it and the visitor has not turned it on: no signal.
    Off,
    /// The visitor's opt-out.
    On,
}

impl Gpc {
    /// As `status()` and reports show it: `true`, `false` or `null`.
    pub fn as_option(self) -> Option<bool> {
        match self {
            Gpc::Absent => None,
            Gpc::Off => Some(false),
            Gpc::On => Some(true),
        }
    }
}

/// What the publisher knows of the visitor's age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// 16 or older.
    Adult,
    /// 13 to 15: opting in is the visitor's own, in two steps (regs 7071).
    From13To15,
    /// Under 13: opting in is a parent's (regs 7070).
    Under13,
}

impl Age {
    /// The names in the config, in the order of [`Age::ALL`].
    pub const NAMES: [&'static str; 3] = ["adult", "13to15", "under13"];
    /// All bands, oldest first.
    pub const ALL: [Age; 3] = [Age::Adult, Age::From13To15, Age::Under13];

    /// The name in the config, in `status()` and in reports.
    pub fn name(self) -> &'static str {
        Age::NAMES[self as usize]
    }

    /// The youngest age of the band, in years.
    pub fn from_years(self) -> u8 {
        match self {
            Age::Adult => 16,
            Age::From13To15 => 13,
            Age::Under13 => 0,
        }
    }
}

/// Everything that is said without asking the visitor, at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signals {
    /// Global Privacy Control.
    pub gpc: Gpc,
    /// What the visitor's account with the publisher is opted out of.
    pub account: Purposes,
    /// The visitor's age, where the publisher knows it.
    pub age: Option<Age>,
    /// A parent has consented, by a method of the publisher's (regs 7070).
    pub parental_consent: bool,
}
