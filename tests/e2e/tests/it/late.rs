//! The module started too late or twice: it works, and says what it cost.

use e2e::{Gpc, Markup, Page, TRACKER, World};
use serde_json::{Value, json};

/// A tag as publishers paste it, which the module is too late for.
const EARLY: &str = r#"<script src="http://tracker.localhost:{port}/early.js?id=7"></script>"#;

fn why(status: &Value) -> Vec<&str> {
    let why = status["late"]["why"].as_array();
    let why = why.unwrap_or_else(|| panic!("late is {}", status["late"]));
    why.iter().filter_map(Value::as_str).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn first_and_synchronous_is_not_late() {
    let world = World::new(Gpc::On).await;
    world
        .visit(
            "/",
            &world.markup().body(r#"<script src="/other.js"></script>"#),
        )
        .await;
    assert_eq!(world.status().await["late"], Value::Null);
    let console = world.browser.console().await;
    assert_eq!(console.complaints(), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn put_off_by_its_attributes() {
    let world = World::new(Gpc::On).await;
    for attribute in ["async", "defer"] {
        let tag = format!(r#"<script src="/nosale.js" {attribute}></script>"#);
        world.visit("/", &world.markup().tag(&tag)).await;
        world.browser.until("window.nosale").await;
        let status = world.status().await;
        assert!(
            why(&status).contains(&attribute),
            "{attribute}: {}",
            status["late"]
        );
        world
            .browser
            .said(attribute, |console| console.warns(&["nosale", attribute]))
            .await;
        // Late, and working: what scripts do from now on is held back.
        assert_eq!(
            world.decision("sale").await,
            json!({ "allowed": false, "because": "gpc" })
        );
        world.nothing_reached(TRACKER).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_another_script() {
    let world = World::new(Gpc::Absent).await;
    world.put(e2e::WWW, "/other.js", Page::script("window.other = true;"));
    let tag = r#"<script src="/other.js"></script><script src="/nosale.js"></script>"#;
    world.visit("/", &world.markup().tag(tag)).await;
    assert_eq!(why(&world.status().await), ["not_first"]);
    world
        .browser
        .said("what to change", |console| {
            console.warns(&["nosale", "first"])
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_page_was_parsed() {
    let world = World::new(Gpc::Absent).await;
    let inject = r#"<script>
        addEventListener("load", () => {
          const script = document.createElement("script");
          script.src = "/nosale.js";
          document.head.append(script);
        });
      </script>"#;
    world.visit("/", &world.markup().tag("").body(inject)).await;
    world.browser.until("window.nosale").await;
    assert!(why(&world.status().await).contains(&"after_parse"));
    world
        .browser
        .said("what to change", |console| console.warns(&["nosale"]))
        .await;
    // The notice comes all the same.
    world.dialog().open().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_left_before_it_are_the_evidence() {
    let world = World::new(Gpc::On).await;
    let tag = format!(r#"{EARLY}<script src="/nosale.js"></script>"#);
    world.visit("/", &world.markup().tag(&tag)).await;
    world.reached(TRACKER, "/early.js").await;

    let status = world.status().await;
    assert!(why(&status).contains(&"requests"), "{}", status["late"]);
    assert!(why(&status).contains(&"not_first"), "{}", status["late"]);
    let requests = status["late"]["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 1, "{requests:?}");
    let url = requests[0]["url"].as_str().unwrap();
    assert!(
        url.starts_with(&world.site.url(TRACKER, "/early.js")),
        "{url}"
    );
    assert_eq!(requests[0]["vendor"], "tracker");
    assert!(requests[0]["startTime"].as_f64().unwrap() >= 0.0);
    let told = |console: &e2e::Console| console.warns(&["nosale", "before"]);
    world.browser.said("what to change", told).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_nobody_denies_are_no_evidence() {
    let world = World::new(Gpc::Absent).await;
    let tag = format!(r#"{EARLY}<script src="/nosale.js"></script>"#);
    world.visit("/", &world.markup().tag(&tag)).await;
    world.reached(TRACKER, "/early.js").await;
    let status = world.status().await;
    assert_eq!(why(&status), ["not_first"]);
    assert_eq!(status["late"]["requests"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn loaded_twice_it_works_once() {
    let world = World::new(Gpc::Absent).await;
    let again =
        r#"<script>window.first = window.nosale;</script><script src="/nosale.js"></script>"#;
    let body = r#"<script type="text/plain" data-purpose="sale" src="http://tracker.localhost:{port}/tag.js"></script>"#;
    world
        .visit("/", &world.markup().head(again).body(body))
        .await;
    world
        .browser
        .said("that it is there twice", |console| {
            console.warns(&["nosale", "twice"])
        })
        .await;
    assert_eq!(
        world.browser.js("window.first === window.nosale").await,
        true
    );
    assert_eq!(
        world
            .browser
            .js("document.querySelectorAll('footer [data-nosale]').length")
            .await,
        1
    );
    world.settle().await;
    assert_eq!(
        world.arrivals(TRACKER, "/tag.js").len(),
        1,
        "the inert tag ran once"
    );

    world.dialog().open().await.press("opt-out-all").await;
    world.collector.stored(1).await;
    world.settle().await;
    assert_eq!(world.collector.rows().len(), 1);
    let console = world.browser.console().await;
    assert!(!console.errs(&["uncaught"]), "{console}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_config_behind_the_module_is_an_error() {
    let world = World::new(Gpc::On).await;
    let config = world.config().to_string();
    let behind = format!(r#"<script type="application/json" id="nosale-config">{config}</script>"#);
    world.visit("/", &Markup::new().head(&behind)).await;
    world
        .browser
        .said("where the config belongs", |console| {
            console.errs(&["nosale-config", "before"])
        })
        .await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "gpc" })
    );
}
