//! How reports travel: what a request says of its visitor, and what it asks of the endpoint.

use e2e::{Arrival, Gpc, Launch, Markup, Page, WWW, World, wait};
use serde_json::{Value, json};

/// A third party that plays the endpoint, so that a test can see what is sent.
const ENDPOINT: &str = "endpoint.localhost";
const PATH: &str = "/v1/events";

/// The requests of one choice under these settings of the endpoint.
async fn requests(world: &World, host: &str, endpoint: &Value) -> Vec<Arrival> {
    world.open_bare().await;
    world.forget();
    let config = world.config_with(json!({ "endpoint": endpoint }));
    world.visit("/", &Markup::new().config(&config)).await;
    let id = world.browser.js("nosale.optOut(['profiling']).id").await;
    let id = id.as_str().unwrap();
    wait::until("the report", async || {
        let arrivals = world.arrivals(host, PATH);
        let sent = arrivals.iter().any(|arrival| arrival.body.contains(id));
        sent.then_some(())
    })
    .await;
    world
        .browser
        .until("nosale.status().reports.pending === 0")
        .await;
    world.arrivals(host, PATH)
}

#[tokio::test(flavor = "multi_thread")]
async fn as_plain_text_a_report_needs_no_preflight() {
    let world = World::new(Gpc::Absent).await;
    for (preflight, content_type, methods) in [
        (false, "text/plain", &["POST"][..]),
        (
            true,
            "application/cloudevents-batch+json",
            &["OPTIONS", "POST"],
        ),
    ] {
        let url = world.site.url(ENDPOINT, PATH);
        let endpoint = json!({ "url": url, "preflight": preflight });
        let requests = requests(&world, ENDPOINT, &endpoint).await;
        let sent: Vec<_> = requests.iter().map(|request| &request.method).collect();
        assert_eq!(sent, methods, "preflight {preflight}");
        let header = requests.last().unwrap().header("content-type").unwrap();
        assert!(header.starts_with(content_type), "{header}");
    }

    // The collector takes it that way.
    let endpoint = json!({ "url": world.collector.endpoint(), "preflight": false });
    let config = world.config_with(json!({ "endpoint": endpoint }));
    world.visit("/", &Markup::new().config(&config)).await;
    let id = world.browser.js("nosale.optOut(['profiling']).id").await;
    let rows = world.collector.stored(1).await;
    assert_eq!(rows[0].event["id"], id);
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_go_along_only_where_the_publisher_asks() {
    let world = World::without_collector(Launch::default()).await;
    // On the page's own host, where a browser sends them unasked.
    let page = Page {
        status: 204,
        ..Page::default()
    };
    world.put(WWW, PATH, page);
    world.open_bare().await;
    let cookie = "document.cookie = 'visitor=42; Path=/'";
    world.browser.exec(cookie).await;
    for (credentials, expected) in [
        (None, false),
        (Some("omit"), false),
        (Some("include"), true),
    ] {
        let mut endpoint = json!({ "url": PATH });
        if let Some(credentials) = credentials {
            endpoint["credentials"] = json!(credentials);
        }
        let requests = requests(&world, WWW, &endpoint).await;
        let cookies = requests.last().unwrap().header("cookie");
        let sent = cookies.is_some_and(|cookies| cookies.contains("visitor=42"));
        assert_eq!(sent, expected, "{credentials:?}: {cookies:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_names_the_pages_path_only_where_the_publisher_asks_and_never_its_query() {
    let world = World::new(Gpc::Absent).await;
    let origin = world.url("").trim_end_matches('/').to_owned();
    for (count, (path, page)) in [(false, ""), (true, "/health/advice")]
        .into_iter()
        .enumerate()
    {
        let endpoint = json!({ "url": world.collector.endpoint(), "path": path });
        let config = world.config_with(json!({ "endpoint": endpoint }));
        world.open_bare().await;
        world.page("/health/advice", &Markup::new().config(&config));
        world.open("/health/advice?name=Anna#part").await;
        world.browser.js("nosale.optOut(['profiling'])").await;
        let event = world.collector.stored(count + 1).await.remove(count).event;
        assert_eq!(event["data"]["page"], format!("{origin}{page}"));
        assert_eq!(event["source"], origin);
        let text = event.to_string();
        assert!(!text.contains("Anna") && !text.contains("part\""), "{text}");
    }
}
