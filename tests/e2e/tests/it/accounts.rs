//! An opt-out binds the person: from one browser to another, by way of the publisher's server, which
//! asks the collector what an account is opted out of and tells its pages.

use std::mem;

use e2e::account::{ACCOUNT_KEY, claims, signed, token};
use e2e::{Browser, Gpc, Launch, Markup, TRACKER, World, wait};
use serde_json::{Value, json};

const READER: &str = "reader-7";
const ADMIN_TOKEN: &str = "the-publishers-own-token-for-reading";
const ALL: [&str; 5] = [
    "profiling",
    "sale",
    "sensitive_data",
    "sharing",
    "targeted_advertising",
];
/// What the dialog does not show here.
const REST: [&str; 2] = ["profiling", "sensitive_data"];

/// A tag in the markup, and one that a script adds.
const TAGS: &str = r#"<script type="text/plain" data-vendor="tracker" src="http://tracker.localhost:{port}/tag.js"></script>
    <script>document.head.append(Object.assign(document.createElement("script"),
        { src: "http://tracker.localhost:{port}/late.js" }));</script>"#;

async fn world(gpc: Gpc) -> World {
    let launch = Launch {
        gpc,
        ..Launch::default()
    };
    let mut world = World::without_collector(launch).await;
    let options = ["--account-key", ACCOUNT_KEY, "--admin-token", ADMIN_TOKEN];
    world.collector.configure(&options);
    world.start_collector().await;
    world
}

/// The visitor goes on in another browser, in which nothing is known of them. Gives the first.
async fn another_browser(world: &mut World) -> Browser {
    let second = Browser::start(&Launch::default()).await;
    mem::replace(&mut world.browser, second)
}

/// What the collector tells the publisher's server of the account.
async fn out_of(world: &World) -> Value {
    let mut account = world.collector.account(READER, ADMIN_TOKEN).await;
    assert_eq!(account["id"], READER);
    account["optOut"].take()
}

async fn until_out_of(world: &World, expected: &[&str]) {
    let what = format!("an account that is opted out of {expected:?}");
    let expected = json!(expected);
    wait::until(what, async || {
        (out_of(world).await == expected).then_some(())
    })
    .await;
}

/// Opens a page as the publisher's server makes it for the reader who is logged in.
async fn visit(world: &World) {
    let account = json!({ "id": READER, "optOut": out_of(world).await });
    let config = world.config_with(json!({ "account": account }));
    let markup = Markup::new().config(&config).body(TAGS);
    world.visit("/", &markup).await;
}

async fn identify(world: &World, token: &str) {
    let identify = format!("nosale.identify('{token}')");
    world.browser.exec(identify).await;
}

/// The reader opts out and logs in, in a first browser.
async fn opt_out_elsewhere(world: &mut World, token: &str) -> Browser {
    world.visit("/", &world.markup()).await;
    world.browser.js("nosale.optOut()").await;
    identify(world, token).await;
    until_out_of(world, &ALL).await;
    another_browser(world).await
}

async fn delivered(world: &World) {
    let none = "nosale.status().reports.pending === 0";
    world.browser.until(none).await;
}

