//! Where the link stands: like its neighbours, in footers that come late, and never twice.

use e2e::{Gpc, Markup, World};
use serde_json::json;

/// How many links there are, and what each is in.
const LINKS: &str = "[...document.querySelectorAll('[data-nosale]')].map(link => link.closest('footer')?.id ?? 'none')";

fn worded(world: &World, notice: serde_json::Value) -> Markup {
    world
        .markup()
        .config(&world.config_with(json!({ "notice": notice })))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_looks_like_its_neighbours() {
    let world = World::new(Gpc::Absent).await;
    let style =
        "<style>footer a.quiet { color: rgb(1, 2, 3); font: 700 11px monospace; padding: 7px; }
        footer ul { display: flex; gap: 20px; list-style: none }</style>";
    let look = "(name => {
        const link = document.querySelector(name), style = getComputedStyle(link), box = link.getBoundingClientRect();
        return [style.color, style.fontSize, style.fontWeight, style.fontFamily, style.padding,
          style.textDecorationLine, box.top, box.height];
    })";
    let before = r#"<a class="quiet" href="/a">About</a> | <a class="quiet" id="last" href="/b">Contact</a>"#;
    let list = r#"<ul><li class="item"><a class="quiet" href="/a">About</a></li><li class="item" id="one"><a class="quiet" id="last" href="/b">Contact</a></li></ul>"#;
    for footer in [before, list] {
        world
            .visit(
                "/",
                &worded(&world, json!({ "link": "do_not_sell_or_share" }))
                    .head(style)
                    .footer(footer),
            )
            .await;
        world
            .browser
            .until("document.querySelector('[data-nosale]')")
            .await;
        let own = world.browser.js(format!("{look}('[data-nosale]')")).await;
        let neighbour = world.browser.js(format!("{look}('#last')")).await;
        assert_eq!(own, neighbour);
        assert_eq!(
            world
                .browser
                .js("document.querySelectorAll('#one, #last').length")
                .await
                .as_u64(),
            Some(if footer == list { 2 } else { 1 }),
            "no id stands twice"
        );
    }
    world
        .visit("/", &world.markup().head(style).footer(before))
        .await;
    let text = "document.querySelector('[data-nosale]')?.previousSibling.textContent";
    assert_eq!(
        world.browser.until(text).await,
        " | ",
        "the separator is the footer's own"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_that_would_hide_the_link_is_not_taken() {
    let world = World::new(Gpc::Absent).await;
    let style =
        "<style>.icon { display: inline-block; width: 20px; height: 20px; overflow: hidden }
        .gone:last-of-type { display: none }</style>";
    let footer = r#"<a href="/a">About</a> <a class="icon" href="/x"><svg width="20" height="20"></svg> Social</a>"#;
    world
        .visit("/", &world.markup().head(style).footer(footer))
        .await;
    world
        .browser
        .until("document.querySelector('[data-nosale]')")
        .await;
    let class = "document.querySelector('[data-nosale]').className";
    assert_eq!(world.browser.js(class).await, "", "not that of a picture");
    let shown = "document.querySelector('[data-nosale]').offsetWidth > 60";
    assert_eq!(world.browser.js(shown).await, true);
}

#[tokio::test(flavor = "multi_thread")]
async fn limiting_sensitive_data_has_a_link_of_its_own() {
    let world = World::new(Gpc::Absent).await;
    let config = world.config_with(json!({
        "purposes": ["sale", "sharing", "sensitive_data"],
        "notice": { "link": "do_not_sell_or_share" },
    }));
    let texts = "[...document.querySelectorAll('footer [data-nosale]')].map(link => link.textContent.trim())";
    world
        .visit(
            "/",
            &world
                .markup()
                .config(&config)
                .footer(r#"<a href="/a">About</a>"#),
        )
        .await;
    world.browser.until(format!("{texts}.length")).await;
    let both = json!([
        "Do Not Sell or Share My Personal Information",
        "Limit the Use of My Sensitive Personal Information"
    ]);
    assert_eq!(world.browser.js(texts).await, both);
    let limit = "document.querySelectorAll('footer [data-nosale]')[1]";
    world.browser.click(limit).await;
    world
        .dialog()
        .opened()
        .await
        .flip("sensitive_data")
        .await
        .press("save")
        .await;
    let record = world
        .recorded("a limit", |record| record.choices.ends_with('o'))
        .await;
    assert_eq!(&record.choices[..4], "----");
    let rows = world.collector.stored(1).await;
    assert_eq!(rows[0].event["data"]["kind"], "limit");

    let config = world.config_with(json!({ "purposes": ["sale", "sensitive_data"] }));
    world.visit("/", &world.markup().config(&config)).await;
    world.browser.until(format!("{texts}.length")).await;
    assert_eq!(
        world.browser.js(texts).await,
        json!(["Your Privacy Choices"]),
        "the alternative link stands for both"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_footer_that_comes_late_gets_the_link() {
    let world = World::new(Gpc::Absent).await;
    let empty = "<script>addEventListener('DOMContentLoaded', () => document.querySelector('footer').remove())</script>";
    world.visit("/", &world.markup().head(empty)).await;
    world.browser.until(format!("{LINKS}.length")).await;
    assert_eq!(
        world.browser.js(LINKS).await,
        json!(["none"]),
        "meanwhile it stands at the end"
    );

    let build = "document.body.insertAdjacentHTML('beforeend', '<footer id=\"late\"><a href=\"/a\">About</a></footer>')";
    world.browser.exec(build).await;
    world
        .browser
        .until(format!("JSON.stringify({LINKS}) === '[\"late\"]'"))
        .await;
    world
        .dialog()
        .open()
        .await
        .press("close")
        .await
        .closed()
        .await;

    // A framework draws its footer again, with another or with a copy of what was there.
    let again = "(footer => { const next = footer.cloneNode(true); next.id = 'next'; footer.after(next); footer.remove(); })
        (document.querySelector('footer'))";
    world.browser.exec(again).await;
    world
        .browser
        .until(format!("JSON.stringify({LINKS}) === '[\"next\"]'"))
        .await;
    world
        .browser
        .exec("document.querySelector('footer').textContent = ''")
        .await;
    world
        .browser
        .until(format!("JSON.stringify({LINKS}) === '[\"next\"]'"))
        .await;
    world.dialog().open().await;
    let statuses = "document.querySelectorAll('[data-nosale-status]').length";
    assert_eq!(world.browser.js(statuses).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_never_stands_twice() {
    let world = World::new(Gpc::On).await;
    let articles =
        r#"<article><p>News</p><footer id="article"><a href="/by">By us</a></footer></article>"#;
    world
        .visit("/", &world.markup().body(articles).footer("<p>us</p>"))
        .await;
    world.browser.until(format!("{LINKS}.length")).await;
    assert_eq!(
        world.browser.js(LINKS).await,
        json!([""]),
        "in the page's own footer"
    );

    let copy = "(footer => footer.after(footer.cloneNode(true)))(document.body.lastElementChild)";
    world.browser.exec(copy).await;
    world.browser.until(format!("{LINKS}.length === 1")).await;
    let statuses = "[...document.querySelectorAll('[data-nosale-status]')].map(status => status.textContent.trim()).join()";
    world
        .browser
        .until(format!("{statuses}.match(/Honored/g)?.length >= 1"))
        .await;

    // The publisher's own element comes late.
    let late = "document.querySelector('main').insertAdjacentHTML('beforeend', '<button data-nosale-link>Privacy</button>')";
    world.browser.exec(late).await;
    world.browser.until(format!("{LINKS}.length === 0")).await;
    world
        .browser
        .click("document.querySelector('[data-nosale-link]')")
        .await;
    world.dialog().opened().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_fights_the_link_stays_alive() {
    let world = World::new(Gpc::Absent).await;
    let fight = "<script>new MutationObserver(() => document.querySelectorAll('[data-nosale]').forEach(link => link.remove()))
        .observe(document, { childList: true, subtree: true })</script>";
    world.visit("/", &world.markup().head(fight)).await;
    world.settle().await;
    assert_eq!(world.browser.js("1 + 1").await, 2);
    world.browser.exec("nosale.open()").await;
    world.dialog().opened().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_shifts_while_the_page_loads() {
    let world = World::new(Gpc::On).await;
    let watch = "<script>window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(entry => {
        if (!entry.hadRecentInput) shift += entry.value })).observe({ type: 'layout-shift', buffered: true })</script>";
    for lang in ["en", "es"] {
        let lang = format!("<script>document.documentElement.lang = '{lang}'</script>");
        let markup = Markup::new()
            .tag(&format!(r#"{lang}<script src="/nosale.js"></script>"#))
            .config(&world.config())
            .head(watch)
            .footer(r#"<p><a href="/a">About</a></p><p id="below">Below</p>"#);
        world.visit("/", &markup).await;
        world.browser.until(format!("{LINKS}.length")).await;
        world.settle().await;
        assert_eq!(
            world.browser.js("shift").await.as_f64(),
            Some(0.0),
            "{lang}"
        );
    }
}
