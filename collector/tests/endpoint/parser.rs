//! Whatever bytes come, the parser answers.

use std::sync::LazyLock;

use collector::body::{Mode, read_events};
use collector::event::EventSchema;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::common::with_id;

static SCHEMA: LazyLock<EventSchema> = LazyLock::new(|| EventSchema::new().unwrap());

const ID: &str = "0f8a4b5e-6d2c-4f3a-9b1e-7c5d3e2f1a0b";

fn mode() -> impl Strategy<Value = Mode> {
    prop_oneof![Just(Mode::Structured), Just(Mode::Batch), Just(Mode::Text)]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// The paths of all values in the example.
fn paths(value: &Value, path: &str, found: &mut Vec<String>) {
    found.push(path.to_owned());
    for (key, value) in value.as_object().into_iter().flatten() {
        paths(value, &format!("{path}/{key}"), found);
    }
}

fn any_path() -> impl Strategy<Value = String> {
    let mut found = Vec::new();
    paths(&with_id(ID), "", &mut found);
    prop::sample::select(found)
}

const WAYS: [&str; 4] = ["email", "post", "phone", "text"];
const OFTEN: [&str; 4] = ["never", "monthly", "weekly", "any"];

fn contact() -> Value {
    serde_json::from_str(include_str!("../../../tests/data/events/contact.json")).unwrap()
}

fn email() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z.+=']{1,9}@[a-z.-]{1,9}",
        "[a-z@ .]{0,9}",
        any::<String>(),
        "a@b{240,260}"
    ]
}

fn wishes() -> impl Strategy<Value = std::collections::BTreeMap<String, String>> {
    let way = prop_oneof![
        prop::sample::select(&WAYS[..]).prop_map(str::to_owned),
        any::<String>()
    ];
    let often = prop_oneof![9 => prop::sample::select(&OFTEN[..]).prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::btree_map(way, often, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered(mode in mode(), body in prop::collection::vec(any::<u8>(), 0..512)) {
        collector::fuzz::body(&body);
        if let Ok((events, refused)) = read_events(&SCHEMA, mode, &body) {
            prop_assert!(events.is_empty());
            prop_assert!(refused.len() <= 50);
        }
    }

    #[test]
    fn any_json_is_answered(mode in mode(), value in any_json()) {
        if let Ok((events, _)) = read_events(&SCHEMA, mode, value.to_string().as_bytes()) {
            prop_assert!(events.is_empty());
        }
    }

    /// What the fuzzer calls, with the example: the modes that take it, damaged and whole.
    #[test]
    fn the_fuzzers_call_takes_the_example(
        mode in 0_u8..3,
        is_request in any::<bool>(),
        change in proptest::option::of((any::<prop::sample::Index>(), any::<u8>())),
    ) {
        let example = if is_request { contact() } else { with_id(ID) };
        let mut body = json!([example]).to_string().into_bytes();
        if let Some((place, byte)) = change {
            let place = place.index(body.len());
            body[place] = byte;
        }
        body.insert(0, mode);
        collector::fuzz::body(&body);
    }

    /// The example with bytes changed: it is refused, or what is kept can be read again.
    #[test]
    fn a_damaged_event_is_answered(
        mode in mode(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut body = json!([with_id(ID)]).to_string().into_bytes();
        for (place, byte) in changes {
            let place = place.index(body.len());
            body[place] = byte;
        }
        if let Ok((events, _)) = read_events(&SCHEMA, mode, &body) {
            for event in events {
                prop_assert_eq!(SCHEMA.read(0, &event.json), Ok(event));
            }
        }
    }

    /// A request with any address and any wishes: what is taken has lost its address from the text, and
    /// holds it beside; what is refused is named.
    #[test]
    fn a_request_is_answered(email in email(), wishes in wishes()) {
        let mut event = contact();
        event["data"]["email"] = json!(email);
        event["data"]["contacts"] = json!(wishes);
        match SCHEMA.read(0, &event.to_string()) {
            Ok(read) => {
                let address = read.address.unwrap();
                prop_assert_eq!(&address.email, &email);
                prop_assert!(!address.opts_out);
                event["data"].as_object_mut().unwrap().remove("email");
                let stored: Value = serde_json::from_str(&read.json).unwrap();
                prop_assert_eq!(stored, event);
                prop_assert!(!wishes.is_empty());
            }
            Err(refusal) => {
                let right = email.chars().count() <= 254
                    && email.split('@').count() == 2
                    && email.split('@').all(|part| !part.is_empty());
                let odd = email.contains(|one: char| one.is_whitespace() || one.is_control() || !one.is_ascii());
                let known = !wishes.is_empty()
                    && wishes.keys().all(|way| WAYS.contains(&way.as_str()))
                    && wishes.values().all(|often| OFTEN.contains(&often.as_str()));
                prop_assert!(!right || odd || !known, "{refusal}");
                prop_assert!(refusal.path.starts_with("/data/email") || refusal.path.starts_with("/data/contacts"));
            }
        }
    }

    /// The example with one value replaced: what is refused is named by a path that leads there.
    #[test]
    fn a_replaced_value_is_named(path in any_path(), value in any_json()) {
        let mut event = with_id(ID);
        *event.pointer_mut(&path).unwrap() = value;
        match SCHEMA.read(0, &event.to_string()) {
            Ok(read) => prop_assert_eq!(SCHEMA.read(0, &read.json), Ok(read)),
            Err(refusal) => {
                prop_assert!(refusal.path.starts_with(&path), "{} for {path}", refusal.path);
                prop_assert!(!refusal.expected.is_empty());
            }
        }
    }
}
