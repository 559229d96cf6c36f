//! The built-in catalogue: what `build.rs` does not check.

use std::collections::HashSet;

use nosale::policy::{CATALOGUE, Rule, Vendor};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    vendor: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    title: String,
    source: String,
    checked: String,
}

#[test]
fn names_are_unique_and_rules_parse() {
    let mut names = HashSet::new();
    for entry in CATALOGUE {
        assert!(names.insert(entry.name), "{} stands twice", entry.name);
        assert!(
            entry
                .name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
            "{}",
            entry.name
        );
        assert!(
            !entry.purposes.is_empty() && !entry.rules.is_empty(),
            "{}",
            entry.name
        );
        for rule in entry.rules {
            assert!(Rule::parse(rule).is_ok(), "{}: {rule}", entry.name);
        }
        assert_eq!(
            Vendor::from(entry).rules.len(),
            entry.rules.len(),
            "{}",
            entry.name
        );
    }
    assert!(names.len() >= 3);
}

#[test]
fn every_fact_has_a_source_and_a_day() {
    let text = std::fs::read_to_string("src/policy/catalogue.toml").unwrap();
    let file: File = toml::from_str(&text).unwrap();
    assert_eq!(file.vendor.len(), CATALOGUE.len());
    for entry in file.vendor {
        assert!(
            entry.title.len() > 2 && entry.source.len() > 20,
            "{}",
            entry.name
        );
        let parts: Vec<&str> = entry.checked.split('-').collect();
        let digits = |part: &&str, length| {
            part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        assert!(
            parts.len() == 3
                && digits(&parts[0], 4)
                && digits(&parts[1], 2)
                && digits(&parts[2], 2),
            "{}: {}",
            entry.name,
            entry.checked
        );
    }
}
