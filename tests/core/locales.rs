//! The languages: which one a visitor gets, and whether each file says everything.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use nosale::config::{Contact, LOCALES, choose_locale, is_right_to_left, locale_of};
use nosale::policy::Purpose;

type Texts = BTreeMap<String, String>;

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/www/locales"))
}

fn texts(locale: &str) -> Texts {
    let file = folder().join(locale).with_extension("json");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{locale}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{locale}: {error}"))
}

#[test]
fn a_tag_finds_its_language() {
    for (tag, locale) in [
        ("en", "en"),
        ("EN-gb", "en"),
        ("es-419", "es"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-hk", "zh-Hant"),
        ("zh-Hant", "zh-Hant"),
        ("fil", "tl"),
        ("fil-PH", "tl"),
        ("tl", "tl"),
        ("iw", "he"),
        ("pt_BR", "pt"),
        ("hmn", "hmn"),
    ] {
        assert_eq!(locale_of(tag), Some(locale), "{tag}");
    }
    for unknown in ["", "it", "e", "english", "-en", "*"] {
        assert_eq!(locale_of(unknown), None, "{unknown}");
    }
}

#[test]
fn the_first_language_that_nosale_speaks_is_taken() {
    let choose = |tags: &[&str]| choose_locale(tags.iter().map(|tag| (*tag).to_owned()));
    assert_eq!(choose(&["it", "fr-CH", "de"]), "fr");
    assert_eq!(choose(&["it"]), "en");
    assert_eq!(choose(&[]), "en");
    assert_eq!(choose(&["en-US", "es"]), "en");
}

#[test]
fn three_languages_run_from_right_to_left() {
    let right: Vec<_> = LOCALES
        .into_iter()
        .filter(|name| is_right_to_left(name))
        .collect();
    assert_eq!(right, ["fa", "ar", "he"]);
}

/// The placeholders of a text.
fn places(text: &str) -> BTreeSet<&str> {
    let opened = text.split('{').skip(1);
    opened
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

/// The category of a plural, if the key names one.
fn plural(key: &str) -> Option<(&str, &str)> {
    let (stem, category) = key.rsplit_once('_')?;
    (stem == "vendors_count").then_some((stem, category))
}

#[test]
fn every_file_says_everything() {
    let english = texts("en");
    let mut files: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.remove("README.md");
    let expected: BTreeSet<String> = LOCALES.iter().map(|name| format!("{name}.json")).collect();
    assert_eq!(files, expected, "a file for each language, and no other");

    for locale in LOCALES.into_iter().skip(1) {
        let own = texts(locale);
        assert!(own.contains_key("_review"), "{locale}: who has checked it?");
        for (key, text) in &english {
            if plural(key).is_some() {
                continue;
            }
            let translated = own
                .get(key)
                .unwrap_or_else(|| panic!("{locale} lacks {key}"));
            assert!(!translated.trim().is_empty(), "{locale} {key}");
            assert_eq!(places(translated), places(text), "{locale} {key}");
        }
        for (key, text) in &own {
            if key.starts_with('_') {
                continue;
            }
            if let Some((_, category)) = plural(key) {
                assert!(
                    ["zero", "one", "two", "few", "many", "other"].contains(&category),
                    "{locale} {key}"
                );
                assert!(text.contains("{count}"), "{locale} {key}");
            } else {
                assert!(
                    english.contains_key(key),
                    "{locale} has {key}, which nobody says"
                );
            }
        }
        assert!(own.contains_key("vendors_count_other"), "{locale}");
        // Chromium knows no rule for these.
        let own_rule = matches!(locale, "hy" | "km" | "hmn");
        assert_eq!(own.contains_key("_plural_one"), own_rule, "{locale}");
    }
}

/// What may read the same in English: names, and words that a language has taken over.
const SAME: [(&str, &[&str]); 3] = [
    ("de", &["profiling"]),
    ("fr", &["contact_email"]),
    ("pt", &["contact_email"]),
];

#[test]
fn nothing_is_left_english() {
    let english = texts("en");
    for locale in LOCALES.into_iter().skip(1) {
        let own = texts(locale);
        let allowed = SAME.iter().find(|(name, _)| *name == locale);
        let allowed = allowed.map_or(&[][..], |(_, keys)| keys);
        let same: Vec<&String> = english
            .iter()
            .filter(|(key, text)| own.get(*key) == Some(text) && !allowed.contains(&key.as_str()))
            .map(|(key, _)| key)
            .collect();
        assert!(same.is_empty(), "{locale} says {same:?} in English");
    }
}

/// What would push a visitor: praise of allowing, regret of refusing, haste, shame, haggling.
const PRESSURE: [&str; 44] = [
    "agree",
    "accept all",
    "are you sure",
    "awesome",
    "best experience",
    "better ads",
    "better experience",
    "broken",
    "don't miss",
    "enjoy",
    "enhance",
    "exclusive",
    "free content",
    "full experience",
    "great",
    "hate",
    "hurry",
    "i don't care",
    "improve your",
    "keep it free",
    "less relevant",
    "lose",
    "love",
    "lucky",
    "maybe later",
    "miss out",
    "more relevant",
    "no thanks",
    "not now",
    "only today",
    "personalized experience",
    "please allow",
    "recommended",
    "relevant ads",
    "remind me later",
    "reward",
    "sad",
    "sorry",
    "support us",
    "tailored",
    "thank you for allowing",
    "unfortunately",
    "we care about",
    "we value your privacy",
];

/// What of the list stands in a text, as whole words: "as advertised" is not "sad".
fn pressure(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase();
    let stands = |pattern: &&&str| {
        text.match_indices(**pattern).any(|(start, found)| {
            let before = text[..start].chars().next_back();
            let after = text[start + found.len()..].chars().next();
            !before.is_some_and(char::is_alphabetic) && !after.is_some_and(char::is_alphabetic)
        })
    };
    PRESSURE.iter().filter(stands).copied().collect()
}

#[test]
fn no_text_presses_the_visitor() {
    for (key, text) in texts("en") {
        let found = pressure(&text);
        assert!(found.is_empty(), "{key}: {found:?} in {text:?}");
    }
    assert_eq!(
        pressure("Sorry, you lose our BEST experience."),
        ["best experience", "lose", "sorry"]
    );
    assert!(pressure("As advertised, closed.").is_empty());
}

/// The publisher's one sentence, wherever the project shows how to write it.
#[test]
fn no_example_of_the_publishers_sentence_presses_the_visitor() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![root.join("README.md")];
    for folder in [
        "www/demo/pages",
        "www/demo/src",
        "tests/e2e/tests/it",
        "tests/core",
    ] {
        files.extend(walk(&root.join(folder)));
    }
    let mut sentences = 0;
    for file in files {
        let Ok(text) = fs::read_to_string(&file) else {
            continue;
        };
        for part in text.split("\"sentence\": \"").skip(1) {
            let sentence = part.split('"').next().unwrap_or_default();
            let found = pressure(sentence);
            assert!(found.is_empty(), "{}: {found:?}", file.display());
            sentences += 1;
        }
    }
    assert!(sentences > 2, "examples were looked at");
}

#[test]
fn opting_out_and_in_are_worded_alike() {
    let english = texts("en");
    for (out, allow) in [("opt_out_all", "allow_all"), ("keep", "confirm")] {
        let (out, allow) = (&english[out], &english[allow]);
        assert!(
            out.split(' ').count().abs_diff(allow.split(' ').count()) <= 2,
            "{out:?} and {allow:?}"
        );
    }
    for purpose in Purpose::NAMES {
        for end in ["", "_help", "_allowed", "_denied"] {
            assert!(english.contains_key(&format!("{purpose}{end}")));
        }
    }
    for contact in Contact::NAMES {
        assert!(english.contains_key(&format!("contact_{contact}")));
    }
}

/// What is said by other parts than the notice.
const ELSEWHERE: [&str; 1] = ["placeholder"];

/// Every key that the program and the dialog's data name, and no other, is in the file.
#[test]
fn every_text_is_said_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["src", "www/dialog"].map(|folder| walk(&root.join(folder)));
    let sources: String = files
        .iter()
        .flatten()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    let made = |key: &str| {
        Purpose::NAMES.iter().any(|name| key.starts_with(name))
            || key.starts_with("vendors_count_")
            || key.starts_with("vendors_more_")
            // The first words of each form.
            || ["offline_intro", "contacts_intro"].contains(&key)
            || key.starts_with("contact_")
            || key.starts_with("tool_")
    };
    let unsaid: Vec<String> = texts("en")
        .into_keys()
        .filter(|key| !made(key) && !ELSEWHERE.iter().any(|name| key.starts_with(name)))
        .filter(|key| {
            !["'", "\"", "'@", "'§"]
                .iter()
                .any(|quote| sources.contains(&format!("{quote}{key}{}", &quote[..1])))
        })
        .collect();
    assert_eq!(unsaid, Vec::<String>::new(), "nobody says these");
}

/// Every file below a folder.
fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(walk(&path));
        } else {
            found.push(path);
        }
    }
    found
}
