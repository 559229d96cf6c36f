//! Events are stored once each, whatever way they come.

use std::collections::BTreeSet;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::common::{BATCH, Collector, STRUCTURED, answer, event, id_of, store_in, with_id};

#[tokio::test]
async fn one_event_is_stored_with_all_its_columns() {
    let collector = Collector::start(&[]).await;
    let event = event();
    let request = collector.post(STRUCTURED, event.to_string());
    let response = request.header("sec-gpc", "1").send().await.unwrap();
    let expected = json!({ "stored": 1, "repeated": 0, "refused": [] });
    assert_eq!(answer(response).await, (200, expected));

    let rows = collector.rows();
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!(row.id, id_of(&event));
    assert_eq!(row.kind, "nosale.choice");
    assert_eq!(row.source, event["source"]);
    assert_eq!(row.time, event["time"]);
    assert_eq!(row.event, event);
    assert!(row.sec_gpc);
    assert_eq!(row.received_at.len(), "2026-11-21T20:08:28.123Z".len());
    assert!(row.received_at.ends_with('Z'));
}

#[tokio::test]
async fn the_signal_of_the_request_is_stored_beside_what_the_page_says() {
    let collector = Collector::start(&[]).await;
    for header in [None, Some("0"), Some("1"), Some("1.0"), Some("true")] {
        let mut request = collector.post(STRUCTURED, event().to_string());
        if let Some(value) = header {
            request = request.header("sec-gpc", value);
        }
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
    let signals: Vec<bool> = collector.rows().iter().map(|row| row.sec_gpc).collect();
    assert_eq!(signals, [false, false, true, false, false]);
}

#[tokio::test]
async fn every_documented_way_of_sending() {
    let collector = Collector::start(&[]).await;
    let one = || event().to_string();
    let two = || json!([event(), event()]).to_string();
    for (content_type, body, stored) in [
        (STRUCTURED, one(), 1),
        ("application/cloudevents+json; charset=utf-8", one(), 1),
        (BATCH, two(), 2),
        ("text/plain", one(), 1),
        ("text/plain;charset=UTF-8", two(), 2),
        ("text/plain", format!("\n\t {}\n", two()), 2),
        (BATCH, "[]".to_owned(), 0),
    ] {
        let (status, body) = answer(collector.post(content_type, body).send().await.unwrap()).await;
        assert_eq!(
            (status, &body["stored"]),
            (200, &json!(stored)),
            "{content_type}"
        );
    }
    assert_eq!(collector.rows().len(), 9);
}

#[tokio::test]
async fn a_repeated_id_is_not_stored_again() {
    let collector = Collector::start(&[]).await;
    let first = event();
    assert_eq!(collector.send(std::slice::from_ref(&first)).await.0, 200);

    let mut other = first.clone();
    other["data"]["kind"] = json!("opt_in");
    let mut capitals = first.clone();
    capitals["id"] = json!(id_of(&first).to_uppercase());
    let new = event();
    let again = [first.clone(), other, capitals, new.clone(), new.clone()];
    let expected = json!({ "stored": 1, "repeated": 4, "refused": [] });
    assert_eq!(collector.send(&again).await, (200, expected));

    let rows = collector.rows();
    let stored: Vec<&Value> = rows.iter().map(|row| &row.event).collect();
    assert_eq!(stored, [&first, &new]);
}

#[tokio::test]
async fn a_bad_event_is_named_and_its_neighbours_are_kept() {
    let collector = Collector::start(&[]).await;
    let repeated = event();
    collector.send(std::slice::from_ref(&repeated)).await;
    let (mut bad, good) = (event(), event());
    bad["data"]["purposes"]["sale"]["allowed"] = json!("no");
    let batch = [
        bad.clone(),
        good.clone(),
        json!(7),
        repeated,
        json!({ "id": 8 }),
    ];
    let (status, answer) = collector.send(&batch).await;
    assert_eq!(status, 400);
    assert_eq!(answer["stored"], 1);
    assert_eq!(answer["repeated"], 1);
    let refused = answer["refused"].as_array().unwrap();
    assert_eq!(
        refused[0],
        json!({
            "index": 0,
            "id": bad["id"],
            "path": "/data/purposes/sale/allowed",
            "expected": "true or false: whether the purpose is permitted now",
        })
    );
    let places: Vec<(&Value, &Value)> = refused
        .iter()
        .map(|one| (&one["index"], &one["id"]))
        .collect();
    assert_eq!(
        places[1..],
        [(&json!(2), &json!(null)), (&json!(4), &json!(null))]
    );

    let rows = collector.rows();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1].event, good);
}

#[tokio::test]
async fn the_limits_are_exact() {
    let collector = Collector::start(&[]).await;
    let batch = |count: usize| (0..count).map(|_| event()).collect::<Vec<_>>();
    assert_eq!(collector.send(&batch(50)).await.0, 200);
    assert_eq!(collector.send(&batch(51)).await.0, 413);

    let padded = |length: usize| {
        let event = event().to_string();
        let blanks = " ".repeat(length - event.len());
        event + &blanks
    };
    let full = collector
        .post(STRUCTURED, padded(65_536))
        .send()
        .await
        .unwrap();
    assert_eq!(full.status(), 200);
    for length in [65_537, 300_000, 3_000_000] {
        let over = collector.post(STRUCTURED, padded(length)).send().await;
        // So large a body may find the connection closed before it is sent.
        match over {
            Ok(response) => assert_eq!(response.status(), 413, "{length}"),
            Err(error) => assert!(length > 1_000_000, "{length}: {error}"),
        }
    }
    assert_eq!(collector.rows().len(), 51);
}

