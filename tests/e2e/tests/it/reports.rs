//! Reports: kept until the endpoint took them, sent once, with nothing about the visitor.

use std::collections::BTreeSet;

use e2e::{Arrival, Gpc, Launch, Markup, Page, World, wait};
use serde_json::{Value, json};

/// A third party that plays the endpoint, so that a test can count what is sent.
const ENDPOINT: &str = "endpoint.localhost";

fn config_with_endpoint(world: &World, endpoint: Value) -> Value {
    world.config_with(json!({ "endpoint": endpoint }))
}

/// The deliveries that reached the counting endpoint, without preflights.
fn deliveries(world: &World) -> Vec<Arrival> {
    let mut arrivals = world.arrivals(ENDPOINT, "/v1/events");
    arrivals.retain(|arrival| arrival.method == "POST");
    arrivals
}

/// The events of a delivery.
fn events(arrival: &Arrival) -> Vec<Value> {
    serde_json::from_str(&arrival.body).unwrap_or_else(|error| panic!("{error}: {}", arrival.body))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_waits_for_an_endpoint_that_is_down() {
    let mut world = World::without_collector(Launch::default()).await;
    world.visit("/", &world.markup()).await;
    let receipt = world.browser.js("nosale.optOut()").await;
    assert_eq!(
        world.decision("sale").await["allowed"],
        false,
        "the choice waits for nobody"
    );
    world
        .browser
        .until("nosale.status().reports.lastError")
        .await;
    assert_eq!(world.status().await["reports"]["pending"], 1);
    let queue = world
        .browser
        .js("localStorage.getItem('nosale.queue')")
        .await;
    assert!(
        queue
            .as_str()
            .unwrap()
            .contains(receipt["id"].as_str().unwrap()),
        "{queue}"
    );

    // The visitor comes back when the endpoint is up.
    world.start_collector().await;
    world.browser.reload().await;
    let rows = world.collector.stored(1).await;
    assert_eq!(rows[0].event["id"], receipt["id"]);
    world
        .browser
        .until("nosale.status().reports.pending === 0")
        .await;

    let next = world
        .browser
        .js("nosale.optIn(['sale'], { confirmed: true }).then(() => nosale.receipt())");
    let next = next.await;
    let rows = world.collector.stored(2).await;
    let ids: Vec<_> = rows.iter().map(|row| &row.event["id"]).collect();
    assert_eq!(ids, [&receipt["id"], &next["id"]], "each once, in order");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_tried_again_on_the_same_page() {
    let mut world = World::without_collector(Launch::default()).await;
    world.visit("/", &world.markup()).await;
    let receipt = world.browser.js("nosale.optOut()").await;
    world
        .browser
        .until("nosale.status().reports.lastError")
        .await;
    world.start_collector().await;
    let rows = world.collector.stored(1).await;
    assert_eq!(rows[0].event["id"], receipt["id"]);
    world
        .browser
        .until("nosale.status().reports.pending === 0")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_fails_is_asked_again_until_it_says_yes() {
    let world = World::without_collector(Launch::default()).await;
    world.put(
        ENDPOINT,
        "/v1/events",
        Page {
            status: 500,
            ..Page::default()
        },
    );
    let endpoint = json!({ "url": world.site.url(ENDPOINT, "/v1/events") });
    world
        .visit(
            "/",
            &Markup::new().config(&config_with_endpoint(&world, endpoint)),
        )
        .await;

    let receipt = world.browser.js("nosale.optOut()").await;
    wait::until("a refused delivery", async || {
        (!deliveries(&world).is_empty()).then_some(())
    })
    .await;
    world
        .browser
        .until("nosale.status().reports.lastError")
        .await;
    assert_eq!(world.status().await["reports"]["pending"], 1);

    world.forget();
    world.put(
        ENDPOINT,
        "/v1/events",
        Page {
            status: 204,
            ..Page::default()
        },
    );
    wait::until("a delivery", async || {
        (!deliveries(&world).is_empty()).then_some(())
    })
    .await;
    world
        .browser
        .until("nosale.status().reports.pending === 0")
        .await;

    // Once it was taken it is not sent again: neither by this page nor by the next.
    world.browser.reload().await;
    let next = world.browser.js("nosale.optOut(['profiling'])").await;
    let sent = |id: &Value| {
        let all = deliveries(&world);
        all.iter()
            .flat_map(events)
            .filter(|event| event["id"] == *id)
            .count()
    };
    wait::until("the next event", async || {
        (sent(&next["id"]) > 0).then_some(())
    })
    .await;
    world.settle().await;
    assert_eq!(sent(&receipt["id"]), 1);
    assert_eq!(sent(&next["id"]), 1);
    let left = world
        .browser
        .js("localStorage.getItem('nosale.queue') ?? ''")
        .await;
    assert!(
        !left
            .as_str()
            .unwrap()
            .contains(receipt["id"].as_str().unwrap()),
        "{left}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_report_is_sent_once_from_two_tabs() {
    let world = World::without_collector(Launch::default()).await;
    let endpoint = json!({ "url": world.site.url(ENDPOINT, "/v1/events") });
    world
        .visit(
            "/",
            &Markup::new().config(&config_with_endpoint(&world, endpoint)),
        )
        .await;
    world.browser.open_tab().await;
    world.open("/").await;
    let mut ids = Vec::new();
    for purpose in ["sale", "sharing", "targeted_advertising"] {
        let receipt = world
            .browser
            .js(format!("nosale.optOut(['{purpose}'])"))
            .await;
        ids.push(receipt["id"].clone());
    }
    world
        .browser
        .until("nosale.status().reports.pending === 0")
        .await;
    world.settle().await;
    let sent: Vec<_> = deliveries(&world).iter().flat_map(events).collect();
    let sent: Vec<_> = sent.iter().map(|event| &event["id"]).collect();
    assert_eq!(sent, ids.iter().collect::<Vec<_>>(), "each once, in order");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_outlives_its_page() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    world.page("/next", &world.markup());
    let leave = "const id = nosale.optOut().id; location.href = '/next?' + id;";
    world.browser.exec(leave).await;
    world.browser.until("location.pathname === '/next'").await;

    // If the page could not send it any more, or could not learn of the answer, this one does.
    let rows = world.collector.stored(1).await;
    let id = world.browser.js("location.search.slice(1)").await;
    assert_eq!(rows[0].event["id"], id);
    world
        .browser
        .until("nosale.status().reports.pending === 0")
        .await;
    assert_eq!(world.collector.rows().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_endpoint_nothing_is_sent() {
    let world = World::new(Gpc::On).await;
    let config = world.config_with(json!({ "endpoint": null }));
    world.visit("/", &Markup::new().config(&config)).await;
    let receipt = world.browser.js("nosale.optOut()").await;
    assert!(
        receipt["id"].is_string(),
        "the visitor gets a receipt all the same: {receipt}"
    );
    world.settle().await;
    assert_eq!(
        world
            .browser
            .js("localStorage.getItem('nosale.queue')")
            .await,
        Value::Null
    );
    assert_eq!(world.status().await["reports"]["pending"], 0);
    let requests = world.browser.js(
        "performance.getEntriesByType('resource').map(entry => entry.name)
             .filter(name => !name.includes('/sentinel') && !name.startsWith('data:'))",
    );
    assert_eq!(
        requests.await,
        json!([world.url("/nosale.js")]),
        "nothing but its own file"
    );
    assert!(world.collector.rows().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_says_what_it_must_and_nothing_else() {
    let world = World::without_collector(Launch {
        gpc: Gpc::On,
        ..Launch::default()
    })
    .await;
    // On the publisher's own site, where a browser would send cookies unasked.
    let endpoint = json!({ "url": "/nosale-events" });
    world.put(
        e2e::WWW,
        "/nosale-events",
        Page {
            status: 204,
            ..Page::default()
        },
    );
    let markup = Markup::new().config(&config_with_endpoint(&world, endpoint));
    world.open_bare().await;
    world
        .browser
        .exec("document.cookie = 'visitor=42; Path=/'")
        .await;
    world.page("/article", &markup);
    world.open("/article?secret=1").await;

    let arrival = world.reached(e2e::WWW, "/nosale-events").await;
    assert_eq!(arrival.method, "POST");
    assert_eq!(arrival.header("cookie"), None, "credentials are omitted");
    let content_type = arrival.header("content-type").unwrap_or_default();
    assert!(
        content_type.starts_with("application/cloudevents-batch+json"),
        "{content_type}"
    );
    assert_eq!(
        arrival.header("sec-gpc"),
        Some("1"),
        "the browser's own header"
    );
    for (name, value) in &arrival.headers {
        assert!(!value.contains("secret"), "{name}: {value}");
    }
    assert!(
        !arrival.body.contains("secret"),
        "never the query: {}",
        arrival.body
    );
    assert!(
        !arrival.body.contains("/article"),
        "the path only if configured: {}",
        arrival.body
    );

    let events = events(&arrival);
    assert_eq!(events.len(), 1);
    let keys = |value: &Value| -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    let known = [
        "specversion",
        "id",
        "source",
        "type",
        "time",
        "datacontenttype",
        "data",
    ];
    assert_eq!(keys(&events[0]), known.map(str::to_owned).into());
    let allowed: BTreeSet<String> = [
        "kind",
        "how",
        "purposes",
        "signals",
        "jurisdiction",
        "gpp",
        "usp",
        "revision",
        "module",
        "vendors",
        "page",
        "account",
    ]
    .map(str::to_owned)
    .into();
    let data = &events[0]["data"];
    assert!(keys(data).is_subset(&allowed), "{data}");
    assert_eq!(keys(&data["purposes"]).len(), 5, "{data}");
    assert_eq!(data["vendors"]["tracker"], "blocked");
    assert_eq!(data["page"], json!(world.url("").trim_end_matches('/')));
}
