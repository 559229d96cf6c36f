use serde_json::{Value, json};

use super::*;

fn choice() -> Value {
    serde_json::from_str(include_str!("../../../tests/data/events/choice.json")).unwrap()
}

fn read(event: &Value) -> Result<Event, Refusal> {
    EventSchema::new().unwrap().read(3, &event.to_string())
}

#[track_caller]
fn assert_right(change: impl FnOnce(&mut Value)) {
    let mut event = choice();
    change(&mut event);
    if let Err(refusal) = read(&event) {
        panic!("{refusal}: {event}");
    }
}

#[test]
fn the_example_is_right() {
    let event = read(&choice()).unwrap();
    assert_eq!(event.id, "5f0c8f6e-9d1b-4a53-8a57-0d6a3c1f7b21");
    assert_eq!(event.kind, "nosale.choice");
    assert_eq!(event.source, "https://www.publisher.example");
    assert_eq!(event.time, "2026-11-22T00:00:00.000Z");
    let json: Value = serde_json::from_str(&event.json).unwrap();
    assert_eq!(json, choice());
}

#[test]
fn what_may_vary() {
    assert_right(|event| event["type"] = json!("nosale.signal"));
    assert_right(|event| event["source"] = json!("http://shop.localhost:8080"));
    assert_right(|event| event["source"] = json!("http://[::1]:8080"));
    assert_right(|event| event["time"] = json!("2026-11-21T12:08:28-08:00"));
    assert_right(|event| drop(event.as_object_mut().unwrap().remove("datacontenttype")));
    assert_right(|event| event["data"]["page"] = json!("https://www.example.com/a/b%20c"));
    assert_right(|event| event["data"]["jurisdiction"] = json!("none"));
    assert_right(|event| event["data"]["jurisdiction"] = json!("US"));
    assert_right(|event| event["data"]["gpp"] = json!("DBABBg~BVQqAAAAAgA.QA"));
    assert_right(|event| event["data"]["usp"] = json!("1YYN"));
    assert_right(|event| event["data"]["usp"] = json!("1---"));
    assert_right(|event| event["data"]["account"] = json!("a-17"));
    assert_right(|event| event["data"]["lifts"] = json!(["sale", "sensitive_data"]));
    assert_right(|event| event["data"]["kind"] = json!("signal_end"));
    assert_right(|event| event["data"]["kind"] = json!("link"));
    assert_right(|event| event["dropped"] = json!(3));
    assert_right(|event| event["data"]["vendors"] = json!({}));
    assert_right(|event| event["data"]["signals"]["gpc"] = json!(true));
    assert_right(|event| event["data"]["signals"]["age"] = json!("13to15"));
    assert_right(|event| {
        let purposes = event["data"]["purposes"].as_object_mut().unwrap();
        purposes.retain(|name, _| name == "sale");
    });
}

#[test]
fn a_link_needs_its_account() {
    let mut event = choice();
    event["type"] = json!("nosale.link");
    assert_eq!(read(&event).unwrap_err().path, "/data/account");
    event["data"]["account"] = json!("a-17");
    assert!(read(&event).is_ok());
}

#[test]
fn a_violation_may_leave_out_what_it_does_not_know() {
    let mut event = choice();
    event["type"] = json!("nosale.violation");
    event["data"] = json!({ "page": "https://www.example.com", "vendors": { "x": "blocked" } });
    assert!(read(&event).is_ok());
    event["data"]["host"] = json!("tracker.example");
    assert_eq!(read(&event).unwrap_err().path, "/data/host");
}

fn request() -> Value {
    serde_json::from_str(include_str!("../../../tests/data/events/request.json")).unwrap()
}

fn contact() -> Value {
    serde_json::from_str(include_str!("../../../tests/data/events/contact.json")).unwrap()
}

#[test]
fn the_address_of_a_request_is_taken_out() {
    for (event, opts_out) in [(request(), true), (contact(), false)] {
        let read = read(&event).unwrap();
        let address = read.address.unwrap();
        assert_eq!(
            (address.email.as_str(), address.opts_out),
            ("visitor@example.com", opts_out)
        );
        assert!(!read.json.contains("visitor"), "{}", read.json);
        let stored: Value = serde_json::from_str(&read.json).unwrap();
        assert_eq!(stored["data"]["contacts"], event["data"]["contacts"]);
    }
}

