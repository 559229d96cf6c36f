//! The built-in catalogue: the file itself, and what `build.rs` makes of it.

use std::collections::{BTreeMap, HashSet};

use nosale::policy::{Adapter, CatalogueEntry, Mode, Purpose, Purposes, Rule, Vendor};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    vendor: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    title: String,
    kind: String,
    rules: Vec<String>,
    purposes: Vec<String>,
    cookies: Vec<String>,
    storage: Vec<String>,
    mode: String,
    adapter: Option<String>,
    #[serde(default)]
    stand_ins: Vec<String>,
    reason: Option<String>,
    source: String,
    standing: String,
    checked: String,
    comment: Option<String>,
}

const KINDS: [&str; 9] = [
    "advertising",
    "identity",
    "analytics",
    "social",
    "video",
    "customer_data",
    "tag_manager",
    "chat",
    "testing",
];

fn file() -> File {
    let text = std::fs::read_to_string("src/policy/catalogue.toml").unwrap();
    toml::from_str(&text).unwrap()
}

#[test]
fn it_is_large_enough_and_of_every_kind() {
    let file = file();
    assert!(file.version >= 2 && file.vendor.len() >= 60);
    let mut count = BTreeMap::new();
    for entry in &file.vendor {
        assert!(KINDS.contains(&entry.kind.as_str()), "{}", entry.name);
        *count.entry(entry.kind.as_str()).or_insert(0) += 1;
    }
    for kind in KINDS {
        assert!(count.get(kind).is_some_and(|count| *count >= 2), "{kind}");
    }
}

#[test]
fn names_are_unique_and_each_fact_has_its_form() {
    let mut names = HashSet::new();
    for entry in file().vendor {
        let name = &entry.name;
        assert!(names.insert(name.clone()), "{name} stands twice");
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        assert!(name.bytes().all(plain), "{name}");
        assert!(entry.title.len() > 1, "{name}");
        for rule in &entry.rules {
            let parsed =
                Rule::parse(rule).unwrap_or_else(|error| panic!("{name}: {rule}: {error:?}"));
            assert!(rule.contains('.'), "{name}: {rule} is no public host");
            assert_eq!(
                parsed,
                Rule::parse(&rule.to_lowercase()).unwrap(),
                "{name}: {rule}"
            );
        }
        for pattern in entry.cookies.iter().chain(&entry.storage) {
            let letters = pattern.replace('*', "");
            assert!(letters.len() >= 2, "{name}: {pattern} is too wide");
            assert!(
                !"nosale".starts_with(&letters),
                "{name}: {pattern} is nosale's own"
            );
        }
        assert!(!entry.purposes.is_empty(), "{name}");
        for purpose in &entry.purposes {
            assert!(Purpose::from_name(purpose).is_some(), "{name}: {purpose}");
        }
    }
}

#[test]
fn every_fact_has_a_source_and_a_day_and_gaps_are_said() {
    for entry in file().vendor {
        let name = &entry.name;
        assert!(
            ["documented", "second_hand"].contains(&entry.standing.as_str()),
            "{name}"
        );
        assert!(entry.source.len() > 10, "{name}");
        let parts: Vec<&str> = entry.checked.split('-').collect();
        let digits = |part: &str, length| {
            part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        assert!(
            parts.len() == 3 && digits(parts[0], 4) && digits(parts[1], 2) && digits(parts[2], 2),
            "{name}: {}",
            entry.checked
        );
        let says_why = entry.comment.is_some() || entry.reason.is_some();
        let keeps = !entry.cookies.is_empty() || !entry.storage.is_empty();
        assert!(keeps || says_why, "{name}: nothing kept, and no word why");
        assert!(
            !entry.rules.is_empty() || says_why,
            "{name}: no host, and no word why"
        );
        assert!(entry.source != "general knowledge" || says_why, "{name}");
    }
}

#[test]
fn defaults_protect() {
    let adapters = [
        "google",
        "publisher_tag",
        "adsense",
        "meta",
        "uet",
        "clarity",
        "tiktok",
        "pinterest",
        "reddit",
        "x",
        "prebid",
    ];
    assert_eq!(adapters.len(), Adapter::ALL.len());
    for entry in file().vendor {
        let name = entry.name.as_str();
        match entry.mode.as_str() {
            "block" => assert!(entry.reason.is_none(), "{name}"),
            "signal" => assert!(entry.adapter.is_some(), "{name}: no restricted mode"),
            "allow" => {
                assert!(
                    entry.reason.is_some_and(|reason| reason.len() > 40),
                    "{name}"
                );
                assert_eq!(
                    entry.purposes,
                    ["sale"],
                    "{name}: who shares is not allowed"
                );
            }
            mode => panic!("{name}: {mode}"),
        }
        if let Some(adapter) = &entry.adapter {
            assert!(adapters.contains(&adapter.as_str()), "{name}: {adapter}");
        }
        let advertises = ["advertising", "identity", "social"].contains(&entry.kind.as_str());
        let restricted = ["google_publisher_tag", "prebid"].contains(&name);
        if advertises {
            assert_eq!(entry.mode == "signal", restricted, "{name}");
            assert_ne!(entry.mode, "allow", "{name}");
            assert_eq!(
                entry.purposes,
                ["sale", "sharing", "targeted_advertising"],
                "{name}"
            );
        }
    }
}

#[test]
fn the_module_carries_the_file() {
    let file = file();
    let carried: Vec<CatalogueEntry> = CatalogueEntry::all().collect();
    assert_eq!(
        carried.len(),
        file.vendor.len(),
        "wasm-pack.toml includes every kind"
    );
    for (carried, entry) in carried.into_iter().zip(&file.vendor) {
        let name = entry.name.as_str();
        assert_eq!(carried.name, name);
        assert_eq!(carried.rules().collect::<Vec<_>>(), entry.rules, "{name}");
        assert_eq!(
            carried.cookies().collect::<Vec<_>>(),
            entry.cookies,
            "{name}"
        );
        assert_eq!(
            carried.storage().collect::<Vec<_>>(),
            entry.storage,
            "{name}"
        );
        let mut purposes = Purposes::NONE;
        for purpose in &entry.purposes {
            purposes.insert(Purpose::from_name(purpose).unwrap());
        }
        assert_eq!(carried.purposes, purposes, "{name}");
        assert_eq!(
            carried.stand_ins().collect::<Vec<_>>(),
            entry.stand_ins,
            "{name}"
        );
        let mode = Mode::NAMES
            .iter()
            .position(|known| *known == entry.mode)
            .unwrap();
        assert_eq!(carried.mode, Mode::ALL[mode], "{name}");
        assert_eq!(carried.adapter.is_some(), entry.adapter.is_some(), "{name}");
        assert_eq!(
            Vendor::from(carried).rules.len(),
            entry.rules.len(),
            "{name}"
        );
    }
    let adapter = |name| CatalogueEntry::by_name(name).unwrap().adapter;
    assert_eq!(adapter("google_tag_manager"), Some(Adapter::Google));
    assert_eq!(adapter("x_pixel"), Some(Adapter::X));
    assert_eq!(adapter("prebid"), Some(Adapter::Prebid));
    assert_eq!(adapter("taboola"), None);
}
