//! The TypeScript types against the Rust types: `tests/data/types.ts` holds a value of each type
//! that goes out, and `cargo xtask lint` compiles it against `www/nosale.d.ts`.
//!
//! `UPDATE=1 cargo test --test core types` writes the file anew.

use nosale::audit::{Audit, Entry, List};
use nosale::policy::{Choice, Gpc, Jurisdiction, Purposes, Reason, Signals, Stored};
use nosale::report::{EventType, How, Kind, SignalsSeen};
use nosale::status::{
    GateStatus, JurisdictionFrom, Late, LateBecause, LateRequest, ReportsStatus, Status,
};
use serde::Serialize;

const FILE: &str = "tests/data/types.ts";

fn statuses() -> [Status; 2] {
    let bare = Status {
        version: "0.1.0",
        revision: 1,
        jurisdiction: "US",
        jurisdiction_from: JurisdictionFrom::Default,
        late: None,
        signals: SignalsSeen::new(&Signals::default(), false),
        purposes: nosale::policy::Decision::denied(Reason::Default),
        record: None,
        gate: GateStatus {
            mode: "listed",
            active: false,
            engine: "wasm",
            blocked: 0,
            reload: false,
        },
        gpp: "DBAA".to_owned(),
        gpp_sections: vec![-1],
        usp: "1---".to_owned(),
        reports: ReportsStatus::default(),
    };
    let mut stored = Stored::default();
    stored.observe(
        &Signals {
            gpc: Gpc::On,
            ..Signals::default()
        },
        100,
    );
    stored.choose(
        Purposes::OF_GPC,
        Choice::Out,
        200,
        1,
        Jurisdiction::national(),
    );
    let full = Status {
        jurisdiction_from: JurisdictionFrom::ServerTiming,
        late: Some(Late {
            why: vec![
                LateBecause::AfterParse,
                LateBecause::Async,
                LateBecause::Defer,
                LateBecause::NotFirst,
                LateBecause::Requests,
            ],
            requests: vec![LateRequest {
                url: "https://ads.example/tag.js".to_owned(),
                vendor: "ads".to_owned(),
                start_time: 12.5,
            }],
        }),
        record: stored.record.as_ref().map(Into::into),
        gpp: "DBAA".to_owned(),
        gpp_sections: vec![8],
        usp: "1YYN".to_owned(),
        reports: ReportsStatus {
            pending: 1,
            parked: 1,
            dropped: 1,
            tokens_refused: 1,
            last_error: Some("refused".to_owned()),
        },
        ..bare.clone()
    };
    [bare, full]
}

fn audit() -> Audit {
    let [_, status] = statuses();
    let entry = |vendor: Option<&str>, way: &str| {
        let mut entry = Entry::new(
            "https://ads.example/tag.js?id=1",
            "ads.example",
            None,
            way,
            40.5,
        );
        entry.vendor = vendor.map(str::to_owned);
        entry.purposes = vendor.map_or(Purposes::NONE, |_| Purposes::OF_GPC);
        let entries = vec![entry];
        List { entries, more: 1 }
    };
    Audit {
        time: "2026-03-01T12:00:00.000Z".to_owned(),
        page: "https://www.publisher.example/news".to_owned(),
        started: 12.5,
        status,
        policies: vec!["default-src 'self'".to_owned()],
        blocked: entry(Some("ads"), "script"),
        refused: entry(None, "script-src-elem"),
        leaks: entry(Some("ads"), "img"),
        hosts: entry(None, ""),
    }
}

fn literal(name: &str, kind: &str, value: &impl Serialize) -> String {
    let json = serde_json::to_string_pretty(value).unwrap();
    format!("export const {name}: {kind} = {json};\n\n")
}

fn generate() -> String {
    let mut text = String::from(
        "// Written by the test `types` from the Rust types; must compile against www/nosale.d.ts.\n\n\
         import type { Age, Audit, Reason, ReportData, ReportEvent, RequestData, RequestEvent, Status } from '../../www/nosale';\n\n",
    );
    let [bare, full] = statuses();
    text += &literal("bareStatus", "Status", &bare);
    text += &literal("fullStatus", "Status", &full);
    text += &literal("audit", "Audit", &audit());
    let mut event = super::report::choice();
    text += &literal("choice", "ReportEvent", &event);
    event.kind = EventType::Signal;
    event.data.account = Some("a-1".to_owned());
    event.data.gpp = "DBAA".to_owned();
    event.data.usp = "1YYN".to_owned();
    text += &literal("signal", "ReportEvent", &event);
    event.kind = EventType::Link;
    event.data.kind = Kind::Link;
    event.dropped = Some(2);
    event.accounttoken = Some("a.b.c".to_owned());
    event.data.lifts = Some(Purposes::OF_GPC);
    text += &literal("link", "ReportEvent", &event);
    for (name, file) in [
        ("request", include_str!("../data/events/request.json")),
        ("contact", include_str!("../data/events/contact.json")),
    ] {
        let event: serde_json::Value = serde_json::from_str(file).unwrap();
        text += &literal(name, "RequestEvent", &event);
    }
    let reasons = [
        Reason::Account,
        Reason::Child,
        Reason::Choice,
        Reason::Consent,
        Reason::Default,
        Reason::EarlierSignal,
        Reason::Gpc,
        Reason::OptInLaw,
        Reason::UnreadableRecord,
    ];
    text += &literal("reasons", "Reason[]", &reasons);
    text += &literal(
        "kinds",
        "ReportData['kind'][]",
        &[
            Kind::Limit,
            Kind::Link,
            Kind::OptIn,
            Kind::OptOut,
            Kind::SignalEnd,
        ],
    );
    text += &literal(
        "requestKinds",
        "RequestData['kind'][]",
        &[Kind::Contact, Kind::OptOutElsewhere],
    );
    text += &literal("requestType", "RequestEvent['type']", &EventType::Request);
    text += &literal(
        "hows",
        "ReportData['how'][]",
        &[How::Account, How::Api, How::Dialog, How::Link, How::Signal],
    );
    text += &literal("ages", "Age[]", &nosale::policy::Age::NAMES);
    let sources = [
        JurisdictionFrom::Config,
        JurisdictionFrom::Context,
        JurisdictionFrom::Default,
        JurisdictionFrom::ServerTiming,
    ];
    text += &literal("sources", "Status['jurisdictionFrom'][]", &sources);
    let codes: Vec<&str> = nosale::policy::JURISDICTIONS
        .iter()
        .map(|row| row.code)
        .collect();
    text += &literal("jurisdictions", "Status['jurisdiction'][]", &codes);
    text.trim_end().to_owned() + "\n"
}

#[test]
fn types_are_up_to_date() {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(FILE, generate()).unwrap();
    }
    let written = std::fs::read_to_string(FILE).unwrap();
    assert_eq!(
        written,
        generate(),
        "run `UPDATE=1 cargo test --test core types`, then `cargo xtask lint`"
    );
}
