//! The record's two stores: shared by subdomains and tabs, restored from each other, left alone
//! when they cannot be read, done without when they are blocked.

use e2e::{Gpc, Launch, Markup, OPTED_IN, OPTED_OUT, Record, SHOP, TRACKER, World};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_second_subdomain_sees_the_same_record() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    world.browser.exec("nosale.optOut()").await;
    let record = world.record().await.expect("a record");

    world.page_on(SHOP, "/", &world.markup());
    world.browser.goto(world.site.url(SHOP, "/")).await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "choice" })
    );
    assert_eq!(world.ask(TRACKER).await, "TypeError");
    world.nothing_reached(TRACKER).await;
    assert_eq!(
        world.record().await,
        Some(record),
        "localStorage of the second host follows"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_restored_from_local_storage() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    world.browser.exec("nosale.optOut()").await;
    let record = world.record().await.expect("a record");

    world.open_bare().await;
    world
        .browser
        .cdp("Network.clearBrowserCookies", json!({}))
        .await;
    assert_eq!(world.cookie().await, None);
    world.open("/").await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "choice" })
    );
    world
        .recorded("restored", |restored| *restored == record)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn local_storage_is_restored_from_the_cookie() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    world.browser.exec("nosale.optOut()").await;
    let record = world.record().await.expect("a record");

    world.open_bare().await;
    world.browser.exec("localStorage.clear()").await;
    world.open("/").await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "choice" })
    );
    world
        .recorded("restored", |restored| *restored == record)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_copies_the_newest_wins_and_a_tie_protects() {
    let world = World::new(Gpc::Absent).await;
    let older_in = OPTED_IN;
    let newer_out = "1.1750000001.ooooo.1.US-CA.-.-";
    let newer_in = "1.1750000001.ccccc.1.US-CA.-.-";
    world.page("/", &world.markup());
    // The cookie's text, localStorage's text, and whether a sale is permitted then.
    for (cookie, local, allowed) in [
        (older_in, newer_out, false),
        (newer_out, older_in, false),
        (newer_in, newer_out, false),
        (newer_out, newer_in, false),
        (newer_in, OPTED_OUT, true),
    ] {
        world.open_bare().await;
        world.store_cookie(cookie).await;
        world.store_local(local).await;
        world.open("/").await;
        let decision = world.decision("sale").await;
        assert_eq!(
            decision["allowed"], allowed,
            "cookie {cookie}, localStorage {local}"
        );
        let agreed = world.recorded("both alike", |record| record.time > 0).await;
        assert_eq!(
            agreed.choices.starts_with('c'),
            allowed,
            "cookie {cookie}, localStorage {local}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_follow_each_other_at_once() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    world
        .browser
        .exec(
            "window.seen = null;
             nosale.on('change', () => { seen ||= document.visibilityState });",
        )
        .await;
    let first = world.browser.tab().await;
    world.browser.open_tab().await;
    world.open("/").await;
    world
        .browser
        .exec("window.seen = 0; nosale.on('change', () => { seen += 1 })")
        .await;
    let second = world.browser.tab().await;
    world.browser.exec("nosale.optOut(['sale'])").await;

    world.browser.switch(&first).await;
    let seen = world.browser.until("window.seen").await;
    assert_eq!(seen, "hidden", "it followed before it was shown again");
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "choice" })
    );
    assert_eq!(world.ask(TRACKER).await, "TypeError");

    // And the other way round; each choice is reported once, by the tab that it was made in.
    world.browser.exec("nosale.optOut(['sharing'])").await;
    world.browser.switch(&second).await;
    world
        .browser
        .until("!nosale.allows('sharing') && !nosale.allows('sale')")
        .await;
    let rows = world.collector.stored(2).await;
    world.settle().await;
    assert_eq!(rows.len(), 2);
    assert_eq!(world.collector.rows().len(), 2);
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_subdomain_follows_on_focus() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    let first = world.browser.tab().await;
    world.browser.open_tab().await;
    world.page_on(SHOP, "/", &world.markup());
    world.browser.goto(world.site.url(SHOP, "/")).await;
    world.browser.exec("nosale.optOut()").await;

    world.browser.switch(&first).await;
    world.browser.until("!nosale.allows('sale')").await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "choice" })
    );
    assert_eq!(world.ask(TRACKER).await, "TypeError");
    world.nothing_reached(TRACKER).await;
}

/// A browser that refuses cookies and storage, as some private modes do.
fn blocked(gpc: Gpc) -> Launch {
    let prefs = vec![("profile.default_content_setting_values.cookies", json!(2))];
    Launch {
        gpc,
        prefs,
        ..Launch::default()
    }
}

