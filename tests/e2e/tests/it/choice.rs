//! Opting out: by one click or call, in force at once, and holding afterwards.

use e2e::{Gpc, Keys, PARTNER, TRACKER, World};
use serde_json::{Value, json};

/// An inert tag for the sale of data.
const INERT: &str = r#"<script type="text/plain" data-purpose="sale"
    src="http://tracker.localhost:{port}/tag.js"></script>"#;

#[tokio::test(flavor = "multi_thread")]
async fn opting_out_of_all_takes_effect_at_once_and_holds() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup().body(INERT)).await;
    world.reached(TRACKER, "/tag.js").await;

    world.dialog().open().await.press("opt-out-all").await;
    let record = world
        .recorded("an opt-out", |record| record.choices.starts_with("ooo"))
        .await;
    assert!(
        record.time > 1_700_000_000,
        "the time of the choice: {record:?}"
    );
    assert_eq!(record.signal, "-", "there was no signal");
    assert_eq!(world.ask(TRACKER).await, "TypeError");

    let rows = world.collector.stored(1).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].kind(), "nosale.choice");
    assert!(!rows[0].sec_gpc);
    let data = &rows[0].event["data"];
    assert_eq!(
        (&data["kind"], &data["how"]),
        (&json!("opt_out"), &json!("dialog"))
    );
    let sale = json!({ "allowed": false, "because": "choice", "before": true });
    assert_eq!(data["purposes"]["sale"], sale);
    assert_eq!(data["page"], json!(world.url("").trim_end_matches('/')));

    world.forget();
    world.browser.reload().await;
    assert_eq!(world.ask(TRACKER).await, "TypeError");
    world.nothing_reached(TRACKER).await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "choice" })
    );
    let status = world.status().await;
    assert_eq!(status["record"]["choices"]["sale"], "out");
    assert_eq!(world.collector.rows().len(), 1, "a choice is reported once");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_purpose_can_be_saved_alone() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;

    let dialog = world.dialog().open().await;
    assert_eq!(
        dialog.switches().await,
        json!(["sale", "sharing", "targeted_advertising"])
    );
    assert!(dialog.is_on("sale").await, "nothing is denied yet");
    dialog.flip("sale").await.press("save").await;

    let record = world
        .recorded("an opt-out", |record| record.choices.starts_with('o'))
        .await;
    assert!(
        !record.choices[1..].contains('o'),
        "of the sale alone: {record:?}"
    );
    assert_eq!(world.decision("sale").await["allowed"], false);
    assert_eq!(world.decision("sharing").await["allowed"], true);
    world.collector.stored(1).await;

    world.browser.reload().await;
    let dialog = world.dialog().open().await;
    assert!(!dialog.is_on("sale").await, "the dialog shows what holds");
    assert!(dialog.is_on("sharing").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_the_dialog_changes_nothing() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;

    let dialog = world.dialog().open().await;
    dialog.flip("sale").await;
    world.browser.press(&[Keys::Escape]).await;
    dialog.closed().await;

    let dialog = world.dialog().open().await;
    assert!(
        dialog.is_on("sale").await,
        "what was not saved is forgotten"
    );
    dialog
        .flip("sharing")
        .await
        .press("close")
        .await
        .closed()
        .await;

    world.settle().await;
    assert_eq!(world.record().await, None);
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": true, "because": "default" })
    );
    assert!(world.collector.rows().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn saving_without_a_change_says_nothing() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup()).await;
    world
        .recorded("the signal", |record| record.signal_on())
        .await;
    world.dialog().open().await.press("save").await;
    world.settle().await;
    let record = world.record().await.expect("the signal's record");
    assert_eq!(
        record.choices, "-----",
        "what the signal holds is no choice"
    );
    assert_eq!(world.collector.stored(1).await.len(), 1, "the signal alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_being_chosen_survives_a_look_elsewhere() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    let dialog = world.dialog().open().await.flip("sale").await;
    let page = world.browser.tab().await;
    world.browser.open_tab().await;
    world.open_bare().await;
    world.browser.switch(&page).await;
    world.browser.until("document.hasFocus()").await;
    world.settle().await;
    assert!(
        !dialog.is_on("sale").await,
        "the switch stays as it was put"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_out_is_in_force_on_return_and_its_receipt_is_the_event() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;

    let told = world
        .browser
        .js("(() => {
            const before = nosale.allows('sale');
            const receipt = nosale.optOut();
            return {
              before, receipt, after: nosale.allows('sale'),
              tracker: nosale.allows('http://tracker.localhost:' + location.port + '/x'),
              partner: nosale.allows('http://partner.localhost:' + location.port + '/x'),
              cookie: document.cookie, last: nosale.receipt(),
            };
        })()")
        .await;
    assert_eq!(
        (&told["before"], &told["after"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(
        (&told["tracker"], &told["partner"]),
        (&json!(false), &json!(true))
    );
    assert!(
        told["cookie"].as_str().unwrap().contains(".ooooo."),
        "all five: {}",
        told["cookie"]
    );
    let receipt = &told["receipt"];
    assert_eq!(
        (&receipt["kind"], &receipt["how"]),
        (&json!("opt_out"), &json!("api"))
    );
    assert_eq!(
        receipt["id"], told["last"]["id"],
        "receipt() gives the last one"
    );
    assert_ne!(receipt["time"], Value::Null);

    let rows = world.collector.stored(1).await;
    assert_eq!(rows[0].event["id"], receipt["id"]);
    let data = &rows[0].event["data"];
    assert_eq!(
        (&data["kind"], &data["how"]),
        (&json!("opt_out"), &json!("api"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn opting_out_inside_a_change_listener_works() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;

    let told = world
        .browser
        .js("(() => {
            const ids = [], seen = [];
            document.addEventListener('nosale:change', event => {
              seen.push(event.detail.purposes.sale.allowed);
              if (ids.length === 0) {
                ids.push(nosale.optOut(['profiling']).id);
                seen.push(nosale.allows('profiling'));
              }
            });
            ids.push(nosale.optOut(['sale']).id);
            return { ids, seen, sale: nosale.allows('sale'), profiling: nosale.allows('profiling') };
        })()")
        .await;
    assert_eq!(
        (&told["sale"], &told["profiling"]),
        (&json!(false), &json!(false)),
        "{told}"
    );
    let ids = told["ids"].as_array().unwrap();
    assert_ne!(ids[0], ids[1]);

    let record = world
        .recorded("both", |record| record.choices == "o--o-")
        .await;
    assert!(record.time > 0);
    let rows = world.collector.stored(2).await;
    let mut reported: Vec<&Value> = rows.iter().map(|row| &row.event["id"]).collect();
    reported.sort_by_key(|id| id.to_string());
    let mut given: Vec<&Value> = ids.iter().collect();
    given.sort_by_key(|id| id.to_string());
    assert_eq!(reported, given);
    world.settle().await;
    assert!(!world.arrivals(PARTNER, "/sentinel").is_empty());
}