#[test]
fn a_request_says_what_and_nothing_of_the_browser_is_needed() {
    let required = ["kind", "how", "jurisdiction", "revision", "module", "page"];
    for event in [request(), contact()] {
        for key in required {
            let mut event = event.clone();
            event["data"].as_object_mut().unwrap().remove(key);
            assert_eq!(read(&event).unwrap_err().path, format!("/data/{key}"));
        }
    }
    let mut nothing = contact();
    nothing["data"].as_object_mut().unwrap().remove("contacts");
    assert_eq!(read(&nothing).unwrap_err().path, "/data/contacts");
    for (contacts, path) in [
        (json!({}), "/data/contacts"),
        (json!({ "fax": "never" }), "/data/contacts/fax"),
        (json!({ "email": "daily" }), "/data/contacts/email"),
        (json!(["never"]), "/data/contacts"),
    ] {
        let mut event = contact();
        event["data"]["contacts"] = contacts;
        let refusal = read(&event).unwrap_err();
        assert_eq!(refusal.path, path);
        assert_ne!(refusal.expected, NOTHING_SAID, "{path}");
    }
}

#[test]
fn an_address_is_one_and_not_too_long() {
    let long = |length: usize| format!("a@{}", "b".repeat(length - 2));
    for email in [
        "a@b",
        "müller@bücher.example",
        "a+b=c'd@example.com",
        &long(254),
        "\u{1f600}@example.com",
    ] {
        let mut event = request();
        event["data"]["email"] = json!(email);
        assert_eq!(read(&event).unwrap().address.unwrap().email, email);
    }
    for email in [
        json!(""),
        json!("a"),
        json!("@b"),
        json!("a@"),
        json!("a@b@c"),
        json!("a b@c"),
        json!("a@b\nc"),
        json!("a@b\u{0}"),
        json!("a@b\u{202e}c"),
        json!(long(255)),
        json!(7),
        json!(null),
        json!(["a@b"]),
    ] {
        let mut event = request();
        event["data"]["email"] = email.clone();
        let refusal = read(&event).unwrap_err();
        assert_eq!(refusal.path, "/data/email", "{email}");
        assert!(refusal.expected.contains("e-mail address"), "{email}");
    }
}

#[test]
fn no_other_event_holds_an_address() {
    for event_type in [
        "nosale.choice",
        "nosale.signal",
        "nosale.link",
        "nosale.violation",
    ] {
        for (key, value) in [
            ("email", json!("a@example.com")),
            ("contacts", json!({ "email": "never" })),
        ] {
            let mut event = choice();
            event["type"] = json!(event_type);
            event["data"]["account"] = json!("a-17");
            event["data"][key] = value;
            let refusal = read(&event).unwrap_err();
            assert_eq!(refusal.path, format!("/data/{key}"), "{event_type}");
            assert!(refusal.expected.starts_with("in a nosale.request only"));
        }
    }
}

#[test]
fn ids_are_compared_without_case() {
    let mut event = choice();
    event["id"] = json!("5F0C8F6E-9D1B-4A53-8A57-0D6A3C1F7B21");
    assert_eq!(
        read(&event).unwrap().id,
        "5f0c8f6e-9d1b-4a53-8a57-0d6a3c1f7b21"
    );
}

