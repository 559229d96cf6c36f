//! Reports: the exact keys, and nothing personal.

use nosale::policy::{
    ByPurpose, Choice, Decision, Gpc, Jurisdiction, Purpose, Purposes, Reason, Settings, Signals,
    Stored, Treatment, decide,
};
use nosale::report::{Change, Data, Event, EventType, How, Kind, SignalsSeen, Treatments};
use serde_json::Value;

/// The choice of a visitor in California, opted out of everything in the dialog.
pub fn choice() -> Event {
    let california = Jurisdiction::from_code("US-CA").unwrap();
    let signals = Signals {
        gpc: Gpc::Off,
        ..Signals::default()
    };
    let mut stored = Stored::default();
    let decide = |stored: &Stored| -> Decision {
        decide(&signals, stored, california, &Settings::default())
    };
    let before = decide(&stored);
    stored.choose(Purposes::ALL, Choice::Out, 1_795_291_200, 1, california);
    let data = Data {
        kind: Kind::of_choice(Purposes::ALL, false),
        how: How::Dialog,
        purposes: Change::between(&before, &decide(&stored)),
        signals: SignalsSeen::new(&signals, false),
        jurisdiction: california.code,
        gpp: "DBABBg~BVUAAACA.QA".to_owned(),
        usp: "1YYN".to_owned(),
        revision: 1,
        module: "0.1.0",
        vendors: Treatments(vec![
            ("meta_pixel".to_owned(), Treatment::Blocked),
            ("partner".to_owned(), Treatment::Allowed),
        ]),
        page: "https://www.publisher.example".to_owned(),
        account: None,
        lifts: None,
    };
    Event::new(
        EventType::Choice,
        "5f0c8f6e-9d1b-4a53-8a57-0d6a3c1f7b21".to_owned(),
        "https://www.publisher.example".to_owned(),
        "2026-11-22T00:00:00.000Z".to_owned(),
        data,
    )
}

#[test]
fn the_example_is_what_the_module_sends() {
    let example: Value = serde_json::from_str(include_str!("../data/events/choice.json")).unwrap();
    assert_eq!(serde_json::to_value(choice()).unwrap(), example);
}

#[test]
fn a_report_has_these_keys_and_no_others() {
    let keys =
        |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    let mut event = choice();
    event.data.account = Some("a-1".to_owned());
    event.data.lifts = Some(Purposes::OF_GPC);
    event.dropped = Some(1);
    event.accounttoken = Some("a.b.c".to_owned());
    let event = serde_json::to_value(event).unwrap();
    let sorted = |mut keys: Vec<String>| {
        keys.sort();
        keys.join(" ")
    };
    assert_eq!(
        sorted(keys(&event)),
        "accounttoken data datacontenttype dropped id source specversion time type"
    );
    let data = &event["data"];
    assert_eq!(
        sorted(keys(data)),
        "account gpp how jurisdiction kind lifts module page purposes revision signals usp vendors"
    );
    assert_eq!(
        sorted(keys(&data["signals"])),
        "account age earlierSignal gpc"
    );
    for purpose in Purpose::NAMES {
        assert_eq!(
            sorted(keys(&data["purposes"][purpose])),
            "allowed because before"
        );
    }
}

#[test]
fn the_examples_of_requests_are_named_as_the_module_names_them() {
    for (file, kind) in [
        (
            include_str!("../data/events/request.json"),
            Kind::OptOutElsewhere,
        ),
        (include_str!("../data/events/contact.json"), Kind::Contact),
    ] {
        let example: Value = serde_json::from_str(file).unwrap();
        assert_eq!(
            example["type"],
            serde_json::to_value(EventType::Request).unwrap()
        );
        assert_eq!(example["data"]["kind"], serde_json::to_value(kind).unwrap());
    }
}

#[test]
fn kinds_of_choices() {
    let sensitive = Purposes::of(&[Purpose::SensitiveData]);
    assert_eq!(Kind::of_choice(sensitive, false), Kind::Limit);
    assert_eq!(Kind::of_choice(Purposes::ALL, false), Kind::OptOut);
    assert_eq!(Kind::of_choice(sensitive, true), Kind::OptIn);
}

#[test]
fn changes_say_what_was_before() {
    let denied = Decision::denied(Reason::Gpc);
    let permitted = ByPurpose::from_fn(|_| nosale::policy::Ruling {
        allowed: true,
        because: Reason::Default,
    });
    let changes = Change::between(&permitted, &denied);
    let change = changes.of(Purpose::Sale);
    assert_eq!(
        (change.allowed, change.because, change.before),
        (false, Reason::Gpc, true)
    );
}
