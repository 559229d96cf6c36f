//! What is answered about what is stored: receipts, counts, health, documents.

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::common::{Collector, answer, event, id_of};

/// The paths that only the publisher may ask.
pub const ADMIN_PATHS: [&str; 7] = [
    "/v1/accounts/a-17",
    "/v1/suppressions",
    "/v1/suppressions/emails",
    "/v1/events",
    "/v1/export.jsonl",
    "/v1/export.csv",
    "/v1/counts?year=2026",
];

#[tokio::test]
async fn a_receipt_shows_the_data_to_who_knows_its_number() {
    let collector = Collector::start(&["--admin-token", "secret"]).await;
    let mut event = event();
    event["data"]["account"] = json!("a-17");
    collector.send(std::slice::from_ref(&event)).await;
    let mut data = event["data"].clone();
    data.as_object_mut().unwrap().remove("account");
    for id in [id_of(&event), id_of(&event).to_uppercase()] {
        let path = format!("/v1/receipts/{id}");
        let request = collector.client.get(collector.url(&path));
        // From elsewhere, and without a token.
        let response = request.header("host", "example.com").send().await.unwrap();
        assert_eq!(response.headers()["cache-control"], "no-store");
        let (status, mut receipt) = answer(response).await;
        let received = receipt.as_object_mut().unwrap().remove("received").unwrap();
        assert_eq!(received, collector.rows()[0].received_at);
        assert_eq!(status, 200);
        let expected = json!({
            "id": event["id"], "type": "nosale.choice", "time": event["time"], "data": data,
        });
        assert_eq!(receipt, expected);
    }
}

#[tokio::test]
async fn a_number_that_is_nobodys_has_no_receipt() {
    let collector = Collector::start(&[]).await;
    collector.send(&[event()]).await;
    for id in [
        id_of(&event()).as_str(),
        "1",
        "%25",
        "_",
        "'%20OR%201=1--",
        "%00",
    ] {
        let (status, problem) = answer(collector.get(&format!("/v1/receipts/{id}")).await).await;
        let expected = (404, &json!("no_receipt"));
        assert_eq!((status, &problem["error"]), expected, "{id}");
    }
}

#[tokio::test]
async fn what_is_the_publishers_is_told_to_nobody_else() {
    let collector = Collector::start(&["--admin-token", "secret"]).await;
    for path in ADMIN_PATHS {
        for (name, value, status) in [
            ("accept", "*/*", 200),
            ("authorization", "Bearer secret", 200),
            ("authorization", "Bearer wrong", 401),
            ("host", "example.com", 401),
            ("forwarded", "for=127.0.0.1", 401),
            ("x-forwarded-for", "127.0.0.1", 401),
        ] {
            let request = collector.client.get(collector.url(path));
            let response = request.header(name, value).send().await.unwrap();
            assert_eq!(response.status(), status, "{path}, {name}: {value}");
            if status == 200 {
                assert_eq!(response.headers()["cache-control"], "no-store", "{path}");
                assert_eq!(response.headers()["x-content-type-options"], "nosniff");
            }
        }
    }
}

/// An event with its type, kind, way, and whether it shows the end of a signal.
fn request(event_type: &str, kind: &str, how: &str, ended: bool) -> Value {
    let mut event = event();
    event["type"] = json!(event_type);
    event["data"]["kind"] = json!(kind);
    event["data"]["how"] = json!(how);
    event["data"]["signals"]["earlierSignal"] = json!(ended);
    if event_type == "nosale.link" {
        event["data"]["account"] = json!("a-17");
    }
    event
}

fn permit(mut event: Value, purposes: &[&str]) -> Value {
    for purpose in purposes {
        event["data"]["purposes"][purpose]["allowed"] = json!(true);
    }
    event
}

const ALL: [&str; 5] = [
    "sale",
    "sharing",
    "targeted_advertising",
    "profiling",
    "sensitive_data",
];

#[tokio::test]
async fn requests_are_counted_by_kind_answer_and_way() {
    let collector = Collector::start(&[]).await;
    let choice = |kind, how| request("nosale.choice", kind, how, false);
    let mut one_purpose = choice("opt_out", "dialog");
    one_purpose["data"]["purposes"]
        .as_object_mut()
        .unwrap()
        .retain(|name, _| name == "profiling");
    let events = [
        choice("opt_out", "dialog"),
        choice("opt_out", "link"),
        choice("opt_out", "api"),
        one_purpose,
        // Denied: everything is permitted as before.
        permit(choice("opt_out", "api"), &ALL),
        // In part.
        permit(choice("opt_out", "dialog"), &ALL[1..]),
        choice("limit", "dialog"),
        permit(choice("limit", "dialog"), &["sensitive_data"]),
        permit(choice("opt_in", "dialog"), &["sale"]),
        choice("opt_in", "api"),
        request("nosale.signal", "opt_out", "signal", false),
        request("nosale.signal", "opt_out", "signal", false),
        // A visitor who chooses while an earlier signal still counts does ask for something.
        request("nosale.choice", "opt_out", "dialog", true),
        // None of these asks for anything.
        request("nosale.signal", "opt_out", "signal", true),
        request("nosale.signal", "signal_end", "signal", true),
        request("nosale.signal", "signal_end", "signal", false),
        request("nosale.signal", "opt_out", "account", false),
        request("nosale.link", "opt_out", "signal", false),
        request("nosale.link", "link", "account", false),
        request("nosale.violation", "opt_out", "dialog", false),
    ];
    let (status, taken) = collector.send(&events).await;
    assert_eq!(status, 200, "{taken}");
    let year = collector.rows()[0].received_at[..4].to_owned();
    let (status, counts) = answer(collector.get(&format!("/v1/counts?year={year}")).await).await;
    let expected = json!({
        "year": year.parse::<u16>().unwrap(),
        "complete": true,
        "requests": { "received": 13, "complied": 10, "denied": 3 },
        "kinds": {
            "opt_out": {
                "received": 9, "complied": 8, "denied": 1,
                "how": { "api": 2, "dialog": 4, "link": 1, "signal": 2 },
            },
            "limit": {
                "received": 2, "complied": 1, "denied": 1,
                "how": { "api": 0, "dialog": 2, "link": 0, "signal": 0 },
            },
            "opt_in": {
                "received": 2, "complied": 1, "denied": 1,
                "how": { "api": 1, "dialog": 1, "link": 0, "signal": 0 },
            },
        },
        "handedOn": { "optOutElsewhere": 0, "contact": 0 },
        "noRequests": { "signalEnded": 3, "accountApplied": 1, "linked": 2, "violations": 1 },
    });
    assert_eq!((status, counts), (200, expected));
}

