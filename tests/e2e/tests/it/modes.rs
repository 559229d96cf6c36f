//! What is shown in reaction to a signal, to a new policy, to an age; and when nobody is asked.

use e2e::{Gpc, Keys, OPTED_IN, OPTED_OUT, World};
use serde_json::{Value, json};

/// The quiet message, if it shows.
const MESSAGE: &str =
    "document.querySelector('[data-nosale-dialog]')?.shadowRoot.querySelector('.message')";

const BESIDE: &str = "document.querySelector('[data-nosale-status]')?.textContent.trim()";

#[tokio::test(flavor = "multi_thread")]
async fn a_new_signal_is_confirmed_once() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup()).await;
    world.browser.until(MESSAGE).await;
    let text = format!("{MESSAGE}.innerText");
    let text = world.browser.js(text).await;
    assert!(
        text.as_str()
            .unwrap()
            .starts_with("Opt-Out Request Honored"),
        "{text}"
    );
    let focus = "document.activeElement === document.body";
    assert_eq!(world.browser.js(focus).await, true, "it takes nothing away");
    assert!(
        !world.dialog().is_open().await,
        "the dialog does not open by itself"
    );

    world.dialog().press("dismiss").await;
    world.browser.until(format!("!{MESSAGE}")).await;
    world.browser.reload().await;
    world
        .browser
        .until(format!("{BESIDE} === 'Opt-Out Request Honored'"))
        .await;
    world.settle().await;
    assert_eq!(
        world.browser.js(MESSAGE).await,
        Value::Null,
        "not on the next page"
    );
    assert_eq!(
        world.collector.stored(1).await.len(),
        1,
        "dismissing says nothing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_message_leads_to_the_dialog_by_keyboard() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup()).await;
    world.browser.until(MESSAGE).await;
    let open = format!("{MESSAGE}.querySelector('[data-do=open]').focus()");
    world.browser.exec(open).await;
    world.browser.press(&[Keys::Enter]).await;
    world.dialog().opened().await;
    assert_eq!(world.browser.js(MESSAGE).await, Value::Null);
}

/// What stands in the page for a signal: the link, the status beside it and the message.
const SHOWN: &str = "(() => {
    const host = document.querySelector('[data-nosale-dialog]');
    const own = [...document.querySelectorAll('[data-nosale], [data-nosale] *, [data-nosale-status], [data-nosale-status] *')];
    return [...own, host, ...host.shadowRoot.querySelectorAll('*')].map(element => element.localName).sort().join(' ');
})()";

