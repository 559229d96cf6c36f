//! What a page is told: nosale's sections alone, or put into the string of another tool.

use super::{NO_SECTION, Strings};
use crate::gpp::{Field, Gpp, Section, UsSection, join, split};

/// What `__gpp` answers with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The whole string.
    pub text: String,
    /// The numbers of its sections, in order.
    pub ids: Vec<u32>,
    /// The numbers of the sections in force; `[-1]` if none is.
    pub applicable: Vec<i32>,
    /// nosale's own sections.
    pub own: Gpp,
    /// Another tool's sections are in the string.
    pub beside: bool,
}

impl Told {
    /// nosale's sections alone.
    pub fn alone(strings: &Strings) -> Told {
        Told {
            text: strings.text.clone(),
            ids: strings.gpp.ids().collect(),
            applicable: strings.applicable.clone(),
            own: strings.gpp.clone(),
            beside: false,
        }
    }

    /// nosale's sections in the string of a tool that answers for other regions. That tool's
    /// sections stay as they are, letter by letter. Where both have the same US section, it is
    /// nosale's, and an opt-out that only the other tool knows of holds as well. `None` if the
    /// tool's string cannot be read.
    pub fn beside(strings: &Strings, text: &str, applicable: &[i32]) -> Option<Told> {
        let mut sections = split(text).ok()?;
        let mut own = Gpp::new();
        for section in strings.gpp.sections() {
            let theirs = sections.iter().find(|(id, _)| *id == section.id());
            own.insert(match (section, theirs.and_then(decode)) {
                (Section::Us(ours), Some(theirs)) => more_protective(ours, &theirs).into(),
                _ => section.clone(),
            });
        }
        let encoded = own.encode_unstable().ok()?;
        for (id, text) in split(&encoded).ok()? {
            match sections.binary_search_by_key(&id, |(other, _)| *other) {
                Ok(place) => sections[place] = (id, text),
                Err(place) => sections.insert(place, (id, text)),
            }
        }

        let mut united = Vec::new();
        for id in applicable.iter().chain(&strings.applicable) {
            if *id > 0
                && let Err(place) = united.binary_search(id)
            {
                united.insert(place, *id);
            }
        }
        if united.is_empty() {
            united.push(NO_SECTION);
        }
        Some(Told {
            text: join(&sections).ok()?,
            ids: sections.iter().map(|(id, _)| *id).collect(),
            applicable: united,
            own,
            beside: true,
        })
    }
}

/// A US section by itself, unless it cannot be read.
fn decode(section: &(u32, &str)) -> Option<UsSection> {
    let text = join(&[*section]).ok()?;
    match Gpp::decode(&text).ok()?.sections() {
        [Section::Us(section)] => Some(section.clone()),
        _ => None,
    }
}

/// The one section with each opt-out, and each consent not given, of the other.
fn more_protective(ours: &UsSection, theirs: &UsSection) -> UsSection {
    let mut section = ours.clone();
    for field in [
        Field::SaleOptOut,
        Field::SharingOptOut,
        Field::TargetedAdvertisingOptOut,
        Field::SensitiveDataProcessing,
        Field::KnownChildSensitiveDataConsents,
        Field::PersonalDataConsents,
        Field::AdditionalDataProcessingConsent,
    ] {
        let (Some(ours), Some(theirs)) = (ours.get(field), theirs.get(field)) else {
            continue;
        };
        let mut values = ours.to_vec();
        for (value, other) in values.iter_mut().zip(theirs) {
            if *other == 1 {
                *value = 1;
            }
        }
        super::set(&mut section, field, &values);
    }
    if theirs.gpc() == Some(true) {
        let done = section.set_gpc(Some(true));
        debug_assert!(done.is_ok());
    }
    section
}
