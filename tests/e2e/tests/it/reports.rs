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

/// Everything that is kept about reports on the device, but the record.
async fn queued(world: &World) -> String {
    let queued = "Object.entries({ ...localStorage, ...sessionStorage })
         .filter(([key]) => key.startsWith('nosale.')).flat().join(' ')";
    let queued = world.browser.js(queued).await;
    queued.as_str().unwrap().to_owned()
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
    let queue = queued(&world).await;
    assert!(queue.contains(receipt["id"].as_str().unwrap()), "{queue}");

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
    let left = queued(&world).await;
    assert!(!left.contains(receipt["id"].as_str().unwrap()), "{left}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_report_is_sent_once_from_two_tabs() {
    once_from_two_tabs(e2e::WWW).await;
}

/// On plain http browsers have no Web Locks.
#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_report_is_sent_once_from_two_tabs_without_locks() {
    once_from_two_tabs("www.publisher.test").await;
}

async fn once_from_two_tabs(host: &str) {
    let world = World::without_collector(Launch::default()).await;
    let endpoint = json!({ "url": world.site.url(ENDPOINT, "/v1/events") });
    let markup = Markup::new().config(&config_with_endpoint(&world, endpoint));
    world.page_on(host, "/", &markup);
    let url = world.site.url(host, "/");
    world.browser.goto(&url).await;
    assert_eq!(
        world.browser.js("'locks' in navigator").await,
        host == e2e::WWW
    );
    world.browser.open_tab().await;
    world.browser.goto(&url).await;
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
    assert_eq!(queued(&world).await, "");
    assert_eq!(world.status().await["reports"]["pending"], 0);
    let requests = world.browser.js(
        "performance.getEntriesByType('resource').map(entry => entry.name)
             .filter(name => !name.includes('/sentinel') && !name.startsWith('data:'))",
    );
    // The second has the words of the message that a new signal shows.
    assert_eq!(
        requests.await,
        json!([
            world.url("/nosale.js"),
            world.url(concat!("/nosale.dialog.js?", env!("CARGO_PKG_VERSION")))
        ]),
        "nothing but its own files"
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

/// A token as the publisher's server makes it; nobody in the browser checks its signature.
const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhLTE3IiwianRpIjoiMTIzNDU2NzgifQ.c2lnbmVk";
/// The next one for the same account.
const NEXT_TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhLTE3IiwianRpIjoiMjM0NTY3ODkifQ.c2lnbmVk";

/// Waits until the counting endpoint has got so many events, and gives them.
async fn sent(world: &World, count: usize) -> Vec<Value> {
    wait::until(format!("{count} events"), async || {
        let sent: Vec<Value> = deliveries(world).iter().flat_map(events).collect();
        (sent.len() >= count).then_some(sent)
    })
    .await
}

/// Everything that the page's stores hold.
async fn stores(world: &World) -> String {
    let stores = "JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])";
    let stores = world.browser.js(stores).await;
    stores.as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_that_came_before_the_log_in_is_linked_to_the_account() {
    let world = World::without_collector(Launch {
        gpc: Gpc::On,
        ..Launch::default()
    })
    .await;
    let endpoint = json!({ "url": world.site.url(ENDPOINT, "/v1/events") });
    let markup = Markup::new().config(&config_with_endpoint(&world, endpoint));
    world.visit("/", &markup).await;
    let signal = sent(&world, 1).await.remove(0);
    assert_eq!(signal["type"], "nosale.signal");
    assert_eq!(signal["data"]["account"], Value::Null);

    world
        .browser
        .exec(format!("nosale.identify('{TOKEN}')"))
        .await;
    let link = sent(&world, 2).await.remove(1);
    assert_eq!(link["type"], "nosale.link");
    assert_eq!(link["accounttoken"], TOKEN);
    assert_eq!(link["data"]["account"], "a-17");
    assert_eq!(
        (&link["data"]["kind"], &link["data"]["how"]),
        (&json!("link"), &json!("account"))
    );
    assert_eq!(
        link["data"]["purposes"]["sale"],
        json!({ "allowed": false, "because": "gpc", "before": false })
    );
    world
        .browser
        .until("nosale.status().reports.pending === 0")
        .await;
    let stores = stores(&world).await;
    assert!(
        !stores.contains("a-17") && !stores.contains(TOKEN),
        "{stores}"
    );

    // What has been said is not said again, and a token that an event has carried is not sent twice.
    world
        .browser
        .exec(format!("nosale.identify('{TOKEN}')"))
        .await;
    let choice = world.browser.js("nosale.optOut()").await;
    let choice = (sent(&world, 3).await.remove(2), choice);
    assert_eq!(choice.0["id"], choice.1["id"]);
    assert_eq!(choice.0["data"]["account"], "a-17");
    assert_eq!(choice.0["accounttoken"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_in_carries_a_token_that_no_event_has_carried() {
    let world = World::without_collector(Launch::default()).await;
    let endpoint = json!({ "url": world.site.url(ENDPOINT, "/v1/events") });
    let markup = Markup::new().config(&config_with_endpoint(&world, endpoint));
    world.visit("/", &markup).await;
    let begin = format!("nosale.optOut(); nosale.identify('{TOKEN}')");
    world.browser.exec(begin).await;
    let opt_in = "nosale.optIn(['sale'], { confirmed: true }).then(() => nosale.receipt())";
    world
        .browser
        .exec(format!("nosale.identify('{NEXT_TOKEN}')"))
        .await;
    let receipt = world.browser.js(opt_in).await;
    world.browser.js(opt_in).await;
    let sent = sent(&world, 4).await;
    let types: Vec<_> = sent.iter().map(|event| &event["type"]).collect();
    let choice = "nosale.choice";
    assert_eq!(types, [choice, "nosale.link", choice, choice]);
    assert_eq!(
        sent[0]["accounttoken"],
        Value::Null,
        "an opt-out needs none"
    );
    assert_eq!(sent[1]["accounttoken"], TOKEN);
    assert_eq!(sent[2]["accounttoken"], NEXT_TOKEN);
    assert_eq!(sent[2]["data"]["kind"], "opt_in");
    assert_eq!(sent[3]["accounttoken"], Value::Null, "it was used");
    let receipt = receipt.to_string();
    assert!(!receipt.contains(NEXT_TOKEN), "{receipt}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_token_is_refused() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    for wrong in [
        "",
        "undefined",
        "17",
        "'a-17'",
        "'a.b.c'",
        "'e30.e30.e30'",
        "'e30.bnVsbA.x'",
    ] {
        let thrown = format!(
            "(() => {{ try {{ nosale.identify({wrong}); }} catch (error) {{ return error.message; }} }})()"
        );
        let thrown = world.browser.js(thrown).await;
        let named = thrown
            .as_str()
            .is_some_and(|text| text.contains("identify()"));
        assert!(named, "{wrong}: {thrown}");
    }
    world.settle().await;
    assert_eq!(queued(&world).await, "");
    assert!(world.collector.rows().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_report_is_parked_alone() {
    let mut world = World::without_collector(Launch::default()).await;
    world.visit("/", &world.markup()).await;
    // One that no endpoint takes, as of another version; older than the rest.
    let bad = format!(r#"{{"specversion":"9","accounttoken":"{TOKEN}"}}"#);
    let put = format!("localStorage.setItem('nosale.queue.0000000000001.0000.c.bad', '{bad}')");
    world.browser.exec(put).await;
    let ids = "['sale', 'sharing', 'profiling'].map(purpose => nosale.optOut([purpose]).id)";
    let ids = world.browser.js(ids).await;
    world.start_collector().await;
    world.browser.reload().await;
    let rows = world.collector.stored(3).await;
    let stored: BTreeSet<_> = rows.iter().map(|row| row.event["id"].to_string()).collect();
    let ids = ids.as_array().unwrap().iter();
    assert_eq!(stored, ids.map(Value::to_string).collect());
    world
        .browser
        .until("nosale.status().reports.pending === 0")
        .await;
    assert_eq!(world.status().await["reports"]["parked"], 1);
    let parked = queued(&world).await;
    assert!(parked.starts_with("nosale.parked."), "{parked}");
    assert!(
        !parked.contains(TOKEN),
        "a token goes when its event does: {parked}"
    );
    world
        .browser
        .said("what was refused", |console| {
            console.errs(&["refused", "400", "nosale.parked."])
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_drops_signals_first_and_says_so() {
    let mut world = World::without_collector(Launch {
        gpc: Gpc::On,
        ..Launch::default()
    })
    .await;
    world.visit("/", &world.markup()).await;
    let ids = "Array.from({ length: 51 }, () => nosale.optOut(['profiling']).id)";
    let ids = world.browser.js(ids).await;
    let reports = world.status().await["reports"].take();
    assert_eq!(
        (&reports["pending"], &reports["dropped"]),
        (&json!(50), &json!(2))
    );
    world.start_collector().await;
    world.browser.reload().await;
    let rows = world.collector.stored(50).await;
    let mut ids: Vec<_> = ids.as_array().unwrap().iter().collect();
    // The signal went first, then the oldest choice.
    ids.remove(0);
    let stored: Vec<_> = rows.iter().map(|row| &row.event["id"]).collect();
    assert_eq!(stored, ids);
    let dropped: u64 = rows
        .iter()
        .filter_map(|row| row.event["dropped"].as_u64())
        .sum();
    assert_eq!(dropped, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_longer_than_a_batch_holds_up_nobody() {
    let mut world = World::without_collector(Launch::default()).await;
    let many = |number| json!({ "name": format!("{number:0>96}"), "hosts": [format!("v{number}.example")] });
    let vendors: Vec<Value> = (0..400).map(many).collect();
    let long = world.config_with(json!({ "vendors": vendors }));
    world.visit("/", &Markup::new().config(&long)).await;
    let first = world.browser.js("nosale.optOut().id").await;
    world.visit("/short", &world.markup()).await;
    let second = world.browser.js("nosale.optOut().id").await;
    let length = queued(&world).await.len();
    assert!(length > 32 * 1024, "{length}");
    world.start_collector().await;
    world.browser.reload().await;
    let rows = world.collector.stored(2).await;
    let stored: Vec<_> = rows.iter().map(|row| &row.event["id"]).collect();
    assert_eq!(stored, [&first, &second]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_signal_is_no_opt_out() {
    let world = World::new(Gpc::Absent).await;
    world.store("1.0.-----.1.US-CA.1750000000.-").await;
    world.visit("/", &world.markup()).await;
    let rows = world.collector.stored(1).await;
    let event = &rows[0].event;
    assert_eq!(event["type"], "nosale.signal");
    assert_eq!(
        (&event["data"]["kind"], &event["data"]["how"]),
        (&json!("signal_end"), &json!("signal"))
    );
}
