//! nosale's sections in the string of another tool.

use nosale::config::GppSettings;
use nosale::gpp::{Field, Gpp, Section, UsSection, join, split};
use nosale::policy::{
    Decision, Gpc, Jurisdiction, Purposes, Reason, Settings, Signals, Stored, decide,
};
use nosale::strings::{Facts, Strings, Told};
use proptest::prelude::*;

/// A European section, as a consent tool writes it.
const EUROPE: &str = "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA";

fn strings(code: &str, gpc: Gpc) -> Strings {
    let jurisdiction = Jurisdiction::from_code(code).unwrap();
    let signals = Signals {
        gpc,
        ..Signals::default()
    };
    let settings = Settings::default();
    let decision = decide(&signals, &Stored::default(), jurisdiction, &settings);
    said(&decision, &signals, jurisdiction)
}

fn said(decision: &Decision, signals: &Signals, jurisdiction: &'static Jurisdiction) -> Strings {
    Strings::of(&Facts {
        decision,
        signals,
        jurisdiction,
        used: Purposes::OF_GPC,
        settings: &GppSettings::default(),
    })
}

#[test]
fn alone_it_is_the_string_itself() {
    let strings = strings("US-CA", Gpc::On);
    let told = Told::alone(&strings);
    assert_eq!(told.text, "DBABBg~BVUAAACA.YA");
    assert_eq!((told.ids, told.applicable), (vec![8], vec![8]));
    assert_eq!(told.own, *strings.sections());
}

#[test]
fn the_other_tools_sections_stay_as_they_are() {
    let theirs = join(&[(2, EUROPE), (6, "1---")]).unwrap();
    let told = Told::beside(&strings("US-CA", Gpc::On), &theirs, &[2]).unwrap();
    assert_eq!(
        split(&told.text).unwrap(),
        [(2, EUROPE), (6, "1---"), (8, "BVUAAACA.YA")]
    );
    assert_eq!(told.ids, [2, 6, 8]);
    assert_eq!(told.applicable, [2, 8]);
}

#[test]
fn no_section_in_force_gives_way_to_one_that_is() {
    let nowhere = strings("none", Gpc::Off);
    let california = strings("US-CA", Gpc::Off);
    for (strings, theirs, expected) in [
        (&nowhere, &[2][..], &[2][..]),
        (&nowhere, &[-1], &[-1]),
        (&nowhere, &[], &[-1]),
        (&california, &[-1], &[8]),
        (&california, &[0], &[8]),
        (&california, &[8], &[8]),
        (&california, &[10, 2], &[2, 8, 10]),
    ] {
        let told = Told::beside(strings, "DBAA", theirs).unwrap();
        assert_eq!(told.applicable, expected, "{theirs:?}");
    }
}

#[test]
fn a_bad_section_of_the_other_tool_costs_no_other() {
    let theirs = join(&[(2, EUROPE), (8, "A")]).unwrap();
    let told = Told::beside(&strings("US-CA", Gpc::On), &theirs, &[2]).unwrap();
    assert_eq!(
        split(&told.text).unwrap(),
        [(2, EUROPE), (8, "BVUAAACA.YA")]
    );
    assert!(told.beside);
}

#[test]
fn a_string_that_cannot_be_read_is_not_put_together() {
    let strings = strings("US-CA", Gpc::On);
    for text in ["", "C", "not a string", "DBABMA", "DBABBg~", "DBABBg~%"] {
        assert_eq!(Told::beside(&strings, text, &[2]), None, "{text:?}");
    }
}

#[test]
fn an_opt_out_holds_whoever_knows_of_it() {
    let mut theirs = UsSection::of_prefix("usca").unwrap();
    theirs.set(Field::SaleOptOut, &[1]).unwrap();
    theirs.set(Field::SharingOptOut, &[2]).unwrap();
    theirs
        .set(Field::KnownChildSensitiveDataConsents, &[1, 2])
        .unwrap();
    theirs.set_gpc(Some(true)).unwrap();
    let mut other = Gpp::new();
    other.insert(theirs.into());
    let other = other.encode().unwrap();

    let allowed = strings("US-CA", Gpc::Off);
    let told = Told::beside(&allowed, &other, &[8]).unwrap();
    let section = told.own.us_section("usca").unwrap();
    assert_eq!(section.get(Field::SaleOptOut), Some(&[1][..]));
    assert_eq!(section.get(Field::SharingOptOut), Some(&[2][..]));
    assert_eq!(section.get(Field::SaleOptOutNotice), Some(&[1][..]));
    assert_eq!(
        section.get(Field::KnownChildSensitiveDataConsents),
        Some(&[1, 0][..]),
        "no consent, and no consent that only the other tool has"
    );
    assert_eq!(section.gpc(), Some(true));
    assert_eq!(Gpp::decode(&told.text).unwrap(), told.own);

    // And what nosale denies is not lifted by the other tool.
    let jurisdiction = Jurisdiction::from_code("US-CA").unwrap();
    let denied = said(
        &Decision::denied(Reason::Choice),
        &Signals::default(),
        jurisdiction,
    );
    let told = Told::beside(&denied, &other, &[8]).unwrap();
    let section = told.own.us_section("usca").unwrap();
    assert_eq!(section.get(Field::SharingOptOut), Some(&[1][..]));
}

proptest! {
    #[test]
    fn any_sections_survive(
        texts in prop::collection::btree_map(1_u32..60, "[A-Za-z0-9_-]{12,20}", 0..6),
        applicable in prop::collection::vec(-1_i32..60, 0..4),
    ) {
        let own = strings("US-TX", Gpc::On);
        let parts: Vec<(u32, &str)> = texts.iter().map(|(id, text)| (*id, text.as_str())).collect();
        let theirs = join(&parts).unwrap();
        let told = Told::beside(&own, &theirs, &applicable).unwrap();
        let told_parts = split(&told.text).unwrap();
        for (id, text) in &parts {
            if *id != 16 {
                prop_assert!(told_parts.contains(&(*id, text)));
            }
        }
        prop_assert!(told_parts.iter().any(|(id, _)| *id == 16));
        prop_assert_eq!(told_parts.iter().map(|(id, _)| *id).collect::<Vec<_>>(), told.ids);
        prop_assert!(told.applicable.contains(&16));
        prop_assert!(told.own.sections().iter().all(|section| matches!(section, Section::Us(_))));
    }
}