async fn denied_by_account(world: &World) {
    for purpose in ["sale", "sharing", "targeted_advertising"] {
        let decision = world.decision(purpose).await;
        let expected = json!({ "allowed": false, "because": "account" });
        assert_eq!(decision, expected, "{purpose}");
    }
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_binds_the_account_that_logs_in_later() {
    let mut world = world(Gpc::On).await;
    world.visit("/", &world.markup()).await;
    world.collector.stored(1).await;
    assert_eq!(out_of(&world).await, json!([]), "nobody has logged in");
    identify(&world, &token(READER)).await;
    let linked = ["sale", "sharing", "targeted_advertising"];
    until_out_of(&world, &linked).await;
    let rows = world.collector.stored(2).await;
    assert_eq!(rows[1].kind(), "nosale.link");
    assert_eq!(rows[1].event["data"]["account"], READER);
    assert_eq!(rows[1].event["accounttoken"], Value::Null, "it is not kept");
    let other = world.collector.account("reader-8", ADMIN_TOKEN).await;
    assert_eq!(other["optOut"], json!([]));

    // A second browser has no signal.
    let _first = another_browser(&mut world).await;
    visit(&world).await;
    denied_by_account(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_out_in_one_browser_holds_in_a_second_before_any_tag() {
    let mut world = world(Gpc::Absent).await;
    let _first = opt_out_elsewhere(&mut world, &token(READER)).await;
    // Nobody is known there until the log-in.
    world.visit("/", &world.markup().body(TAGS)).await;
    world.reached(TRACKER, "/tag.js").await;
    world.reached(TRACKER, "/late.js").await;
    world.open_bare().await;
    world.forget();

    visit(&world).await;
    denied_by_account(&world).await;
    let record = world
        .recorded("the account's opt-out", |record| record.account == "ooooo")
        .await;
    assert_eq!(record.choices, "-----", "nobody has chosen here");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_out_may_come_by_set_context_on_a_cached_page() {
    let mut world = world(Gpc::Absent).await;
    let _first = opt_out_elsewhere(&mut world, &token(READER)).await;
    let account = json!({ "account": { "id": READER, "optOut": out_of(&world).await } });
    let told = format!("<script>nosale.setContext({account});</script>");
    let markup = world.markup().body(&format!("{told}{TAGS}"));
    world.visit("/", &markup).await;
    denied_by_account(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vouched_opt_in_lifts_the_accounts_opt_out_from_the_next_page_on() {
    let mut world = world(Gpc::Absent).await;
    let _first = opt_out_elsewhere(&mut world, &token(READER)).await;
    visit(&world).await;
    identify(&world, &token(READER)).await;
    identify(&world, &token(READER)).await;
    let dialog = world.dialog().open().await;
    dialog.press("allow-all").await.press("confirm").await;
    until_out_of(&world, &REST).await;
    delivered(&world).await;

    // The page knows no more than that it asked. It goes on denying, and says so; there is nothing
    // left to allow.
    denied_by_account(&world).await;
    let text = "document.querySelector('[data-nosale-dialog]').shadowRoot.textContent";
    let text = world.browser.js(text).await.to_string();
    assert!(text.contains("on its way to your account"), "{text}");
    assert!(text.contains("Your account still holds it"), "{text}");
    assert!(!text.contains("Your choice is in force"), "{text}");
    let receipt = world.browser.js("nosale.receipt()").await;
    let asked = json!(["sale", "sharing", "targeted_advertising"]);
    assert_eq!(receipt["lifts"], asked);
    let sale = json!({ "allowed": false, "because": "account", "before": false });
    assert_eq!(receipt["purposes"]["sale"], sale);
    // Also when the visitor comes back to it: it asks for no opt-out in the account's name.
    world
        .browser
        .exec("dispatchEvent(new Event('focus')); nosale.optOut(['profiling'])")
        .await;
    delivered(&world).await;
    assert_eq!(out_of(&world).await, json!(REST));

    visit(&world).await;
    world.reached(TRACKER, "/tag.js").await;
    world.reached(TRACKER, "/late.js").await;
    let permitted = json!({ "allowed": true, "because": "choice" });
    assert_eq!(world.decision("sale").await, permitted);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_token_lifts_it() {
    let mut world = world(Gpc::Absent).await;
    let used = token(READER);
    let _first = opt_out_elsewhere(&mut world, &used).await;
    let with = |name: &str, value: Value| {
        let mut claims = claims(READER);
        claims[name] = value;
        signed(ACCOUNT_KEY, &claims)
    };

    // Without one there is nothing to be allowed.
    visit(&world).await;
    identify(&world, &token(READER)).await;
    let refusal = "nosale.optIn(['sale']).then(() => '', error => error.message)";
    let refusal = world.browser.js(refusal).await;
    assert!(refusal.as_str().unwrap().contains("account"), "{refusal}");
    let confirmed = "nosale.optIn(undefined, { confirmed: true })";
    world.browser.js(confirmed).await;
    delivered(&world).await;
    denied_by_account(&world).await;

    let now = claims(READER)["iat"].as_i64().unwrap();
    for (case, token) in [
        ("forged", signed(&"f".repeat(32), &claims(READER))),
        ("replayed", used),
        ("expired", with("exp", json!(now - 1))),
        ("for another use", with("aud", json!("newsletter"))),
    ] {
        visit(&world).await;
        identify(&world, &e2e::account::token(READER)).await;
        identify(&world, &token).await;
        let dialog = world.dialog().open().await;
        dialog.press("allow-all").await.press("confirm").await;
        let refused = "nosale.status().reports.tokensRefused === 1";
        world.browser.until(refused).await;
        world
            .browser
            .said(case, |console| console.errs(&["account token", "nothing"]))
            .await;
        assert_eq!(out_of(&world).await, json!(ALL), "{case}");
        denied_by_account(&world).await;
        visit(&world).await;
        denied_by_account(&world).await;
    }

    // One of somebody else is right for somebody else.
    visit(&world).await;
    identify(&world, &token("reader-8")).await;
    identify(&world, &token("reader-8")).await;
    let dialog = world.dialog().open().await;
    dialog.press("allow-all").await.press("confirm").await;
    delivered(&world).await;
    assert_eq!(out_of(&world).await, json!(ALL));
    denied_by_account(&world).await;
    visit(&world).await;
    denied_by_account(&world).await;
}