#[test]
fn a_refusal_names_place_and_expectation() {
    let cases: [(&str, Value, &str); 9] = [
        (
            "/data/lifts",
            json!("sale"),
            "the purposes that an opt-in asks the account to allow again: a list of 1 to 5, each once",
        ),
        (
            "/data/purposes/sale/allowed",
            json!("no"),
            "true or false: whether the purpose is permitted now",
        ),
        (
            "/data/how",
            json!("mail"),
            "the way it was asked, one of \"signal\", \"dialog\", \"link\", \"api\", \"account\"",
        ),
        (
            "/data/signals/age",
            json!(12),
            "the age that the publisher knows, if any, one of null, \"adult\", \"13to15\", \"under13\"",
        ),
        (
            "/data/signals/earlierSignal",
            json!(null),
            "true or false: whether GPC was on at an earlier visit",
        ),
        (
            "/data/vendors/partner",
            json!("off"),
            "how the vendor was treated, one of \"blocked\", \"restricted\", \"allowed\"",
        ),
        ("/specversion", json!("0.3"), "\"1.0\""),
        (
            "/data/revision",
            json!(1.5),
            "the policy's revision: a whole number from 0",
        ),
        (
            "/time",
            json!("yesterday"),
            "when it happened: an RFC 3339 time with its offset",
        ),
    ];
    for (path, value, expected) in cases {
        let mut event = choice();
        event["data"]["lifts"] = json!(["sale"]);
        *event.pointer_mut(path).unwrap() = value;
        let refusal = read(&event).unwrap_err();
        assert_eq!(refusal.index, 3);
        assert_eq!(
            refusal.id.as_deref(),
            Some("5f0c8f6e-9d1b-4a53-8a57-0d6a3c1f7b21")
        );
        assert_eq!(
            (refusal.path.as_str(), refusal.expected.as_str()),
            (path, expected)
        );
    }
}

#[test]
fn no_key_is_unknown_and_none_that_is_needed_is_missing() {
    let objects = [
        "",
        "/data",
        "/data/signals",
        "/data/purposes",
        "/data/purposes/sale",
    ];
    for object in objects {
        let mut event = choice();
        event.pointer_mut(object).unwrap()["e-mail/~"] = json!("a@example.com");
        let refusal = read(&event).unwrap_err();
        assert_eq!(refusal.path, format!("{object}/e-mail~1~0"));
        assert!(
            refusal.expected.starts_with("no such key; known are "),
            "{}",
            refusal.expected
        );
    }
    let optional = ["/datacontenttype"];
    for object in ["", "/data", "/data/signals", "/data/purposes/sale"] {
        for key in choice()
            .pointer(object)
            .unwrap()
            .as_object()
            .unwrap()
            .keys()
        {
            let path = format!("{object}/{key}");
            let mut event = choice();
            event
                .pointer_mut(object)
                .unwrap()
                .as_object_mut()
                .unwrap()
                .remove(key);
            match read(&event) {
                Ok(_) => assert!(optional.contains(&path.as_str()), "{path} may be missing"),
                Err(refusal) => {
                    assert_eq!(refusal.path, path);
                    assert_ne!(refusal.expected, NOTHING_SAID, "{path}");
                }
            }
        }
    }
}

#[test]
fn what_is_stored_is_what_was_checked() {
    // Of a repeated key the last counts; the others must not be stored beside it.
    let text = choice()
        .to_string()
        .replacen('{', r#"{"source":"a@example.com","#, 1);
    let event = EventSchema::new().unwrap().read(0, &text).unwrap();
    assert!(!event.json.contains("a@example.com"));
}

#[test]
fn a_wrong_id_is_not_repeated_without_end() {
    let mut event = choice();
    event["id"] = json!("x".repeat(60_000));
    assert_eq!(read(&event).unwrap_err().id.unwrap().len(), ID_SHOWN);
}

#[test]
fn a_name_in_a_list_is_explained_by_its_place() {
    for (lifts, path) in [
        (json!(["sale", "all"]), "/data/lifts/1"),
        (json!([]), "/data/lifts"),
        (json!(["sale", "sale"]), "/data/lifts"),
    ] {
        let mut event = choice();
        event["data"]["lifts"] = lifts;
        let refusal = read(&event).unwrap_err();
        assert_eq!(refusal.path, path);
        assert_ne!(refusal.expected, NOTHING_SAID, "{path}");
    }
}

/// Every value in the schema says what is expected of it.
#[test]
fn the_schema_describes_every_value() {
    fn visit(node: &Value, path: &str) {
        if node.get("$ref").is_none() {
            assert!(node["description"].is_string(), "{path} has no description");
        }
        for (key, property) in node["properties"].as_object().into_iter().flatten() {
            visit(property, &format!("{path}/{key}"));
        }
    }
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    visit(&schema, "");
    visit(&schema["$defs"]["purpose"], "purpose");
    visit(&schema["$defs"]["often"], "often");
    visit(
        &schema["properties"]["data"]["properties"]["vendors"]["additionalProperties"],
        "vendor",
    );
}
