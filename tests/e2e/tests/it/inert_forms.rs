//! Inert markup of every kind: in shadow roots and templates, in what the page inserts later, and of
//! elements that need more than their address back.

use e2e::{Gpc, Markup, OPTED_OUT, Page, TRACKER, VIDEO, WWW, World};
use serde_json::json;

const ALLOW: &str = "nosale.optIn(undefined, { confirmed: true }).then(() => true)";

/// Opens a page on which everything is denied, sees that nothing comes, then allows it.
async fn release(body: &str) -> World {
    let world = World::new(Gpc::Absent).await;
    world.store(OPTED_OUT).await;
    world.visit("/", &world.markup().body(body)).await;
    world.nothing_reached(TRACKER).await;
    world.browser.js(ALLOW).await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn elements_of_every_kind_get_their_addresses() {
    let at = "http://tracker.localhost:{port}";
    let body = format!(
        r#"
        <svg><script type="text/plain" data-purpose="sale" data-href="{at}/svg.js"></script></svg>
        <svg><script type="text/plain" data-purpose="sale">window.inSvg = true;</script></svg>
        <svg><image width="9" height="9" data-purpose="sale" data-href="{at}/svg.gif"/></svg>
        <video><source data-purpose="sale" data-src="{at}/video.webm"></video>
        <audio><source data-purpose="sale" data-src="{at}/audio.ogg"></audio>
        <link rel="preload" as="image" data-purpose="sale" data-imagesrcset="{at}/preload.gif 1x">
        <table data-purpose="sale" data-background="{at}/table.gif"><tr><td>x</table>
        <style type="text/plain" data-purpose="sale">#styled {{ background: url({at}/style.gif) }}</style>
        <p id="styled">x</p>
        <a id="link" href="{at}/next" data-purpose="sale" data-ping="{at}/ping">x</a>
        <p id="content" data-purpose="sale" data-content="the page's own">x</p>"#
    );
    let world = release(&body).await;
    for path in [
        "/svg.js",
        "/svg.gif",
        "/video.webm",
        "/audio.ogg",
        "/preload.gif",
        "/table.gif",
        "/style.gif",
    ] {
        world.reached(TRACKER, path).await;
    }
    world.browser.until("window.inSvg").await;
    let told = world
        .browser
        .js("[document.querySelector('#link').ping, document.querySelector('#content').hasAttribute('content')]")
        .await;
    assert_eq!(told, json!([world.site.url(TRACKER, "/ping"), false]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_style_sheet_in_the_page_is_taken_back_on_an_opt_out() {
    let world = World::new(Gpc::Absent).await;
    let style = r#"<style type="text/plain" data-purpose="sale">#styled { background: url(http://tracker.localhost:{port}/one.gif) }</style>
        <p id="styled">x</p>"#;
    world.visit("/", &world.markup().body(style)).await;
    world.reached(TRACKER, "/one.gif").await;
    let background = "getComputedStyle(document.querySelector('#styled')).backgroundImage";
    world
        .browser
        .until(format!("{background} !== 'none'"))
        .await;
    world.browser.exec("nosale.optOut()").await;
    assert_eq!(world.browser.js(background).await, "none");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_waits_for_its_purpose() {
    let world = World::new(Gpc::Absent).await;
    world.store(OPTED_OUT).await;
    world.page("/next", &world.markup());
    let refresh = r#"<meta http-equiv="refresh" data-purpose="sale" data-content="0; url=/next">"#;
    world.visit("/", &world.markup().head(refresh)).await;
    world.settle().await;
    assert!(world.arrivals(WWW, "/next").is_empty());
    world
        .browser
        .exec("nosale.optIn(undefined, { confirmed: true })")
        .await;
    world.reached(WWW, "/next").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shadow_roots_are_part_of_the_page_in_document_order() {
    let world = release(
        r#"
        <script type="text/plain" data-purpose="sale">(window.order ||= []).push("before");</script>
        <div><template shadowrootmode="open">
          <script type="text/plain" data-purpose="sale" src="http://tracker.localhost:{port}/inside.js"></script>
          <div><template shadowrootmode="open"><img alt="" data-purpose="sale" data-src="http://tracker.localhost:{port}/deep.gif"></template></div>
        </template></div>
        <script type="text/plain" data-purpose="sale">order.push("after");</script>"#,
    )
    .await;
    world.reached(TRACKER, "/inside.js").await;
    world.reached(TRACKER, "/deep.gif").await;
    let order = world
        .browser
        .until("window.order?.length === 2 && order")
        .await;
    assert_eq!(order, json!(["before", "after"]));
}

/// What a single-page application does, in the ways it does it.
const LATER: &str = r#"(() => {
    const at = "http://tracker.localhost:" + location.port;
    const box = document.createElement("div");
    document.body.append(box);
    box.innerHTML = `<script type="text/plain" data-purpose="sale" src="${at}/text.js"></` + `script>
        <script type="text/plain" data-purpose="sale">window.ran = (window.ran || 0) + 1;</` + `script>
        <img alt="" data-purpose="sale" data-src="${at}/text.gif">`;
    const script = document.createElement("script");
    script.type = "text/plain";
    script.dataset.purpose = "sale";
    script.src = at + "/made.js";
    box.append(script);
    const host = document.createElement("div");
    host.attachShadow({ mode: "open" }).innerHTML =
        `<img alt="" data-purpose="sale" data-src="${at}/root.gif">`;
    box.append(host);
    const template = document.querySelector("template");
    if (template) box.append(template.content.cloneNode(true));
})()"#;

const LATER_PATHS: [&str; 4] = ["/text.js", "/text.gif", "/made.js", "/root.gif"];

#[tokio::test(flavor = "multi_thread")]
async fn what_a_page_inserts_later_is_released_like_the_rest() {
    let world = World::new(Gpc::Absent).await;
    // Nothing inert at first, but a template of it.
    let template = r#"<template><img alt="" data-purpose="sale" data-src="http://tracker.localhost:{port}/template.gif"></template>"#;
    world.visit("/", &world.markup().body(template)).await;
    world.nothing_reached(TRACKER).await;
    world.browser.exec(LATER).await;
    for path in LATER_PATHS.into_iter().chain(["/template.gif"]) {
        world.reached(TRACKER, path).await;
    }
    assert_eq!(world.browser.until("window.ran").await, 1);
    // Into a shadow root that is there already.
    world
        .browser
        .exec(
            "const image = new Image();
             image.dataset.purpose = 'sale';
             image.dataset.src = 'http://tracker.localhost:' + location.port + '/later.gif';
             [...document.querySelectorAll('div')].find(each => each.shadowRoot).shadowRoot.append(image)",
        )
        .await;
    world.reached(TRACKER, "/later.gif").await;
    world.settle().await;
    assert_eq!(world.arrivals(TRACKER, "/text.js").len(), 1, "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_page_inserts_later_is_found_without_an_observer() {
    let world = World::new(Gpc::Absent).await;
    let observers = r#"<script>
        window.observers = 0;
        const observe = MutationObserver.prototype.observe;
        MutationObserver.prototype.observe = function (...values) { observers++; return observe.apply(this, values) };
        const { disconnect } = MutationObserver.prototype;
        MutationObserver.prototype.disconnect = function () { observers--; return disconnect.call(this) };
    </script><script src="/nosale.js"></script>"#;
    world.visit("/", &world.markup().tag(observers)).await;
    // Nothing inert, no observer: the one for the first frame ends when the page has loaded.
    world.browser.until("!observers").await;
    world.settle().await;
    assert_eq!(world.browser.js("observers").await, 0);
    world.browser.exec(LATER).await;
    world
        .browser
        .exec("history.pushState(null, '', '/view')")
        .await;
    for path in LATER_PATHS {
        world.reached(TRACKER, path).await;
    }
    assert_ne!(world.browser.js("observers").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_page_inserts_later_is_held_like_the_rest() {
    let world = World::new(Gpc::On).await;
    let tag = r#"<script type="text/plain" data-purpose="sale" src="http://video.localhost:{port}/first.js"></script>"#;
    world.visit("/", &world.markup().body(tag)).await;
    let blocked = world.status().await["gate"]["blocked"].as_u64().unwrap();
    world.browser.exec(LATER).await;
    world
        .browser
        .exec("document.body.insertAdjacentHTML('beforeend', '<img alt=\"\" data-purpose=\"salle\" data-src=\"/x.gif\">')")
        .await;
    world
        .browser
        .said("salle", |console| console.errs(&["nosale", "salle"]))
        .await;
    world.nothing_reached(TRACKER).await;
    world.nothing_reached(VIDEO).await;
    let now = world.status().await["gate"]["blocked"].as_u64().unwrap();
    assert!(now >= blocked + 5, "{blocked} before, {now} now");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_page_demands_of_scripts_stops_no_inline_script() {
    let world = World::new(Gpc::Absent).await;
    let tags = r#"<script type="text/plain" data-purpose="sale">window.ran = true;</script>
        <script type="text/plain" data-purpose="sale" src="http://tracker.localhost:{port}/tag.js"></script>"#;
    let page = Page {
        headers: vec![(
            "Content-Security-Policy".to_owned(),
            "require-trusted-types-for 'script'".to_owned(),
        )],
        ..Page::html(world.markup().body(tags).to_string())
    };
    world.put(WWW, "/", page);
    world.open("/").await;
    world.reached(TRACKER, "/tag.js").await;
    world.browser.until("window.ran").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_that_plays_goes_on() {
    let world = World::new(Gpc::Absent).await;
    let video = r#"<video><source src="/own.webm"><source data-purpose="sale" data-src="http://tracker.localhost:{port}/x.webm"></video>"#;
    let waits = Page {
        hang: true,
        ..Page::default()
    };
    world.put(WWW, "/own.webm", waits);
    world
        .visit("/", &Markup::new().config(&world.config()).body(video))
        .await;
    world.reached(WWW, "/own.webm").await;
    world
        .browser
        .until("document.querySelectorAll('source')[1].src")
        .await;
    world.settle().await;
    assert_eq!(
        world.arrivals(WWW, "/own.webm").len(),
        1,
        "not asked for anew"
    );
}
