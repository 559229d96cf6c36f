//! Exports: every event, once, in both forms, by every filter.

use cloudevents::event::ExtensionValue;
use cloudevents::{AttributesReader, Data, Event as CloudEvent};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::common::{Collector, answer, event, id_of};

/// The lines of an export, read as JSON.
async fn lines(collector: &Collector, query: &str) -> Vec<Value> {
    let response = collector.get(&format!("/v1/export.jsonl{query}")).await;
    assert_eq!(response.status(), 200, "{query}");
    let content_type = response.headers()["content-type"].to_str().unwrap();
    assert!(content_type.starts_with("application/jsonl"));
    let text = response.text().await.unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The head and the lines of an export, read as CSV by another reader.
async fn cells(collector: &Collector, query: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let response = collector.get(&format!("/v1/export.csv{query}")).await;
    assert_eq!(response.status(), 200, "{query}");
    let content_type = response.headers()["content-type"].to_str().unwrap();
    assert!(content_type.starts_with("text/csv"));
    let text = response.text().await.unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let owned = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
    let head = owned(reader.headers().unwrap());
    // Each line must have as many cells as the head, or this fails.
    let rows = reader.records().map(|row| owned(&row.unwrap())).collect();
    (head, rows)
}

#[tokio::test]
async fn a_line_is_the_event_with_what_the_collector_knows() {
    let collector = Collector::start(&[]).await;
    assert!(lines(&collector, "").await.is_empty());
    let first = event();
    let request = collector.post(crate::common::STRUCTURED, first.to_string());
    request.header("sec-gpc", "1").send().await.unwrap();
    collector.send(&[event()]).await;

    let exported = lines(&collector, "").await;
    assert_eq!(exported.len(), 2);
    let mut expected = first;
    expected["sequence"] = json!("0000000000000000001");
    expected["receivedat"] = json!(collector.rows()[0].received_at);
    expected["secgpc"] = json!(true);
    assert_eq!(exported[0], expected);
    assert_eq!(exported[1]["secgpc"], false);
}

#[tokio::test]
async fn lines_and_events_are_cloudevents_to_their_official_reader() {
    let collector = Collector::start(&[]).await;
    let mut sent = event();
    sent["accounttoken"] = json!("a.b.c");
    let batch: Vec<CloudEvent> = serde_json::from_value(json!([sent, event()])).unwrap();
    assert_eq!(batch[0].id(), id_of(&sent));
    collector.send(std::slice::from_ref(&sent)).await;
    let line = lines(&collector, "").await.remove(0);
    let read: CloudEvent = serde_json::from_value(line).unwrap();
    assert_eq!(read.id(), id_of(&sent));
    assert_eq!(read.ty(), "nosale.choice");
    assert_eq!(read.source(), "https://www.publisher.example");
    assert_eq!(read.datacontenttype(), Some("application/json"));
    assert!(read.time().is_some());
    let sequence = "0000000000000000001".to_owned();
    assert_eq!(
        read.extension("sequence"),
        Some(&ExtensionValue::String(sequence))
    );
    assert_eq!(
        read.extension("secgpc"),
        Some(&ExtensionValue::Boolean(false))
    );
    assert_eq!(read.data(), Some(&Data::Json(sent["data"].clone())));
}

#[tokio::test]
async fn a_table_has_every_column() {
    let collector = Collector::start(&[]).await;
    let (head, rows) = cells(&collector, "").await;
    assert!(rows.is_empty());
    let mut event = event();
    event["data"]["account"] = json!("=HYPERLINK(\"https://x.example\",\"a\r\nb\")");
    event["data"]["vendors"] = json!({ "@sum(a1)": "blocked" });
    collector.send(std::slice::from_ref(&event)).await;
    let (_, rows) = cells(&collector, "").await;
    let row = &rows[0];
    let cell = |name: &str| {
        let place = head.iter().position(|column| column == name).unwrap();
        row[place].as_str()
    };
    assert_eq!(rows.len(), 1);
    for (name, value) in [
        ("sequence", "1"),
        ("sec_gpc", "false"),
        ("id", &id_of(&event)),
        ("type", "nosale.choice"),
        ("source", "https://www.publisher.example"),
        ("kind", "opt_out"),
        ("how", "dialog"),
        ("jurisdiction", "US-CA"),
        ("gpc", "false"),
        ("age", ""),
        ("sale_allowed", "false"),
        ("sale_because", "choice"),
        ("sale_before", "true"),
        ("sensitive_data_because", "choice"),
        ("vendors", "{\"@sum(a1)\":\"blocked\"}"),
        ("account", "'=HYPERLINK(\"https://x.example\",\"a\r\nb\")"),
    ] {
        assert_eq!(cell(name), value, "{name}");
    }
}

/// Stores events as if they had been received at times of the past.
fn store(collector: &Collector, events: &[(&str, &Value)]) {
    let mut store = Connection::open(collector.store()).unwrap();
    let transaction = store.transaction().unwrap();
    for (received, event) in events {
        transaction
            .execute(
                "INSERT INTO events (id, type, source, time, received_at, sec_gpc, event)
                 VALUES (?1, ?2, 's', 't', ?3, 0, ?4)",
                (
                    id_of(event),
                    event["type"].as_str(),
                    received,
                    event.to_string(),
                ),
            )
            .unwrap();
    }
    transaction.commit().unwrap();
}

#[tokio::test]
async fn filters_choose_by_time_type_kind_and_way() {
    let collector = Collector::start(&[]).await;
    let of = |event_type: &str, kind: &str, how: &str| {
        let mut event = event();
        event["type"] = json!(event_type);
        event["data"]["kind"] = json!(kind);
        event["data"]["how"] = json!(how);
        event
    };
    store(
        &collector,
        &[
            (
                "2025-12-31T23:59:59.999Z",
                &of("nosale.choice", "opt_out", "link"),
            ),
            (
                "2026-01-01T00:00:00.000Z",
                &of("nosale.signal", "opt_out", "signal"),
            ),
            (
                "2026-01-01T12:00:00.500Z",
                &of("nosale.choice", "opt_in", "dialog"),
            ),
            (
                "2026-02-01T00:00:00.000Z",
                &of("nosale.choice", "limit", "dialog"),
            ),
        ],
    );
    for (query, expected) in [
        ("", &[1, 2, 3, 4][..]),
        ("?from=2026-01-01", &[2, 3, 4]),
        ("?to=2026-01-01", &[1]),
        ("?from=2026-01-01&to=2026-02-01", &[2, 3]),
        // The same time, told from elsewhere.
        ("?from=2026-01-01T07:00:00.500-05:00", &[3, 4]),
        ("?from=2026-01-01T12:00:00.501Z", &[4]),
        ("?from=2027-01-01", &[]),
        ("?type=nosale.choice", &[1, 3, 4]),
        ("?type=nosale.link", &[]),
        ("?kind=opt_out", &[1, 2]),
        ("?how=dialog", &[3, 4]),
        (
            "?how=dialog&kind=limit&type=nosale.choice&from=2026-01-01",
            &[4],
        ),
        ("?how=signal&type=nosale.choice", &[]),
    ] {
        let exported = lines(&collector, query).await;
        let got: Vec<u64> = exported
            .iter()
            .map(|line| line["sequence"].as_str().unwrap().parse().unwrap())
            .collect();
        assert_eq!(got, expected, "{query}");
        let (_, rows) = cells(&collector, query).await;
        let got: Vec<u64> = rows.iter().map(|row| row[0].parse().unwrap()).collect();
        assert_eq!(got, expected, "{query}");
    }
}

#[tokio::test]
async fn a_wrong_question_is_named() {
    let collector = Collector::start(&[]).await;
    for query in [
        "from=yesterday",
        "from=",
        "from=2026-13-01",
        "from=2026-01-01T00:00:00",
        "to=1700000000",
        "type=choice",
        "type=",
        "kind=opt-out",
        "how=x' OR '1'='1",
        "limit=1",
        "from=2026-01-01&from=2026-01-02",
    ] {
        for format in ["jsonl", "csv"] {
            let path = format!("/v1/export.{format}?{query}");
            let (status, problem) = answer(collector.get(&path).await).await;
            let expected = (400, &json!("query"));
            assert_eq!((status, &problem["error"]), expected, "{query}");
            let message = problem["message"].as_str().unwrap();
            assert!(message.contains("expected from=TIME"), "{message}");
        }
    }
}

#[tokio::test]
async fn more_than_a_page_is_exported_once_each() {
    const EVENTS: usize = 1_234;
    let collector = Collector::start(&[]).await;
    let events: Vec<Value> = (0..EVENTS).map(|_| event()).collect();
    let rows: Vec<(&str, &Value)> = events
        .iter()
        .map(|event| ("2026-01-01T00:00:00.000Z", event))
        .collect();
    store(&collector, &rows);
    let exported = lines(&collector, "?kind=opt_out").await;
    let ids: Vec<String> = exported.iter().map(id_of).collect();
    let expected: Vec<String> = events.iter().map(id_of).collect();
    assert_eq!(ids, expected);
    let (_, rows) = cells(&collector, "").await;
    assert_eq!(rows.len(), EVENTS);
}
