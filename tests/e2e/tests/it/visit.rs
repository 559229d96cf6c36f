//! The first visit, with the browser's real signal absent, off and on.

use e2e::{Gpc, Markup, PARTNER, Page, TRACKER, VIDEO, World};
use serde_json::{Value, json};

/// A page as publishers have them: inert tags in their order, a tag that a script makes, and a
/// permitted partner.
fn newspaper(world: &World) -> Markup {
    let note = |name: &str| Page::script(format!("(window.order ||= []).push({name:?});"));
    world.put(TRACKER, "/first.js", note("first"));
    world.put(TRACKER, "/third.js", note("third"));
    world.markup().body(
        r#"
        <script type="text/plain" data-purpose="sale sharing" src="http://tracker.localhost:{port}/first.js"></script>
        <script type="text/plain" data-purpose="sale">order.push("second");</script>
        <script type="text/plain" data-vendor="tracker" data-src="http://tracker.localhost:{port}/third.js"></script>
        <img alt="" data-purpose="sharing" data-src="http://tracker.localhost:{port}/pixel.gif">
        <iframe title="ad" data-purpose="targeted_advertising" data-src="http://video.localhost:{port}/embed"></iframe>
        <script>
          const made = document.createElement("script");
          made.src = "http://tracker.localhost:{port}/made.js";
          document.body.append(made);
          fetch("http://partner.localhost:{port}/collect", { mode: "no-cors" });
        </script>
        <script src="http://partner.localhost:{port}/tag.js"></script>"#,
    )
}

async fn nothing_is_denied(gpc: Gpc, signal: Value) {
    let world = World::new(gpc).await;
    world.visit("/", &newspaper(&world)).await;

    for path in ["/first.js", "/third.js", "/pixel.gif", "/made.js"] {
        world.reached(TRACKER, path).await;
    }
    world.reached(VIDEO, "/embed").await;
    world.reached(PARTNER, "/tag.js").await;
    world.reached(PARTNER, "/collect").await;
    let order = world
        .browser
        .until("window.order?.length === 3 && order")
        .await;
    assert_eq!(order, json!(["first", "second", "third"]), "document order");

    world.settle().await;
    let status = world.status().await;
    assert_eq!(status["signals"]["gpc"], signal);
    for purpose in ["sale", "sharing", "targeted_advertising", "profiling"] {
        let decision = &status["purposes"][purpose];
        assert_eq!(
            decision,
            &json!({ "allowed": true, "because": "default" }),
            "{purpose}"
        );
    }
    assert_eq!(status["gate"]["active"], false);
    assert_eq!(status["record"], Value::Null);
    assert_eq!(status["late"], Value::Null);
    assert_eq!(
        world.record().await,
        None,
        "nothing is stored about a visitor who said nothing"
    );
    assert_eq!(status["reports"]["pending"], 0);
    assert_eq!(
        world
            .browser
            .js("Object.keys(localStorage).filter(key => key.startsWith('nosale'))")
            .await,
        json!([])
    );
    assert!(world.collector.rows().is_empty(), "nothing is reported");
    let console = world.browser.console().await;
    assert_eq!(console.complaints(), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_signal_tags_run() {
    nothing_is_denied(Gpc::Absent, Value::Null).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_signal_off_tags_run() {
    nothing_is_denied(Gpc::Off, json!(false)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_signal_on_nothing_leaves() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &newspaper(&world)).await;

    world.reached(PARTNER, "/tag.js").await;
    world.reached(PARTNER, "/collect").await;
    world.nothing_reached(TRACKER).await;
    world.nothing_reached(VIDEO).await;
    assert_eq!(
        world.browser.js("window.order ?? null").await,
        Value::Null,
        "no inert script ran"
    );

    let status = world.status().await;
    assert_eq!(status["signals"]["gpc"], true);
    for purpose in ["sale", "sharing", "targeted_advertising"] {
        let decision = &status["purposes"][purpose];
        assert_eq!(
            decision,
            &json!({ "allowed": false, "because": "gpc" }),
            "{purpose}"
        );
    }
    assert_eq!(
        status["purposes"]["profiling"]["allowed"], true,
        "the signal is not about profiling"
    );
    assert_eq!(status["gate"]["active"], true);
    assert_eq!(status["gate"]["mode"], "listed");
    assert_eq!(status["gate"]["engine"], "wasm");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_signal_is_recorded_as_a_signal() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &newspaper(&world)).await;

    let record = world
        .recorded("the signal's time", |record| record.signal_on())
        .await;
    assert_eq!(
        record.choices, "-----",
        "a signal is never stored as a choice"
    );
    assert_eq!((record.time, record.account.as_str()), (0, "-"));
    let status = world.status().await;
    assert!(
        status["record"]["signalSince"].is_number(),
        "{}",
        status["record"]
    );
    assert_eq!(
        (&status["record"]["time"], &status["record"]["choices"]),
        (&Value::Null, &json!({}))
    );

    let cookie = world.browser.cookie("nosale").await.unwrap();
    assert_eq!(cookie.path(), Some("/"));
    assert_eq!(
        cookie.domain().map(|domain| domain.trim_start_matches('.')),
        Some("publisher.localhost")
    );
    assert_eq!(
        cookie.same_site().map(|same| same.to_string()).as_deref(),
        Some("Lax")
    );
    assert_ne!(cookie.secure(), Some(true), "on http");
    assert_ne!(cookie.http_only(), Some(true), "the page reads it");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_signal_is_reported_once() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &newspaper(&world)).await;

    let rows = world.collector.stored(1).await;
    let event = &rows[0].event;
    assert_eq!(rows[0].kind(), "nosale.signal");
    assert!(rows[0].sec_gpc, "the request itself carried Sec-GPC");
    assert_eq!(event["specversion"], "1.0");
    assert_eq!(event["source"], json!(world.url("").trim_end_matches('/')));
    let data = &event["data"];
    assert_eq!(data["kind"], "opt_out");
    assert_eq!(data["how"], "signal");
    assert_eq!(data["jurisdiction"], "US-CA");
    assert_eq!(data["purposes"]["sale"]["allowed"], false);
    assert_eq!(data["purposes"]["sale"]["because"], "gpc");

    // Later pages and tabs say nothing more. What they had said would stand before the choice.
    world.browser.reload().await;
    world.settle().await;
    world.browser.open_tab().await;
    world.open("/").await;
    world.settle().await;
    world.browser.exec("nosale.optOut()").await;
    let rows = world.collector.stored(2).await;
    let kinds: Vec<&str> = rows.iter().map(|row| row.kind()).collect();
    assert_eq!(kinds, ["nosale.signal", "nosale.choice"]);
}
