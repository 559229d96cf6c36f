//! Fails towards the opt-out: no WebAssembly and nothing in its place, no dialog.

use e2e::{Console, Gpc, Markup, PARTNER, Page, SHOP, TRACKER, VIDEO, WWW, World};
use serde_json::json;

use crate::fallback::{BOTH, By, FILE, INERT, STARTED, early};

/// Everything that the page and its open shadow roots show.
const SHOWN: &str = r#"(() => {
    const texts = [document.body.innerText];
    for (const element of document.querySelectorAll("*"))
      if (element.shadowRoot) for (const child of element.shadowRoot.children) texts.push(child.innerText ?? "");
    return texts.join("\n");
})()"#;

/// Asserts that nothing has reached third parties, on a page that reaches no sentinel at one either.
async fn nothing_left(world: &World) {
    world
        .browser
        .until("document.readyState === 'complete'")
        .await;
    for turn in 0..4 {
        let own = format!("fetch('/sentinel/{turn}').then(() => true)");
        world.browser.js(own).await;
    }
    for host in [TRACKER, VIDEO, PARTNER] {
        let arrivals = world.site.arrivals(host);
        assert!(arrivals.is_empty(), "{host}: {arrivals:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_out_on_a_page_where_it_never_starts_holds_on_the_next() {
    for by in BOTH {
        let world = by.world(Gpc::Absent).await;
        let missing = Page {
            status: 404,
            ..Page::default()
        };
        world.put(SHOP, FILE, missing);
        let markup = world
            .markup()
            .tag(r#"<script src="http://shop.publisher.localhost:{port}/nosale.js"></script>"#)
            .head(
                "<script>nosale.optOut(['sale', 'sharing']); nosale.optOut('profiling');</script>",
            )
            .body(INERT);
        by.visit(&world, "/", &markup).await;
        let failed = |console: &Console| console.errs(&["nosale", "cannot start"]);
        world.browser.said("that it cannot start", failed).await;
        nothing_left(&world).await;
        assert_eq!(world.record().await, None);

        // In any engine.
        world.visit("/next", &world.markup().body(INERT)).await;
        world.browser.until(STARTED).await;
        world
            .recorded("an opt-out", |record| record.choices == "oo-o-")
            .await;
        assert_eq!(world.collector.stored(1).await.len(), 1);
        world.nothing_reached(TRACKER).await;
        world.open("/next").await;
        world.browser.until(STARTED).await;
        world.settle().await;
        assert_eq!(world.collector.stored(1).await.len(), 1);
    }
}

/// The page's own link, held tags, and no way to another site: for good.
async fn it_cannot_be_had(by: By, answer: Page, says: &str) {
    for gpc in [Gpc::Absent, Gpc::On] {
        let world = by.world(gpc).await;
        world.put(WWW, FILE, answer.clone());
        let config = world.config_with(json!({ "notice": { "optOutUrl": "/opt-out" } }));
        let config = Markup::new().config(&config);
        let waits = r#"<script>
            window.events = [];
            nosale.on("ready", () => events.push("ready"));
            nosale.open().catch(() => events.push("not opened"));
          </script>"#;
        let markup = config.head(waits).head(&early(TRACKER)).body(INERT);
        by.visit(&world, "/", &markup).await;
        world
            .browser
            .said("why", |console| {
                console.errs(&["nosale", "cannot start", says])
            })
            .await;
        world
            .browser
            .until("document.querySelector('a[data-nosale-plain][href$=\"/opt-out\"]')")
            .await;
        world
            .browser
            .exec(format!(
                "new Image().src = 'http://{VIDEO}:{}/late'",
                world.site.port()
            ))
            .await;
        let ping = "new Promise((done) => __gpp('ping', (ping) => done(ping.cmpStatus)))";
        assert_eq!(world.browser.js(ping).await, "error");
        assert_eq!(world.browser.js("nosale.allows('sale')").await, false);
        assert_eq!(world.browser.js("events").await, json!(["not opened"]));
        nothing_left(&world).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_file_keeps_everything_held() {
    for by in BOTH {
        let answer = Page {
            status: 404,
            ..Page::default()
        };
        it_cannot_be_had(by, answer, "nosale.fallback.js").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_file_keeps_everything_held() {
    it_cannot_be_had(
        By::Browser,
        Page::script("this is no script"),
        "nosale.fallback.js",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_another_build_keeps_everything_held() {
    let other = "export const mark = 'another'; export const instantiate = () => ({});";
    it_cannot_be_had(By::Browser, Page::script(other), "another build").await;
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
