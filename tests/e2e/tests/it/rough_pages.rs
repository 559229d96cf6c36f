//! Pages that get in the way without meaning to: their styles, their frameworks, their own use of
//! what nosale uses, too.

use e2e::{Gpc, Page, SHOP, TRACKER, WWW, World};
use serde_json::json;

/// What the shadow root's dialog looks like to the visitor.
const VISIBLE: &str = "document.querySelector('[data-nosale-dialog]')?.shadowRoot.querySelector('dialog')\
                       .getBoundingClientRect().height > 0";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_hides_empty_elements_does_not_hide_the_dialog() {
    let world = World::new(Gpc::Absent).await;
    let style = "<style>div:empty, body > div { display: none }</style>";
    world.visit("/", &world.markup().head(style)).await;
    world.dialog().open().await;
    world.browser.until(VISIBLE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_replaces_its_body_gets_the_dialog_again() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    world.dialog().open().await;
    world.browser.exec("document.body.replaceChildren()").await;
    world.browser.exec("nosale.open()").await;
    world.browser.until(VISIBLE).await;
    world.dialog().press("opt-out-all").await;
    world.browser.until("!nosale.allows('sale')").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switch_that_is_not_saved_yet_survives_what_the_page_learns() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    let dialog = world.dialog().open().await;
    dialog.flip("sale").await;
    world
        .browser
        .exec("nosale.setContext({ account: { optOut: ['sharing'] } })")
        .await;
    assert!(!dialog.is_on("sale").await, "it was switched off");
    assert!(!dialog.is_on("sharing").await, "it is denied now");
    dialog.press("save").await;
    world.browser.until("!nosale.allows('sale')").await;
    let choices = world.record().await.expect("a record").choices;
    assert_eq!(choices, "o----", "what the account says is no choice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_asks_for_an_opt_in_does_not_take_the_click_away() {
    let world = World::new(Gpc::Absent).await;
    let hanging = Page {
        hang: true,
        ..Page::default()
    };
    world.put(WWW, "/nosale.dialog.js", hanging);
    world.store("1.1750000000.---o-.1.US-CA.-.-").await;
    world.visit("/", &world.markup()).await;
    world.dialog().click_link().await;
    world
        .browser
        .exec("nosale.optIn(['profiling']).catch(() => { window.refused = true })")
        .await;
    world.browser.until("!nosale.allows('sale')").await;
    world.browser.until("window.refused").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_learns_late_does_not_undo_a_newer_choice() {
    let world = World::new(Gpc::Absent).await;
    // Without its events, a page hears of other subdomains on focus only.
    let deaf = "<script>delete window.cookieStore</script>";
    let tag = format!("{deaf}<script src=\"/nosale.js\"></script>");
    world.visit("/", &world.markup().tag(&tag)).await;
    world.browser.exec("nosale.optOut(['profiling'])").await;
    let here = world.browser.tab().await;

    world.page_on(SHOP, "/", &world.markup());
    let there = world.browser.open_tab().await;
    world.browser.switch(&there).await;
    world.browser.goto(world.site.url(SHOP, "/")).await;
    world.browser.exec("nosale.optOut()").await;
    world
        .recorded("all opted out", |record| record.choices == "ooooo")
        .await;

    world.browser.switch(&here).await;
    world
        .browser
        .exec("nosale.setContext({ account: { optOut: ['profiling'] } })")
        .await;
    let record = world.record().await.expect("a record");
    assert_eq!(record.choices, "ooooo");
    assert_eq!(world.decision("sale").await["allowed"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_released_script_may_write_and_the_page_stays() {
    let world = World::new(Gpc::Absent).await;
    let tag = r#"<p id="before">before</p>
        <script type="text/plain" data-purpose="sale">document.write('<p id="written">w</p>', '<script>window.ran = 1</scr' + 'ipt>');</script>
        <p id="behind">behind</p>"#;
    world.visit("/", &world.markup().body(tag)).await;
    world.browser.until("window.ran === 1").await;
    let order = "[...document.querySelectorAll('main p, body p')].map(p => p.id).join(' ')";
    assert_eq!(world.browser.js(order).await, "before written behind");
    let own =
        "Object.getOwnPropertyNames(document).filter(name => name.startsWith('write')).length";
    assert_eq!(world.browser.js(own).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_for_old_browsers_delays_no_other() {
    let world = World::new(Gpc::Absent).await;
    world.put(TRACKER, "/old.js", Page::script("window.old = 1;"));
    let tags = r#"
        <script type="text/plain" data-purpose="sale" nomodule src="http://tracker.localhost:{port}/old.js"></script>
        <script type="text/plain" data-purpose="sale">window.next = 1;</script>"#;
    world.visit("/", &world.markup().body(tags)).await;
    world
        .browser
        .until("document.readyState === 'complete'")
        .await;
    assert_eq!(world.browser.js("window.next").await, 1);
    assert_eq!(world.browser.js("window.old").await, json!(null));
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_do_not_run_in_each_others_middle() {
    let world = World::new(Gpc::Absent).await;
    let tags = r#"
        <script type="text/plain" data-purpose="sale">
            window.order = ['1a']; nosale.optOut(['profiling']); order.push('1b');
        </script>
        <script type="text/plain" data-purpose="sale">order.push('2');</script>"#;
    world.visit("/", &world.markup().body(tags)).await;
    let order = world
        .browser
        .until("window.order?.length === 3 && order")
        .await;
    assert_eq!(order, json!(["1a", "1b", "2"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn holding_a_tag_again_keeps_what_is_in_it() {
    let world = World::new(Gpc::Absent).await;
    let tags = r#"<a id="offer" data-purpose="sale" data-href="http://tracker.localhost:{port}/offer">Partner offer</a>
        <img id="pixel" alt="" src="data:," data-src="http://tracker.localhost:{port}/late.gif" data-purpose="sale">"#;
    world.visit("/", &world.markup().body(tags)).await;
    world.reached(TRACKER, "/late.gif").await;
    world.browser.until("offer.hasAttribute('href')").await;
    world.browser.exec("nosale.optOut()").await;
    assert_eq!(world.browser.js("offer.textContent").await, "Partner offer");
    assert_eq!(
        world
            .browser
            .js("[offer.hasAttribute('href'), pixel.hasAttribute('src')]")
            .await,
        json!([false, false])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn marked_tags_of_a_denied_vendor_stay_off_whatever_purpose_they_name() {
    let world = World::new(Gpc::On).await;
    let tags = r#"
        <img alt="" data-purpose="profiling" data-srcset="http://tracker.localhost:{port}/set.gif 1x">
        <video data-purpose="profiling" data-poster="http://tracker.localhost:{port}/poster.gif"></video>"#;
    world.visit("/", &world.markup().body(tags)).await;
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_its_own_response_class_and_base_still_reports_once() {
    let world = World::new(Gpc::Absent).await;
    let config = world.config_with(json!({ "endpoint": { "url": "/v1/events" } }));
    let taken = Page {
        status: 204,
        content_type: "text/plain".to_owned(),
        ..Page::default()
    };
    world.put(WWW, "/v1/events", taken);
    let head = r#"<base href="http://cdn.localhost:{port}/">"#;
    let body = "<script>window.Response = class {};</script>";
    let markup = world.markup().config(&config).head(head).body(body);
    world.visit("/", &markup).await;
    world.browser.exec("nosale.optOut()").await;
    world
        .browser
        .until("nosale.status().reports.pending === 0")
        .await;
    assert_eq!(world.arrivals(WWW, "/v1/events").len(), 1);
    assert_eq!(world.arrivals("cdn.localhost", "/v1/events").len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_that_opts_out_hears_of_it() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    let script = "window.heard = [];
        nosale.on('change', status => { heard.push(status.purposes.sharing.allowed); nosale.optOut(['sharing']); });
        nosale.optOut(['sale'])";
    world.browser.exec(script).await;
    assert_eq!(world.browser.js("heard").await, json!([true, false]));
    let console = world.browser.console().await;
    assert_eq!(console.complaints(), Vec::<&str>::new(), "{console}");
}

#[tokio::test(flavor = "multi_thread")]
async fn trusted_types_pass_the_gate_and_stop_no_other_tag() {
    let world = World::new(Gpc::On).await;
    let policy = "require-trusted-types-for 'script'";
    let tags = r#"
        <script type="text/plain" data-purpose="profiling" data-src="http://partner.localhost:{port}/refused.js"></script>
        <script type="text/plain" data-purpose="profiling">window.next = 1;</script>"#;
    let markup = world.markup().body(tags);
    world.visit_under(policy, "/", &markup).await;
    world.browser.until("window.next === 1").await;
    let script = "const made = trustedTypes.createPolicy('page', { createHTML: text => text, createScript: text => text });
        const frame = document.createElement('iframe');
        frame.setAttribute('srcdoc', made.createHTML('<p>inside</p>'));
        document.body.append(frame);
        document.body.setAttribute('onclick', made.createScript('window.clicked = 1'));
        window.passed = frame.srcdoc";
    world.browser.exec(script).await;
    assert_eq!(world.browser.js("window.passed").await, "<p>inside</p>");
    assert_eq!(
        world.collector.stored(1).await.len(),
        1,
        "the signal is reported"
    );
}