#[tokio::test]
async fn a_year_is_counted_by_when_it_was_received() {
    let collector = Collector::start(&[]).await;
    let store = Connection::open(collector.store()).unwrap();
    for (place, received) in [
        "2024-12-31T23:59:59.999Z",
        "2025-01-01T00:00:00.000Z",
        "2025-12-31T23:59:59.999Z",
        "2026-01-01T00:00:00.000Z",
    ]
    .into_iter()
    .enumerate()
    {
        let event = request("nosale.choice", "opt_out", "dialog", false).to_string();
        store
            .execute(
                "INSERT INTO events (id, type, source, time, received_at, sec_gpc, event)
                 VALUES (?1, 'nosale.choice', '', '', ?2, 0, ?3)",
                (place, received, event),
            )
            .unwrap();
    }
    for (year, received) in [(2023, 0), (2024, 1), (2025, 2), (2026, 1), (9998, 0)] {
        let counts = collector.get(&format!("/v1/counts?year={year}")).await;
        let (_, counts) = answer(counts).await;
        assert_eq!(counts["requests"]["received"], received, "{year}");
    }
    for wrong in [
        "",
        "?year=",
        "?year=1999",
        "?year=9999",
        "?year=x",
        "?jahr=2026",
    ] {
        let (status, problem) = answer(collector.get(&format!("/v1/counts{wrong}")).await).await;
        assert_eq!(
            (status, &problem["error"]),
            (400, &json!("query")),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn ready_means_that_a_commit_can_begin() {
    let collector = Collector::start(&[]).await;
    let ready = || async { answer(collector.get("/readyz").await).await };
    assert_eq!(ready().await, (200, json!({ "ready": true })));
    let other = Connection::open(collector.store()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (status, problem) = ready().await;
    assert_eq!((status, &problem["error"]), (503, &json!("unavailable")));
    // It lives all the same.
    assert_eq!(collector.get("/healthz").await.status(), 200);
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(ready().await, (200, json!({ "ready": true })));
}

#[tokio::test]
async fn the_signal_is_honoured_and_said_to_be() {
    let collector = Collector::start(&["--admin-token", "secret"]).await;
    let request = collector.client.get(collector.url("/.well-known/gpc.json"));
    let response = request.header("host", "example.com").send().await.unwrap();
    let (status, support) = answer(response).await;
    assert_eq!((status, &support["gpc"]), (200, &json!(true)));
    let date = support["lastUpdate"].as_str().unwrap();
    assert_eq!(date.len(), "2026-11-21".len());
    assert!(date.starts_with("20"));
}

#[tokio::test]
async fn the_description_names_every_method_and_its_schema_is_the_events() {
    let collector = Collector::start(&[]).await;
    let (status, document) = answer(collector.get("/openapi.json").await).await;
    assert_eq!(status, 200);
    assert_eq!(document["openapi"], "3.1.0");
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "patch", "delete"] {
            let method_of = method.to_uppercase().parse().unwrap();
            let url = collector.url(&path.replace("{id}", "x"));
            let response = collector.client.request(method_of, url).send().await;
            let refused = response.unwrap().status() == 405;
            assert_eq!(refused, methods.get(method).is_none(), "{method} {path}");
        }
    }
    let schema: Value = serde_json::from_str(include_str!("../../schema/event.v1.json")).unwrap();
    assert_eq!(document["components"]["schemas"]["Event"], schema);

    // Every reference leads somewhere.
    fn references(value: &Value, found: &mut Vec<String>) {
        if let Some(reference) = value["$ref"].as_str() {
            found.push(reference.to_owned());
        }
        let children = value.as_object().into_iter().flat_map(|map| map.values());
        for child in children.chain(value.as_array().into_iter().flatten()) {
            references(child, found);
        }
    }
    let mut document = document;
    document["components"]["schemas"]["Event"] = json!({});
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 10);
    for reference in found {
        let path = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(path).is_some(), "{reference}");
    }
}
