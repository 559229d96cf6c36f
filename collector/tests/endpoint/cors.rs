//! Which pages may send, and which may list.

use reqwest::header::HeaderMap;

use crate::common::{Collector, STRUCTURED, event};

const PAGE: &str = "https://www.example.com";
const OTHER: &str = "https://www.example.org";

async fn preflight(collector: &Collector, origin: &str, method: &str, header: &str) -> HeaderMap {
    let response = collector
        .client
        .request(reqwest::Method::OPTIONS, collector.url("/v1/events"))
        .header("origin", origin)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", header)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    response.headers().clone()
}

async fn posted(collector: &Collector, origin: &str) -> HeaderMap {
    let request = collector.post(STRUCTURED, event().to_string());
    let response = request.header("origin", origin).send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.headers().clone()
}

async fn listed(collector: &Collector, origin: &str) -> HeaderMap {
    let request = collector.client.get(collector.url("/v1/events"));
    request
        .header("origin", origin)
        .send()
        .await
        .unwrap()
        .headers()
        .clone()
}

fn origin(headers: &HeaderMap) -> Option<&str> {
    let origin = headers.get("access-control-allow-origin")?;
    Some(origin.to_str().unwrap())
}

fn credentials(headers: &HeaderMap) -> bool {
    headers
        .get("access-control-allow-credentials")
        .is_some_and(|value| value == "true")
}

/// The header's values, wherever they stand, in lower case.
fn words(headers: &HeaderMap, name: &str) -> Vec<String> {
    let values = headers.get_all(name).iter();
    values
        .flat_map(|value| value.to_str().unwrap().split(','))
        .map(|word| word.trim().to_lowercase())
        .collect()
}

#[tokio::test]
async fn named_origins_send_and_list_with_credentials() {
    let collector = Collector::start(&[
        "--allow-origin",
        "https://a.example",
        "--allow-origin",
        PAGE,
    ])
    .await;
    let sending = preflight(&collector, PAGE, "POST", "content-type").await;
    let listing = preflight(&collector, PAGE, "GET", "authorization").await;
    for headers in [&sending, &listing] {
        assert_eq!(origin(headers), Some(PAGE));
        assert!(credentials(headers));
        for method in ["get", "post"] {
            assert!(words(headers, "access-control-allow-methods").contains(&method.to_owned()));
        }
        for header in ["content-type", "authorization"] {
            assert!(words(headers, "access-control-allow-headers").contains(&header.to_owned()));
        }
        assert!(words(headers, "vary").contains(&"origin".to_owned()));
    }
    for headers in [
        posted(&collector, PAGE).await,
        listed(&collector, PAGE).await,
    ] {
        assert_eq!(origin(&headers), Some(PAGE));
        assert!(credentials(&headers));
        assert_eq!(
            words(&headers, "access-control-expose-headers"),
            ["retry-after"]
        );
        assert!(words(&headers, "vary").contains(&"origin".to_owned()));
    }
    // The comparison is exact.
    for near in [
        OTHER,
        "http://www.example.com",
        "https://www.example.com:8443",
        "https://example.com",
        "https://www.example.com.example.org",
        "null",
    ] {
        for headers in [
            preflight(&collector, near, "POST", "content-type").await,
            preflight(&collector, near, "GET", "authorization").await,
            posted(&collector, near).await,
            listed(&collector, near).await,
        ] {
            assert_eq!(origin(&headers), None, "{near}");
            assert!(!credentials(&headers), "{near}");
            assert!(words(&headers, "vary").contains(&"origin".to_owned()));
        }
    }
}

#[tokio::test]
async fn without_named_origins_all_send_without_credentials_and_none_lists() {
    for options in [&[][..], &["--allow-origin", "*"]] {
        let collector = Collector::start(options).await;
        for headers in [
            preflight(&collector, PAGE, "POST", "content-type").await,
            posted(&collector, PAGE).await,
        ] {
            assert_eq!(origin(&headers), Some(PAGE));
            assert!(!credentials(&headers));
        }
        for headers in [
            preflight(&collector, PAGE, "GET", "authorization").await,
            listed(&collector, PAGE).await,
        ] {
            assert_eq!(origin(&headers), None);
            assert!(!credentials(&headers));
        }
    }
}

#[tokio::test]
async fn a_star_beside_a_name_lets_only_the_name_list() {
    let collector = Collector::start(&["--allow-origin", &format!("*,{PAGE}")]).await;
    assert_eq!(origin(&posted(&collector, OTHER).await), Some(OTHER));
    assert!(!credentials(&posted(&collector, OTHER).await));
    assert_eq!(origin(&listed(&collector, OTHER).await), None);
    assert_eq!(origin(&listed(&collector, PAGE).await), Some(PAGE));
    assert!(credentials(&posted(&collector, PAGE).await));
}

#[tokio::test]
async fn a_refusal_can_be_read_by_the_page_too() {
    let collector = Collector::start(&["--allow-origin", PAGE]).await;
    let request = collector.post(STRUCTURED, "{").header("origin", PAGE);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 400);
    assert_eq!(origin(response.headers()), Some(PAGE));
}