async fn assert_blocked(world: &World) {
    let throws = "(() => { try { localStorage; return false } catch { return true } })()";
    assert_eq!(
        world.browser.js(throws).await,
        true,
        "the browser refuses storage"
    );
    assert_eq!(
        world
            .browser
            .js("document.cookie = 'a=1', document.cookie")
            .await,
        ""
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn with_storage_blocked_the_signal_holds() {
    let world = World::with(blocked(Gpc::On)).await;
    world.visit("/", &world.markup()).await;
    assert_blocked(&world).await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "gpc" })
    );
    assert_eq!(world.ask(TRACKER).await, "TypeError");
    world.nothing_reached(TRACKER).await;
    world.dialog().open().await;
    let console = world.browser.console().await;
    assert!(!console.errs(&["uncaught"]), "{console}");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_storage_blocked_a_choice_holds_for_the_page() {
    let world = World::with(blocked(Gpc::Absent)).await;
    world.visit("/", &world.markup()).await;
    assert_blocked(&world).await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": true, "because": "default" })
    );

    world.dialog().open().await.press("opt-out-all").await;
    world.browser.until("!nosale.allows('sale')").await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "choice" })
    );
    assert_eq!(world.ask(TRACKER).await, "TypeError");
    world.nothing_reached(TRACKER).await;
    let rows = world.collector.stored(1).await;
    assert_eq!(rows.len(), 1, "the choice is reported all the same");
    let console = world.browser.console().await;
    assert!(!console.errs(&["uncaught"]), "{console}");
}

/// Texts that are no record of this version, and what is wrong with each.
fn unreadable() -> Vec<(&'static str, String)> {
    vec![
        ("cut off", "1.1750000000.oo".to_owned()),
        (
            "too many parts",
            "1.1750000000.-----.1.US-CA.-.-.-".to_owned(),
        ),
        (
            "an unknown letter",
            "1.1750000000.x----.1.US-CA.-.-".to_owned(),
        ),
        ("no number", "1.soon.-----.1.US-CA.-.-".to_owned()),
        ("foreign", "eyJhIjoxfQ".to_owned()),
        (
            "oversized",
            format!("1.1750000000.-----.1.US-CA.-.{}", "-".repeat(300)),
        ),
        (
            "a newer version",
            "2.1750000000.ccccc.1.US-CA.-.-".to_owned(),
        ),
        (
            "a time in the future",
            "1.99999999999.ccccc.1.US-CA.-.-".to_owned(),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_record_denies_and_is_left_alone() {
    let world = World::new(Gpc::Absent).await;
    world.page("/", &world.markup());
    for (what, text) in unreadable() {
        world.store(&text).await;
        world.open("/").await;
        for purpose in ["sale", "sharing", "targeted_advertising"] {
            let decision = world.decision(purpose).await;
            let expected = json!({ "allowed": false, "because": "unreadable_record" });
            assert_eq!(decision, expected, "{what}: {purpose}");
        }
        assert_eq!(world.ask(TRACKER).await, "TypeError", "{what}");
        world.nothing_reached(TRACKER).await;
        assert_eq!(
            world.cookie().await.as_ref(),
            Some(&text),
            "{what}: the cookie"
        );
        assert_eq!(
            world.local().await.as_ref(),
            Some(&text),
            "{what}: localStorage"
        );
        assert!(world.collector.rows().is_empty(), "{what}: nobody chose");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_record_ends_with_a_choice() {
    let world = World::new(Gpc::Absent).await;
    let (_, newer) = unreadable().remove(6);
    world.store(&newer).await;
    world.visit("/", &world.markup()).await;
    world.dialog().open().await.press("opt-out-all").await;
    world
        .recorded("the choice", |record| record.choices.starts_with("ooo"))
        .await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "choice" })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_does_not_overwrite_an_unreadable_record() {
    let world = World::new(Gpc::On).await;
    let (_, newer) = unreadable().remove(6);
    world.store(&newer).await;
    world.visit("/", &world.markup()).await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "gpc" })
    );
    world.nothing_reached(TRACKER).await;
    assert_eq!(world.cookie().await, Some(newer.clone()));
    assert_eq!(world.local().await, Some(newer));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_of_an_earlier_visit_holds_until_a_choice() {
    let world = World::new(Gpc::Absent).await;
    world.store("1.0.-----.1.US-CA.1750000000.-").await;
    world.visit("/", &world.markup()).await;
    for purpose in ["sale", "sharing", "targeted_advertising"] {
        let decision = world.decision(purpose).await;
        assert_eq!(
            decision,
            json!({ "allowed": false, "because": "earlier_signal" }),
            "{purpose}"
        );
    }
    assert_eq!(world.status().await["signals"]["earlierSignal"], true);
    assert_eq!(world.ask(TRACKER).await, "TypeError");
    world.nothing_reached(TRACKER).await;
    let gone = |record: &Record| record.signal == "1750000000e";
    world.recorded("on earlier, absent now", gone).await;

    // The publisher may lift it.
    let lifted = world.config_with(json!({ "signals": { "keepEarlier": false } }));
    world.visit("/lifted", &Markup::new().config(&lifted)).await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": true, "because": "default" })
    );

    // And the visitor can, in two steps.
    world.open("/").await;
    let dialog = world.dialog().open().await;
    dialog.press("allow-all").await.press("confirm").await;
    world.browser.until("nosale.allows('sale')").await;
    assert_ne!(world.status().await["record"], Value::Null);
}
