//! What reached each host, as tests and the panel are told.

use demo::Page;
use reqwest::Method;

use crate::client::{TRACKER, WWW, ask, get, start};

#[tokio::test]
async fn arrivals_are_told_in_order_and_whole() {
    let site = start(None).await;
    get(&site, TRACKER, "/tag.js").await;
    let sent = [("x-probe", "yes"), ("content-type", "text/plain")];
    ask(
        &site,
        Method::POST,
        TRACKER,
        "/collect?page=%2F&n=1",
        &sent,
        "id=7",
    )
    .await;
    get(&site, "video.localhost", "/embed").await;

    let arrivals = site.arrivals(TRACKER);
    assert_eq!(arrivals.len(), 2);
    assert_eq!(arrivals[0].path, "/tag.js");
    assert_eq!(arrivals[0].query, "");
    let post = &arrivals[1];
    assert_eq!(post.host, TRACKER);
    assert_eq!(post.method, "POST");
    assert_eq!(post.path, "/collect");
    assert_eq!(post.query, "page=%2F&n=1");
    assert_eq!(post.body, "id=7");
    assert_eq!(post.header("X-Probe"), Some("yes"));
    assert_eq!(post.header("x-none"), None);
    assert_eq!(site.arrivals("video.localhost").len(), 1);
    assert!(site.arrivals("partner.localhost").is_empty());
}

#[tokio::test]
async fn a_host_is_one_host_however_it_is_written() {
    let site = start(None).await;
    get(&site, "Tracker.LocalHost.", "/a").await;
    assert_eq!(site.arrivals(TRACKER).len(), 1);
    assert_eq!(site.arrivals("TRACKER.localhost").len(), 1);
}

#[tokio::test]
async fn clear_forgets_arrivals_and_keeps_pages() {
    let site = start(None).await;
    site.put(TRACKER, "/own", Page::html("own"));
    get(&site, TRACKER, "/own").await;
    get(&site, WWW, "/").await;
    site.clear();
    assert!(site.arrivals(TRACKER).is_empty());
    assert!(site.arrivals(WWW).is_empty());
    assert_eq!(get(&site, TRACKER, "/own").await.body, "own");
}

#[tokio::test]
async fn the_panel_is_told_counts_and_is_not_counted() {
    let site = start(None).await;
    for n in 0..9 {
        get(&site, TRACKER, &format!("/pixel.gif?n={n}")).await;
    }
    let sent = [("cookie", "tid=1")];
    ask(&site, Method::GET, "other.example", "/odd", &sent, "").await;

    let told = get(&site, WWW, "/_arrivals").await;
    assert_eq!(told.header("content-type"), Some("application/json"));
    let told: serde_json::Value = serde_json::from_str(&told.body).unwrap();
    let hosts = told["hosts"].as_array().unwrap();
    let counts: Vec<_> = hosts
        .iter()
        .map(|host| {
            (
                host["host"].as_str().unwrap(),
                host["count"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        counts,
        [
            ("tracker.localhost", 9),
            ("video.localhost", 0),
            ("partner.localhost", 0),
            ("other.example", 1),
        ]
    );
    assert_eq!(hosts[0]["last"][0]["query"], "n=8");
    assert_eq!(hosts[0]["last"][0]["cookie"], false);
    assert_eq!(hosts[3]["last"][0]["cookie"], true);
    assert!(site.arrivals(WWW).is_empty());

    assert_eq!(get(&site, WWW, "/_clear").await.status, 405);
    assert_eq!(site.arrivals(TRACKER).len(), 9);
    let cleared = ask(&site, Method::POST, WWW, "/_clear", &[], "").await;
    assert_eq!(cleared.status, 204);
    assert!(site.arrivals(TRACKER).is_empty());
}
