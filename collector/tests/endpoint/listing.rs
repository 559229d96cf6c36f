//! Who may list, and what is listed.

use serde_json::{Value, json};

use crate::common::{Collector, answer, event};

async fn get(collector: &Collector, query: &str, headers: &[(&str, &str)]) -> (u16, Value) {
    let mut request = collector
        .client
        .get(collector.url(&format!("/v1/events{query}")));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    answer(request.send().await.unwrap()).await
}

#[tokio::test]
async fn only_this_machine_itself_lists_without_a_token() {
    let collector = Collector::start(&["--admin-token", "secret"]).await;
    let port = collector.address.port();
    for host in [
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        "collector.localhost".to_owned(),
    ] {
        assert_eq!(
            get(&collector, "", &[("host", &host)]).await.0,
            200,
            "{host}"
        );
    }
    for (name, value) in [
        ("host", "example.com"),
        ("host", "127.0.0.1.example.com"),
        ("host", "192.168.1.2:8787"),
        ("forwarded", "for=203.0.113.9"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "localhost"),
        ("x-real-ip", "127.0.0.1"),
        ("via", "1.1 proxy"),
        ("authorization", "Bearer wrong"),
        ("authorization", "Bearer "),
        ("authorization", "Basic c2VjcmV0"),
    ] {
        let (status, problem) = get(&collector, "", &[(name, value)]).await;
        assert_eq!(
            (status, &problem["error"]),
            (401, &json!("unauthorized")),
            "{name}: {value}"
        );
        // Who may not read does not learn what there is to ask, either.
        assert_eq!(get(&collector, "?limit=x", &[(name, value)]).await.0, 401);
    }
}

#[tokio::test]
async fn the_token_opens_the_listing_through_a_proxy() {
    let collector = Collector::start(&["--admin-token", "secret"]).await;
    let through = [("host", "example.com"), ("x-forwarded-for", "203.0.113.9")];
    let with = |value| [&through[..], &[("authorization", value)]].concat();
    assert_eq!(get(&collector, "", &with("Bearer secret")).await.0, 200);
    assert_eq!(get(&collector, "", &with("Bearer secret2")).await.0, 401);

    let without = Collector::start(&[]).await;
    assert_eq!(get(&without, "", &with("Bearer secret")).await.0, 401);
    assert_eq!(get(&without, "", &with("Bearer ")).await.0, 401);
}

#[tokio::test]
async fn events_are_listed_in_pages_either_way() {
    let collector = Collector::start(&[]).await;
    for (query, last) in [("", 0), ("?after=7", 7)] {
        let nothing = json!({ "events": [], "last": last, "removedThrough": 0 });
        assert_eq!(collector.list(query).await, nothing);
    }

    let events: Vec<Value> = (0..5).map(|_| event()).collect();
    collector.send(&events).await;
    for (query, sequences, last) in [
        ("", &[1, 2, 3, 4, 5][..], 5),
        ("?order=desc", &[5, 4, 3, 2, 1], 5),
        ("?limit=2", &[1, 2], 2),
        ("?after=2&limit=2&order=asc", &[3, 4], 4),
        ("?after=4&limit=2", &[5], 5),
        ("?after=5", &[], 5),
        ("?order=desc&limit=2", &[5, 4], 5),
        ("?order=desc&after=3", &[5, 4], 5),
        ("?after=18446744073709551615", &[], u64::MAX),
    ] {
        let listing = collector.list(query).await;
        assert_eq!(listing["last"], last, "{query}");
        let listed = listing["events"].as_array().unwrap();
        let got: Vec<u64> = listed
            .iter()
            .map(|one| one["sequence"].as_u64().unwrap())
            .collect();
        assert_eq!(got, sequences, "{query}");
        for one in listed {
            let place = one["sequence"].as_u64().unwrap() as usize - 1;
            assert_eq!(one["event"], events[place]);
            assert_eq!(one["secGpc"], false);
            assert!(one["received"].as_str().unwrap().ends_with('Z'));
            assert_eq!(one.as_object().unwrap().len(), 4);
        }
    }
}

#[tokio::test]
async fn a_wrong_question_is_named() {
    let collector = Collector::start(&[]).await;
    for query in [
        "limit=0",
        "limit=1001",
        "limit=x",
        "limit=-1",
        "after=-1",
        "after=",
        "after=1e3",
        "order=up",
        "order=DESC",
        "before=3",
        "limit=1&limit=2",
    ] {
        let (status, problem) = get(&collector, &format!("?{query}"), &[]).await;
        assert_eq!(
            (status, &problem["error"]),
            (400, &json!("query")),
            "{query}"
        );
        let message = problem["message"].as_str().unwrap();
        assert!(message.contains("expected after=SEQUENCE"), "{message}");
    }
}

#[tokio::test]
async fn health_is_open_to_all() {
    let collector = Collector::start(&["--admin-token", "secret"]).await;
    let request = collector.client.get(collector.url("/healthz"));
    let response = request.header("host", "example.com").send().await.unwrap();
    assert_eq!(answer(response).await, (200, json!({ "ok": true })));
}

#[tokio::test]
async fn a_listing_is_not_cached() {
    let collector = Collector::start(&[]).await;
    let response = collector
        .client
        .get(collector.url("/v1/events"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
}
