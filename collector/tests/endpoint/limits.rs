//! How often one may ask, and the numbers of requests.

use std::collections::BTreeSet;

use serde_json::json;

use crate::common::{Collector, STRUCTURED, answer, event};

/// The status of the answer to an event, sent through a proxy for an address.
async fn sent_for(collector: &Collector, address: &str) -> u16 {
    let request = collector.post(STRUCTURED, event().to_string());
    let request = request.header("x-forwarded-for", address);
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn one_address_has_its_share() {
    let collector = Collector::start(&["--rate-limit", "1", "--trusted-proxy", "127.0.0.1"]).await;
    for expected in [200, 429, 429] {
        assert_eq!(sent_for(&collector, "203.0.113.9").await, expected);
    }
    assert_eq!(sent_for(&collector, "203.0.113.8").await, 200);
    // What the client says itself does not count.
    assert_eq!(sent_for(&collector, "203.0.113.7, 203.0.113.9").await, 429);
    assert_eq!(collector.rows().len(), 2);
}

#[tokio::test]
async fn nobody_elses_word_is_taken() {
    let collector = Collector::start(&["--rate-limit", "1"]).await;
    let mut statuses = Vec::new();
    for client in 1..=3 {
        statuses.push(sent_for(&collector, &format!("203.0.113.{client}")).await);
    }
    assert_eq!(statuses, [200, 429, 429]);
}

#[tokio::test]
async fn a_refusal_says_when_to_come_back_and_pages_can_read_it() {
    let collector = Collector::start(&["--rate-limit", "1"]).await;
    let send = || collector.post(STRUCTURED, event().to_string());
    assert_eq!(send().send().await.unwrap().status(), 200);
    let page = send().header("origin", "https://www.example.com");
    let response = page.send().await.unwrap();
    let headers = response.headers().clone();
    let seconds: u64 = headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=61).contains(&seconds), "{seconds}");
    assert_eq!(
        headers["access-control-allow-origin"],
        "https://www.example.com"
    );
    assert_eq!(headers["access-control-expose-headers"], "retry-after");
    let (status, problem) = answer(response).await;
    assert_eq!((status, &problem["error"]), (429, &json!("too_often")));
    // Who watches over the collector is not refused, and neither is a preflight.
    for path in ["/healthz", "/readyz"] {
        assert_eq!(collector.get(path).await.status(), 200);
    }
    let options = collector
        .client
        .request(reqwest::Method::OPTIONS, collector.url("/v1/events"))
        .header("origin", "https://www.example.com")
        .header("access-control-request-method", "POST");
    assert_eq!(options.send().await.unwrap().status(), 200);
    for path in ["/v1/events", "/v1/receipts/x", "/v1/export.csv", "/nothing"] {
        assert_eq!(collector.get(path).await.status(), 429, "{path}");
    }
}

#[tokio::test]
async fn all_have_their_share() {
    const CLIENTS: usize = 60;
    let options = [
        "--global-rate-limit",
        "1",
        "--trusted-proxy",
        "127.0.0.1/32",
    ];
    let collector = Collector::start(&options).await;
    let addresses: Vec<String> = (0..CLIENTS).map(|n| format!("203.0.113.{n}")).collect();
    let sent = addresses.iter().map(|from| sent_for(&collector, from));
    let statuses = futures_util::future::join_all(sent).await;
    let taken = statuses.iter().filter(|status| **status == 200).count();
    let refused = statuses.iter().filter(|status| **status == 429).count();
    assert!(taken > 0 && refused > 0);
    assert_eq!(taken + refused, CLIENTS);
    assert_eq!(collector.rows().len(), taken);
}

#[tokio::test]
async fn requests_have_numbers() {
    let collector = Collector::start(&["--allow-origin", "https://a.example"]).await;
    let mut numbers = BTreeSet::new();
    let paths = ["/healthz", "/v1/events", "/nothing", "/v1/receipts/x"];
    for path in paths {
        let request = collector.client.get(collector.url(path));
        let response = request.header("x-request-id", "mine").send().await.unwrap();
        let number = response.headers()["x-request-id"].to_str().unwrap();
        assert_eq!(number.len(), 32);
        numbers.insert(number.to_owned());
    }
    assert_eq!(numbers.len(), paths.len());

    let collector = Collector::start(&["--trusted-proxy", "127.0.0.0/8"]).await;
    for (given, is_taken) in [
        ("the-proxys_1", true),
        ("", false),
        ("a b", false),
        ("anna@example.com", false),
        (&"x".repeat(65), false),
    ] {
        let request = collector.client.get(collector.url("/healthz"));
        let response = request.header("x-request-id", given).send().await.unwrap();
        let number = response.headers()["x-request-id"].to_str().unwrap();
        assert_eq!(number == given, is_taken, "{given}");
    }
}
