//! The table of laws.

use std::collections::HashSet;

use nosale::policy::{JURISDICTIONS, Jurisdiction, Purpose, Purposes};

/// States whose law makes signals binding.
const BINDING: [&str; 12] = [
    "US-CA", "US-CO", "US-CT", "US-TX", "US-MT", "US-NE", "US-NH", "US-NJ", "US-MN", "US-MD",
    "US-DE", "US-OR",
];

/// States whose law knows no such duty.
const NOT_BINDING: [&str; 8] = [
    "US-VA", "US-UT", "US-FL", "US-IA", "US-TN", "US-IN", "US-KY", "US-RI",
];

#[test]
fn every_state_with_a_law_has_a_row() {
    for code in BINDING {
        let row = Jurisdiction::from_code(code).unwrap();
        assert_eq!((row.code, row.signal_binds), (code, true));
    }
    for code in NOT_BINDING {
        let row = Jurisdiction::from_code(code).unwrap();
        assert_eq!((row.code, row.signal_binds), (code, false));
    }
    assert_eq!(JURISDICTIONS.len(), BINDING.len() + NOT_BINDING.len() + 2);
}

#[test]
fn codes_are_unique_and_rows_are_sound() {
    let mut codes = HashSet::new();
    for row in &JURISDICTIONS {
        assert!(codes.insert(row.code), "{} stands twice", row.code);
        assert!(
            row.opt_in_below >= 16,
            "{}: a known child is protected everywhere",
            row.code
        );
        assert!(
            (13..=row.opt_in_below).contains(&row.no_opt_in_below),
            "{}",
            row.code
        );
        assert!(row.source.len() > 10, "{}: no source", row.code);
        assert!(
            row.opt_in.intersection(Purposes::OF_GPC).is_empty(),
            "{}",
            row.code
        );
        if row.code != "none" {
            assert!(row.opt_out.has(Purpose::Sale), "{}", row.code);
        }
    }
}

#[test]
fn the_national_row_is_the_strictest() {
    let national = Jurisdiction::national();
    assert_eq!(national.code, "US");
    for row in &JURISDICTIONS {
        assert!(national.opt_out.has_all(row.opt_out), "{}", row.code);
        assert!(national.opt_in.has_all(row.opt_in), "{}", row.code);
        assert!(national.signal_binds || !row.signal_binds, "{}", row.code);
    }
}

#[test]
fn states_without_a_law_get_the_national_row_and_typing_errors_do_not() {
    for code in ["US-NY", "US-WA", "US-DC", "US-PR"] {
        assert_eq!(Jurisdiction::from_code(code).unwrap().code, "US", "{code}");
    }
    for code in [
        "", "US-", "US-XX", "US-N", "US-NY ", "us-ca", "CA", "FR", "US-AL AK", "NONE",
    ] {
        assert!(Jurisdiction::from_code(code).is_none(), "{code:?}");
    }
}
