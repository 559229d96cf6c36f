//! What denied vendors keep on the publisher's own site: what else is deleted than what a script of
//! the page sets by the usual calls.

use e2e::{Gpc, Markup, Page, TRACKER, WWW, World};
use serde_json::{Value, json};

fn markup(world: &World) -> Markup {
    let tracker = json!({ "name": "tracker", "hosts": [TRACKER], "purposes": ["sale"],
        "cookies": ["_trk*"], "storage": ["trk.*"] });
    Markup::new().config(&world.config_with(json!({ "vendors": [tracker] })))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_that_the_server_sets_again_is_deleted_again() {
    let world = World::new(Gpc::On).await;
    let set = Page {
        headers: vec![
            (
                "Set-Cookie".to_owned(),
                "_trk_id=1; Path=/; Domain=publisher.localhost".to_owned(),
            ),
            ("Set-Cookie".to_owned(), "_trk_deep=1; Path=/a/b".to_owned()),
            ("Set-Cookie".to_owned(), "own=1; Path=/".to_owned()),
        ],
        ..Page::default()
    };
    world.put(WWW, "/a/set", set);
    world.visit("/a/b/page", &markup(&world)).await;
    world
        .browser
        .js("fetch('/a/set').then(answer => answer.text()).then(() => true)")
        .await;
    world
        .browser
        .until("document.cookie.includes('own=1')")
        .await;
    world
        .browser
        .until("!document.cookie.includes('_trk')")
        .await;
    assert_eq!(
        world.browser.js("document.cookie.includes('own=1')").await,
        true
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_set_as_a_property_is_gone_when_the_page_is() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &markup(&world)).await;
    world
        .browser
        .exec("localStorage['trk.id'] = 1; sessionStorage['trk.id'] = 1; localStorage.own = 1")
        .await;
    world.open_bare().await;
    let left =
        "[localStorage['trk.id'] ?? null, sessionStorage['trk.id'] ?? null, localStorage.own]";
    assert_eq!(
        world.browser.js(left).await,
        json!([Value::Null, Value::Null, "1"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_tab_sets_is_deleted() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &markup(&world)).await;
    let first = world.browser.tab().await;
    let second = world.browser.open_tab().await;
    world.browser.switch(&second).await;
    world.open_bare().await;
    world
        .browser
        .exec("localStorage.setItem('trk.id', '1'); document.cookie = '_trk_id=1; Path=/'")
        .await;
    world
        .browser
        .until("localStorage.getItem('trk.id') === null && !document.cookie.includes('_trk')")
        .await;
    world.browser.switch(&first).await;
}
