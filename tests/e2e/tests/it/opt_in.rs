//! Opting in again: in two steps, by the visitor's own hand, and never against a signal.

use e2e::{Gpc, OPTED_IN, OPTED_OUT, TRACKER, World};
use serde_json::json;

/// An inert tag for the sale of data.
const INERT: &str = r#"<script type="text/plain" data-purpose="sale"
    src="http://tracker.localhost:{port}/tag.js"></script>"#;

#[tokio::test(flavor = "multi_thread")]
async fn opting_in_again_takes_two_steps() {
    let world = World::new(Gpc::Absent).await;
    world.store(OPTED_OUT).await;
    world.visit("/", &world.markup().body(INERT)).await;

    let dialog = world.dialog().open().await;
    assert!(!dialog.is_on("sale").await);
    dialog
        .flip("sale")
        .await
        .flip("sharing")
        .await
        .press("save")
        .await
        .offers("confirm")
        .await
        .offers("keep")
        .await;
    assert_eq!(
        world.cookie().await.as_deref(),
        Some(OPTED_OUT),
        "the first step changes nothing"
    );

    dialog.press_untrusted("confirm").await;
    assert_eq!(
        world.decision("sale").await["allowed"],
        false,
        "a script cannot confirm"
    );
    assert_eq!(world.cookie().await.as_deref(), Some(OPTED_OUT));
    world.nothing_reached(TRACKER).await;

    dialog.offers("confirm").await.press("confirm").await;
    let record = world
        .recorded("an opt-in", |record| record.choices.starts_with("cc"))
        .await;
    assert_eq!(&record.choices[2..], "ooo", "the others stay out");
    assert_eq!(world.decision("sale").await["allowed"], true);
    world.reached(TRACKER, "/tag.js").await;

    let rows = world.collector.stored(1).await;
    assert_eq!(rows.len(), 1);
    let data = &rows[0].event["data"];
    assert_eq!(
        (&data["kind"], &data["how"]),
        (&json!("opt_in"), &json!("dialog"))
    );
    assert_eq!(data["purposes"]["sale"]["before"], false);

    world.browser.reload().await;
    assert_eq!(world.decision("sale").await["allowed"], true, "it holds");
}

#[tokio::test(flavor = "multi_thread")]
async fn keeping_the_opt_out_changes_nothing() {
    let world = World::new(Gpc::Absent).await;
    world.store(OPTED_OUT).await;
    world.visit("/", &world.markup().body(INERT)).await;

    let dialog = world.dialog().open().await;
    dialog
        .press("allow-all")
        .await
        .offers("confirm")
        .await
        .press("keep")
        .await;
    world.nothing_reached(TRACKER).await;
    assert_eq!(world.cookie().await.as_deref(), Some(OPTED_OUT));
    assert_eq!(world.decision("sale").await["allowed"], false);
    assert!(world.collector.rows().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn allowing_all_takes_two_steps_too() {
    let world = World::new(Gpc::Absent).await;
    world.store(OPTED_OUT).await;
    world.visit("/", &world.markup().body(INERT)).await;

    let dialog = world.dialog().open().await;
    dialog.press("allow-all").await.offers("confirm").await;
    world.nothing_reached(TRACKER).await;
    dialog.press("confirm").await;
    world
        .recorded("an opt-in", |record| record.choices.starts_with("ccc"))
        .await;
    world.reached(TRACKER, "/tag.js").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_cannot_open_the_way_back_in() {
    let world = World::new(Gpc::Absent).await;
    world.store(OPTED_OUT).await;
    world.visit("/", &world.markup().body(INERT)).await;

    // `optIn()` opens the confirm step and waits for a hand.
    world
        .browser
        .exec("window.done = null; nosale.optIn(['sale']).then(() => { done = true })")
        .await;
    let dialog = world.dialog().opened().await.offers("confirm").await;
    dialog.press_untrusted("confirm").await;
    world.nothing_reached(TRACKER).await;
    assert_eq!(world.cookie().await.as_deref(), Some(OPTED_OUT));

    dialog.press("confirm").await;
    world
        .recorded("an opt-in", |record| record.choices.starts_with("co"))
        .await;
    world.browser.until("window.done").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_beats_an_older_allow_all() {
    let world = World::new(Gpc::On).await;
    world.store(OPTED_IN).await;
    world.visit("/", &world.markup().body(INERT)).await;

    assert_eq!(world.ask(TRACKER).await, "TypeError");
    world.nothing_reached(TRACKER).await;
    for purpose in ["sale", "sharing", "targeted_advertising"] {
        let decision = world.decision(purpose).await;
        assert_eq!(
            decision,
            json!({ "allowed": false, "because": "gpc" }),
            "{purpose}"
        );
    }
    let record = world
        .recorded("the signal", |record| record.signal_on())
        .await;
    assert_eq!(record.choices, "ccccc", "the choice stays what it was");
    assert_eq!(record.time, 1_750_000_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_opt_in_does_not_lift_the_signal() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup().body(INERT)).await;
    world
        .recorded("the signal", |record| record.signal_on())
        .await;

    let opted_in = "nosale.optIn(undefined, { confirmed: true }).then(() => true, () => true)";
    world.browser.js(opted_in).await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "gpc" })
    );
    assert_eq!(world.ask(TRACKER).await, "TypeError");
    world.browser.reload().await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "gpc" })
    );
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publishers_own_two_steps_opt_in() {
    let world = World::new(Gpc::Absent).await;
    world.store(OPTED_OUT).await;
    world.visit("/", &world.markup().body(INERT)).await;

    world
        .browser
        .js("nosale.optIn(['sale', 'sharing'], { confirmed: true }).then(() => true)")
        .await;
    let record = world
        .recorded("an opt-in", |record| record.choices.starts_with("ii"))
        .await;
    assert_eq!(record.choices, "iiooo");
    world.reached(TRACKER, "/tag.js").await;
    let rows = world.collector.stored(1).await;
    let data = &rows[0].event["data"];
    assert_eq!(
        (&data["kind"], &data["how"]),
        (&json!("opt_in"), &json!("api"))
    );
}