#[tokio::test(flavor = "multi_thread")]
async fn a_message_needs_no_dialog() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup()).await;
    world.browser.until(MESSAGE).await;
    world
        .browser
        .until(format!("{BESIDE} === 'Opt-Out Request Honored'"))
        .await;
    assert_eq!(
        world.browser.js(SHOWN).await,
        "a button button div div p path section span svg",
        "ten elements, and no dialog"
    );
    let announced = format!("{MESSAGE}.querySelector('[role=status]').innerText");
    let announced = world.browser.js(announced).await;
    let announced = announced.as_str().unwrap_or_default();
    for part in ["Opt-Out Request Honored", "Global Privacy Control"] {
        assert!(announced.contains(part), "{announced}");
    }

    let dialog = world.dialog().press("open").await.opened().await;
    assert_eq!(world.browser.js(MESSAGE).await, Value::Null);
    let focus = format!("{}.matches(':focus')", dialog.find("#title"));
    assert_eq!(world.browser.js(focus).await, true);
    assert!(dialog.text().await.contains("Opt-Out Request Honored"));
    assert!(!dialog.is_on("sale").await);
    dialog.press("opt-out-all").await.offers("copy").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_throws_the_message_out_still_has_the_dialog() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup()).await;
    world.browser.until(MESSAGE).await;
    world
        .browser
        .exec("document.body = document.createElement('body')")
        .await;
    world.browser.exec("nosale.open()").await;
    world.dialog().opened().await;
    assert_eq!(world.browser.js(MESSAGE).await, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn frictionless_shows_the_status_and_the_link_alone() {
    let world = World::new(Gpc::On).await;
    let config = world.config_with(json!({ "notice": { "mode": "frictionless" } }));
    world.visit("/", &world.markup().config(&config)).await;
    world
        .browser
        .until(format!("{BESIDE} === 'Opt-Out Request Honored'"))
        .await;
    world.settle().await;
    let put = "[...document.body.querySelectorAll('*')].filter(element => /nosale/.test(element.outerHTML.split('>')[0]))
        .map(element => element.localName)";
    assert_eq!(world.browser.js(put).await, json!(["a", "span"]));
    let dialog = world.dialog().open().await;
    let text = format!(
        "{}.textContent",
        dialog.find("[data-if=frictionless]:not([hidden])")
    );
    assert!(
        world
            .browser
            .js(text)
            .await
            .as_str()
            .unwrap()
            .contains("asks nothing in return")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_policy_is_told_once_and_not_to_those_who_opted_out() {
    let world = World::new(Gpc::Absent).await;
    let config = world.config_with(json!({ "revision": 2 }));
    let markup = world.markup().config(&config);
    world.store(OPTED_IN).await;
    world.visit("/", &markup).await;
    world.browser.until(MESSAGE).await;
    let text = world.browser.js(format!("{MESSAGE}.innerText")).await;
    assert!(text.as_str().unwrap().contains("policy"), "{text}");
    world.browser.reload().await;
    world.settle().await;
    assert_eq!(world.browser.js(MESSAGE).await, Value::Null, "once");

    world.browser.exec("localStorage.clear()").await;
    world.store(OPTED_OUT).await;
    world.visit("/", &markup).await;
    world.settle().await;
    assert_eq!(world.browser.js(MESSAGE).await, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_cannot_ask_soon_after_an_opt_out() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    world.browser.exec("nosale.optOut()").await;
    // A page's own timer: no hand of the visitor's is in it.
    let asked = "new Promise(told => setTimeout(() => nosale.optIn().then(told, error => told(error.message)), 0))";
    world.browser.reload().await;
    world
        .browser
        .until("!navigator.userActivation.isActive")
        .await;
    let told = world
        .browser
        .cdp(
            "Runtime.evaluate",
            json!({ "expression": asked, "awaitPromise": true, "userGesture": false }),
        )
        .await;
    let told = told["result"]["value"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    assert!(told.contains("12 months"), "{told}");
    assert!(!world.dialog().is_open().await);

    // A click is the visitor's own wish.
    let button = "<button id=\"more\" onclick=\"nosale.optIn()\">More</button>";
    world.visit("/", &world.markup().body(button)).await;
    world.browser.click("document.querySelector('#more')").await;
    world.dialog().opened().await.offers("confirm").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_13_to_15_the_dialog_explains_and_asks_twice() {
    let world = World::new(Gpc::Absent).await;
    let config = world.config_with(json!({ "age": "13to15" }));
    world.visit("/", &world.markup().config(&config)).await;
    let dialog = world.dialog().open().await;
    let text = dialog.text().await;
    assert!(
        text.contains("13 to 15") && text.contains("two steps"),
        "{text}"
    );
    dialog.press("allow-all").await.offers("confirm").await;
    assert_eq!(world.decision("sale").await["allowed"], false);
    dialog.press("confirm").await;
    world
        .recorded("an opt-in", |record| record.choices.starts_with("ccc"))
        .await;
    assert_eq!(world.decision("sale").await["allowed"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn under_13_nothing_is_allowed() {
    let world = World::new(Gpc::Absent).await;
    let config = world.config_with(json!({ "age": "under13" }));
    world.visit("/", &world.markup().config(&config)).await;
    let dialog = world.dialog().open().await;
    assert!(dialog.text().await.contains("under 13"));
    dialog.press("allow-all").await;
    let told = format!(
        "{}.textContent.includes('age')",
        dialog.find("[data-part=saved]")
    );
    world.browser.until(told).await;
    world.browser.click(dialog.find("[name=sale]")).await;
    assert!(!dialog.is_on("sale").await);
    let confirm = format!("{}?.checkVisibility()", dialog.find("[data-do=confirm]"));
    assert_eq!(world.browser.js(confirm).await, false);
    assert_eq!(world.record().await, None);
}