#[tokio::test]
async fn a_restart_keeps_events_and_sequence() {
    let collector = Collector::start(&[]).await;
    let (first, second) = (event(), event());
    collector.send(std::slice::from_ref(&first)).await;
    let collector = collector.restart().await;
    let (_, answer) = collector.send(&[first.clone(), second.clone()]).await;
    assert_eq!(
        (&answer["stored"], &answer["repeated"]),
        (&json!(1), &json!(1))
    );
    let collector = collector.restart().await;
    let listing = collector.list("").await;
    assert_eq!(listing["last"], 2);
    assert_eq!(listing["events"][0]["event"], first);
    assert_eq!(listing["events"][1]["event"], second);
}

#[tokio::test]
async fn a_copy_made_while_it_runs_is_a_store() {
    let collector = Collector::start(&[]).await;
    let events = [event(), event()];
    collector.send(&events).await;
    let copy = tempfile::tempdir().unwrap();
    let path = store_in(copy.path()).display().to_string();
    let store = Connection::open(collector.store()).unwrap();
    store.execute("VACUUM INTO ?1", [path]).unwrap();
    collector.send(&[event()]).await;

    let restored = Collector::start_in(copy, &[]).await;
    let stored: Vec<Value> = restored.rows().into_iter().map(|row| row.event).collect();
    assert_eq!(stored, events);
    assert_eq!(restored.send(&[event()]).await.0, 200);
    assert_eq!(restored.list("").await["last"], 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_writers_with_repeats() {
    const WRITERS: usize = 8;
    const ROUNDS: usize = 25;
    let collector = Collector::start(&[]).await;
    // Each id is sent by two writers, and twice by one of them.
    let id = |writer: usize, round: usize| {
        format!("00000000-0000-4000-8000-{:04x}{round:08x}", writer / 2)
    };
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let client = collector.client.clone();
        let url = collector.url("/v1/events");
        writers.spawn(async move {
            let (mut stored, mut repeated) = (0, 0);
            for round in 0..ROUNDS {
                let mut events = vec![with_id(&id(writer, round))];
                if writer % 2 == 0 {
                    events.push(events[0].clone());
                }
                let request = client.post(&url).header("content-type", BATCH);
                let response = request
                    .body(json!(events).to_string())
                    .send()
                    .await
                    .unwrap();
                let (status, answer) = answer(response).await;
                assert_eq!(status, 200);
                stored += answer["stored"].as_u64().unwrap();
                repeated += answer["repeated"].as_u64().unwrap();
            }
            (stored, repeated)
        });
    }
    let totals = writers.join_all().await;
    let distinct = (WRITERS / 2 * ROUNDS) as u64;
    assert_eq!(
        totals.iter().map(|(stored, _)| stored).sum::<u64>(),
        distinct
    );
    assert_eq!(
        totals.iter().map(|(_, repeated)| repeated).sum::<u64>(),
        2 * distinct
    );
    let ids: BTreeSet<String> = collector.rows().into_iter().map(|row| row.id).collect();
    assert_eq!(ids.len() as u64, distinct);
}

#[tokio::test]
async fn the_store_is_append_only_and_says_nothing_about_senders() {
    let collector = Collector::start(&[]).await;
    let request = collector.post(STRUCTURED, event().to_string());
    let request = request
        .header("user-agent", "Telltale/7")
        .header("x-forwarded-for", "203.0.113.9");
    assert_eq!(request.send().await.unwrap().status(), 200);

    let store = Connection::open(collector.store()).unwrap();
    for change in ["UPDATE events SET source = 'x'", "DELETE FROM events"] {
        let error = store.execute(change, []).unwrap_err();
        assert!(error.to_string().contains("append-only"), "{error}");
    }
    let mut all = String::new();
    store
        .query_row("SELECT * FROM events", [], |row| {
            for column in 0.. {
                match row.get_ref(column) {
                    Ok(value) => {
                        all += &format!(
                            "{value:?} {}\n",
                            String::from_utf8_lossy(value.as_bytes().unwrap_or(b""))
                        )
                    }
                    Err(_) => break,
                }
            }
            Ok(())
        })
        .unwrap();
    assert!(all.contains("nosale.choice"));
    for telltale in ["Telltale", "203.0.113.9", "127.0.0.1"] {
        assert!(!all.contains(telltale), "{telltale} is stored");
    }
}

#[tokio::test]
async fn a_store_that_fails_acknowledges_nothing_and_recovers() {
    let collector = Collector::start(&[]).await;
    assert_eq!(collector.send(&[event()]).await.0, 200);
    let store = Connection::open(collector.store()).unwrap();
    store
        .execute_batch(
            "CREATE TRIGGER fault BEFORE INSERT ON events WHEN NEW.source LIKE '%faulty%'
             BEGIN SELECT raise(ABORT, 'fault'); END",
        )
        .unwrap();
    let mut faulty = event();
    faulty["source"] = json!("https://faulty.example");
    let batch = json!([event(), faulty]).to_string();
    let response = collector.post(BATCH, batch).send().await.unwrap();
    assert_eq!(response.headers()["retry-after"], "5");
    let (status, problem) = answer(response).await;
    assert_eq!((status, &problem["error"]), (503, &json!("unavailable")));
    assert_eq!(collector.rows().len(), 1);

    assert_eq!(collector.send(&[event()]).await.0, 200);
    assert_eq!(collector.rows().len(), 2);
}
