//! The notice's link: where it stands, and what it says.

use e2e::{Gpc, Markup, World};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn the_link_stands_in_the_footer() {
    let world = World::new(Gpc::Absent).await;
    world
        .visit("/", &world.markup().footer("<p>© A publisher</p>"))
        .await;
    let link = world.browser.until(
        "(() => {
            const link = document.querySelector('footer [data-nosale]');
            return link && {
              tag: link.localName, text: link.textContent.trim(), icon: link.querySelectorAll('svg').length,
              shown: link.checkVisibility(), after: document.querySelectorAll('footer p').length,
              all: document.querySelectorAll('[data-nosale]').length,
            };
        })()",
    );
    let link = link.await;
    assert!(link["tag"] == "a" || link["tag"] == "button", "{link}");
    assert_eq!(link["text"], "Your Privacy Choices");
    assert_eq!(link["icon"], 1, "the opt-out icon");
    assert_eq!(link["shown"], true);
    assert_eq!(link["after"], 1, "what the publisher had there stays");
    assert_eq!(link["all"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_may_be_worded_otherwise_or_left_out() {
    let world = World::new(Gpc::Absent).await;
    let kind = |link: &str| {
        Markup::new().config(&world.config_with(json!({ "notice": { "link": link } })))
    };
    world.visit("/", &kind("do_not_sell_or_share")).await;
    let text = "document.querySelector('footer [data-nosale]')?.textContent.trim()";
    assert_eq!(
        world.browser.until(text).await,
        "Do Not Sell or Share My Personal Information"
    );
    world.dialog().open().await;

    world.visit("/none", &kind("none")).await;
    world.settle().await;
    assert_eq!(
        world
            .browser
            .js("document.querySelectorAll('[data-nosale]').length")
            .await,
        0
    );
    world.browser.exec("nosale.open()").await;
    world.dialog().opened().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_element_of_the_publishers_becomes_the_link() {
    let world = World::new(Gpc::Absent).await;
    for own in [
        r##"<a href="#privacy" data-nosale-link>Privacy, please</a>"##,
        r#"<button type="button" data-nosale-link>Privacy, please</button>"#,
    ] {
        world.visit("/", &world.markup().body(own)).await;
        world.dialog().open().await;
        assert_eq!(
            world.browser.js("location.hash").await,
            "",
            "the click goes nowhere else"
        );
        let text = "document.querySelector('[data-nosale-link]').textContent";
        assert_eq!(
            world.browser.js(text).await,
            "Privacy, please",
            "the publisher's words stay"
        );
        let footer = "document.querySelectorAll('footer [data-nosale]').length";
        assert_eq!(world.browser.js(footer).await, 0, "one link is enough");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_of_the_publishers_gets_the_link() {
    let world = World::new(Gpc::Absent).await;
    world
        .visit("/", &world.markup().body(r#"<p data-nosale-link></p>"#))
        .await;
    let text = "document.querySelector('p[data-nosale-link] [data-nosale]')?.textContent.trim()";
    assert_eq!(world.browser.until(text).await, "Your Privacy Choices");
    assert_eq!(
        world
            .browser
            .js("document.querySelectorAll('footer [data-nosale]').length")
            .await,
        0
    );
    world.dialog().open().await;
}
