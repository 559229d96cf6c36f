//! Fails towards the opt-out: no WebAssembly, no dialog.

use e2e::{Gpc, Launch, Page, TRACKER, WWW, World};
use serde_json::json;

const INERT: &str = r#"<script type="text/plain" data-purpose="sale"
    src="http://tracker.localhost:{port}/tag.js"></script>"#;

/// Everything that the page and its open shadow roots show.
const SHOWN: &str = r#"(() => {
    const texts = [document.body.innerText];
    for (const element of document.querySelectorAll("*"))
      if (element.shadowRoot) for (const child of element.shadowRoot.children) texts.push(child.innerText ?? "");
    return texts.join("\n");
})()"#;

#[tokio::test(flavor = "multi_thread")]
async fn without_webassembly_tags_stay_inert() {
    for gpc in [Gpc::Absent, Gpc::On] {
        let args = vec!["--js-flags=--jitless".to_owned()];
        let world = World::with(Launch {
            gpc,
            args,
            ..Launch::default()
        })
        .await;
        world.visit("/", &world.markup().body(INERT)).await;
        assert_eq!(world.browser.js("typeof WebAssembly").await, "undefined");
        world.nothing_reached(TRACKER).await;
        world
            .browser
            .said("what is missing", |console| {
                console.errs(&["nosale", "WebAssembly"])
            })
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_refuses_webassembly_is_named() {
    let world = World::new(Gpc::On).await;
    let policy = "script-src 'self' 'unsafe-inline' http://*.localhost:{port}";
    let markup = world.markup().body(INERT);
    world.visit_under(policy, "/", &markup).await;
    world.nothing_reached(TRACKER).await;
    let named = |console: &e2e::Console| console.errs(&["nosale", "'wasm-unsafe-eval'"]);
    world.browser.said("the missing source", named).await;
    let refused = world.browser.console().await.complaints().len();

    let policy = format!("{policy} 'wasm-unsafe-eval'");
    world
        .visit_under(&policy, "/with-the-keyword", &markup)
        .await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "gpc" })
    );
    world.dialog().open().await;
    let console = world.browser.console().await;
    assert_eq!(console.complaints().len(), refused, "{console}");
}

/// The click on the link when the dialog does not come: it opts out, and says so.
async fn the_click_itself_opts_out(answer: Page) {
    let world = World::new(Gpc::Absent).await;
    world.put(WWW, "/nosale.dialog.js", answer);
    world.visit("/", &world.markup().body(INERT)).await;
    world.reached(TRACKER, "/tag.js").await;

    world.dialog().click_link().await;
    world.browser.until("!nosale.allows('sale')").await;
    world
        .recorded("an opt-out", |record| record.choices == "ooooo")
        .await;
    let rows = world.collector.stored(1).await;
    let data = &rows[0].event["data"];
    assert_eq!(
        (&data["kind"], &data["how"]),
        (&json!("opt_out"), &json!("link"))
    );
    assert_eq!(world.ask(TRACKER).await, "TypeError");
    let says_so = format!("/opted out|opt-out/i.test({SHOWN})");
    world.browser.until(says_so).await;
    world
        .browser
        .said("what happened", |console| {
            console.says(&["nosale", "dialog"])
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_dialogs_file_the_click_opts_out() {
    the_click_itself_opts_out(Page {
        status: 404,
        ..Page::default()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_dialogs_file_that_hangs_the_click_opts_out() {
    the_click_itself_opts_out(Page {
        hang: true,
        ..Page::default()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_broken_dialogs_file_the_click_opts_out() {
    the_click_itself_opts_out(Page::script("this is no script")).await;
}
