//! The US Privacy string.

use nosale::gpp::{Gpp, UsPrivacy};
use serde_json::Value;

use crate::data::{items, text, us_privacy};

fn letter(answer: Option<bool>) -> &'static str {
    match answer {
        Some(true) => "Y",
        Some(false) => "N",
        None => "-",
    }
}

#[test]
fn each_valid_string_is_read_and_written() {
    let vectors = us_privacy();
    for vector in items(&vectors, "valid") {
        let string = text(vector, "string");
        let privacy = UsPrivacy::parse(string).unwrap();
        assert_eq!(privacy.version(), vector["version"]);
        assert_eq!(letter(privacy.notice), vector["notice"]);
        assert_eq!(letter(privacy.opt_out_sale), vector["optOutSale"]);
        assert_eq!(letter(privacy.lspa_covered), vector["lspaCovered"]);
        assert_eq!(privacy.law_applies(), vector["lawApplies"], "{string}");
        assert_eq!(privacy.opted_out(), vector["optedOut"], "{string}");
        assert_eq!(
            privacy.is_permitted(),
            vector["permittedByText"],
            "{string}"
        );
        assert_eq!(privacy.to_text(), string);
        let mut gpp = Gpp::new();
        gpp.insert(privacy.into());
        assert_eq!(gpp.encode().unwrap(), vector["gpp"]);
        assert_eq!(Gpp::decode(text(vector, "gpp")).unwrap(), gpp);
    }
}

#[test]
fn a_malformed_string_is_none() {
    let vectors = us_privacy();
    for vector in items(&vectors, "malformed") {
        assert_eq!(UsPrivacy::parse(text(vector, "string")), None, "{vector}");
    }
    for string in ["1YNN ", " 1YNN", "2YNN", "1Y\u{c9}N", "1YN\u{c9}"] {
        assert_eq!(UsPrivacy::parse(string), None, "{string}");
    }
}

#[test]
fn each_state_gives_its_string() {
    let vectors = us_privacy();
    for vector in items(&vectors, "fromState") {
        let state = &vector["state"];
        let privacy = if state["lawApplies"] == Value::Bool(true) {
            UsPrivacy::new(
                state["noticeGiven"].as_bool(),
                state["optedOut"].as_bool().unwrap(),
                state["lspa"].as_bool(),
            )
        } else {
            UsPrivacy::NOT_APPLICABLE
        };
        assert_eq!(privacy.to_text(), vector["string"], "{state}");
    }
}
