//! Arbitrary strings, taken apart, for property tests.

use nosale::gpp::{Field, Gpp, LAYOUTS, Layout, Section, SubSection, UsPrivacy, UsSection};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

const LETTERS: &str = "[A-Za-z0-9_-]{1,12}";

/// Every value that may be written in every field, with and without sub-sections.
pub fn us_section(layout: &'static Layout) -> impl Strategy<Value = UsSection> {
    let count: usize = layout
        .core
        .iter()
        .map(|place| usize::from(place.count))
        .sum();
    (
        vec(0u8..3, count),
        option::of(any::<bool>()),
        option::of(vec(0u8..3, 8)),
        option::of(LETTERS),
    )
        .prop_map(move |(values, gpc, sensitive, other)| {
            let mut section = UsSection::new(layout);
            let mut values = values.as_slice();
            for place in layout.core {
                let (own, rest) = values.split_at(usize::from(place.count));
                values = rest;
                if place.field == Field::MspaCoveredTransaction {
                    section.set(place.field, &[own[0].max(1)]).unwrap();
                } else if !place.field.is_version() {
                    section.set(place.field, own).unwrap();
                }
            }
            match (layout.sub_section, sensitive) {
                (SubSection::Gpc, _) => section.set_gpc(gpc).unwrap(),
                (SubSection::Sensitive(place), Some(values)) => {
                    section.set(place.field, &values).unwrap();
                }
                _ => {}
            }
            if let Some(other) = other {
                // Refused where it would be read as one of the table's.
                let _ = section.push_other_sub_section(&other);
            }
            section
        })
}

pub fn us_privacy() -> impl Strategy<Value = UsPrivacy> {
    let answer = || option::of(any::<bool>());
    (answer(), answer(), answer()).prop_map(|(notice, opt_out_sale, lspa_covered)| {
        let mut privacy = UsPrivacy::NOT_APPLICABLE;
        privacy.notice = notice;
        privacy.opt_out_sale = opt_out_sale;
        privacy.lspa_covered = lspa_covered;
        privacy
    })
}

fn section() -> impl Strategy<Value = Section> {
    let other = (
        prop_oneof![1u32..6, 28u32..100, any::<u32>()],
        "[A-Za-z0-9_.-]{1,20}",
    )
        .prop_filter("a number of its own", |(id, _)| {
            !(6..=27).contains(id) && *id != 0
        })
        .prop_map(|(id, text)| Section::Other { id, text });
    prop_oneof![
        1 => us_privacy().prop_map(Section::UsPrivacy),
        6 => (0..LAYOUTS.len())
            .prop_flat_map(|row| us_section(&LAYOUTS[row]))
            .prop_map(Section::Us),
        2 => other,
    ]
}

pub fn gpp() -> impl Strategy<Value = Gpp> {
    vec(section(), 0..12).prop_map(|sections| {
        let mut gpp = Gpp::new();
        for section in sections {
            gpp.insert(section);
        }
        gpp
    })
}

/// A good string, with some characters changed, added or taken away, or the rest cut off.
pub fn near_miss() -> impl Strategy<Value = String> {
    let text = gpp().prop_map(|gpp| gpp.encode_unstable().unwrap());
    let change = (any::<prop::sample::Index>(), 0..4, "[A-Za-z0-9_.~=+-]|\\PC");
    (text, vec(change, 0..4)).prop_map(|(text, changes)| {
        let mut text: Vec<char> = text.chars().collect();
        for (place, kind, with) in changes {
            let place = place.index(text.len() + 1);
            let with = with.chars().next().unwrap();
            match kind {
                0 => text.insert(place, with),
                1 => text.truncate(place),
                _ if place == text.len() => {}
                2 => text[place] = with,
                _ => drop(text.remove(place)),
            }
        }
        text.into_iter().collect()
    })
}
