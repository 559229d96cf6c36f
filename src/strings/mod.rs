//! A decision as ad systems read it: GPP sections and the US Privacy string.
//!
//! [`Strings::of`] is a pure function from what was decided, the law and the publisher's settings.
//! What each field says, and by which rule, stands in `fields.rs`; [`Told`] puts the sections into
//! the string of another tool, which answers for Europe perhaps.
//!
//! # Which section
//!
//! A state's own, where the IAB has a settled one (sections 8 to 23), also for a publisher who has
//! not signed the IAB's contract (MSPA).
//!
//! `usnat` (7) where the visitor's state is not known (`US`), where it has no law of its own, and in
//! Maryland, Indiana, Kentucky and Rhode Island, whose sections 24 to 27 are not stable. It is meant
//! for signatories of the contract. A publisher who has not signed writes it all the same: with
//! nothing in its place, ad systems would not hear of the opt-out at all, and a state section would
//! say that the visitor lives there. `MspaCoveredTransaction` is then 2, which tells readers that no
//! contract stands behind it; the section's own text knows of such transactions.
//!
//! None where the publisher says that no such law applies (`none`): the string is then `DBAA`, the
//! applicable section -1.
//!
//! # Fields
//!
//! Values are those of the table in [`crate::gpp`]. "Denied" is the decision's word, whatever its
//! reason: a signal, a choice, an account, an age, a record that cannot be read.

mod fields;
mod sensitive;
mod told;

pub use told::Told;

use crate::config::{GppSettings, Mspa};
use crate::gpp::{Gpp, Layout, UsPrivacy, UsSection};
use crate::policy::{Decision, Jurisdiction, Purpose, Purposes, Signals};

/// What stands in the list of applicable sections where none applies (GPP CMP API, `PingReturn`).
const NO_SECTION: i32 = -1;

/// The number of `usnat`; those of the states are larger.
const NATIONAL: i32 = 7;

/// Everything that the strings depend on.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What holds for each purpose.
    pub decision: &'a Decision,
    /// What the browser and the page say.
    pub signals: &'a Signals,
    /// The law that applies.
    pub jurisdiction: &'static Jurisdiction,
    /// The purposes used on this site.
    pub used: Purposes,
    /// What the publisher set.
    pub settings: &'a GppSettings,
}

/// What ad systems are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strings {
    gpp: Gpp,
    text: String,
    applicable: Vec<i32>,
    usp: UsPrivacy,
}

impl Strings {
    /// What ad systems are told of a decision.
    pub fn of(facts: &Facts) -> Strings {
        let mut gpp = Gpp::new();
        let mut applicable = vec![NO_SECTION];
        if let Some(layout) = section_of(facts.jurisdiction, facts.settings) {
            applicable = vec![layout.id as i32];
            gpp.insert(fields::section(facts, layout).into());
        }
        // Every value written is one that its field permits, so that this cannot fail.
        let text = gpp.encode_unstable().unwrap_or_default();
        Strings {
            gpp,
            text,
            applicable,
            usp: us_privacy(facts),
        }
    }

    /// The GPP string.
    pub fn gpp(&self) -> &str {
        &self.text
    }

    /// Its sections.
    pub fn sections(&self) -> &Gpp {
        &self.gpp
    }

    /// The numbers of the sections in force; `[-1]` if none is.
    pub fn applicable(&self) -> &[i32] {
        &self.applicable
    }

    /// Whether the section in force is that of a state, so that the visitor is known to be there.
    pub fn names_state(&self) -> bool {
        self.applicable.iter().any(|id| *id > NATIONAL)
    }

    /// The US Privacy string.
    pub fn usp(&self) -> UsPrivacy {
        self.usp
    }
}

/// The sections that may be written, by number.
pub fn supported(settings: &GppSettings) -> impl Iterator<Item = &'static Layout> {
    let unstable = settings.unstable_sections;
    let mut last = 0;
    crate::gpp::LAYOUTS.iter().filter(move |layout| {
        let older = layout.id == last;
        last = layout.id;
        !older && (unstable || !layout.is_unstable())
    })
}

/// The section that applies; see the module's documentation.
fn section_of(jurisdiction: &Jurisdiction, settings: &GppSettings) -> Option<&'static Layout> {
    if jurisdiction.code == "none" {
        return None;
    }
    let state = jurisdiction.code.strip_prefix("US-").unwrap_or("nat");
    supported(settings)
        .find(|layout| {
            let name = layout.prefix.strip_prefix("us");
            name.is_some_and(|name| name.eq_ignore_ascii_case(state))
        })
        .or_else(|| Layout::of_prefix("usnat"))
}

/// The US Privacy string (CCPA Compliance Framework, "US Privacy String").
///
/// It knows California's law and nothing else, so that elsewhere `1---` is the honest value. Where
/// the state is not known, California's law may apply. Its one letter stands for sale, sharing and
/// targeted advertising at once: whoever opted out of one of them must not be read as in.
fn us_privacy(facts: &Facts) -> UsPrivacy {
    if !matches!(facts.jurisdiction.code, "US" | "US-CA") {
        return UsPrivacy::NOT_APPLICABLE;
    }
    UsPrivacy::new(
        Some(facts.settings.notices_given),
        facts.denies(Purposes::OF_GPC),
        Some(facts.settings.mspa != Mspa::None),
    )
}

impl Facts<'_> {
    /// Whether any of these is denied.
    fn denies(&self, purposes: Purposes) -> bool {
        !purposes.without(self.decision.permitted()).is_empty()
    }

    /// Whether the site uses any of these.
    fn uses(&self, purposes: Purposes) -> bool {
        !purposes.intersection(self.used).is_empty()
    }

    fn uses_sensitive_data(&self) -> bool {
        self.used.has(Purpose::SensitiveData)
    }
}

/// `1` for yes, `2` for no.
fn yes_or_no(yes: bool) -> u8 {
    if yes { 1 } else { 2 }
}

/// Sets a field to what the table says, which the field permits: the tests go through all of it.
fn set(section: &mut UsSection, field: crate::gpp::Field, values: &[u8]) {
    let done = section.set(field, values);
    debug_assert!(done.is_ok(), "{field:?}: {done:?}");
}
