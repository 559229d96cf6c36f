//! Real tags: what vendors' published snippets are told, in which order, and what then leaves.
//!
//! The snippets are in `tests/data/snippets`, as their vendors publish them. They load their scripts
//! from the vendors' own hosts, which are on loopback here.

mod google;
mod page;
mod tags;

use e2e::{Gpc, Markup, Page, World};
use serde_json::{Value, json};

use self::tags::{TAGS, Tag};

/// All tags in their restricted modes, which for most of them a publisher must ask for.
pub fn config() -> Value {
    let signal = |tag: &Tag| json!({ "name": tag.vendor, "mode": "signal" });
    json!({ "jurisdiction": "US-CA", "vendors": TAGS.iter().map(signal).collect::<Vec<_>>() })
}

/// How a snippet comes into a page.
#[derive(Clone, Copy, PartialEq)]
enum By {
    /// It stands there.
    Inline,
    /// A tag manager's container inserts it.
    Container,
}

async fn visit(world: &World, tag: &Tag, by: By, markup: Markup) {
    world.forget();
    let path = format!("/{}", tag.vendor);
    let markup = match by {
        By::Inline => markup.body(tag.snippet),
        By::Container => {
            let code = format!(
                "const made = document.createElement('div');
                 made.innerHTML = {};
                 for (const node of [...made.childNodes]) {{
                   for (const script of node.querySelectorAll ? [node, ...node.querySelectorAll('script')] : []) {{
                     if (script.localName !== 'script') continue;
                     const running = document.createElement('script');
                     for (const {{ name, value }} of script.attributes) running.setAttribute(name, value);
                     running.text = script.text;
                     script === node ? document.body.append(running) : script.replaceWith(running);
                   }}
                   if (node.localName !== 'script') document.body.append(node);
                 }}",
                json!(tag.snippet).to_string().replace("</", "<\\/")
            );
            world.put("www.googletagmanager.com", "/gtm.js", Page::script(code));
            markup.head(include_str!("../../../../data/snippets/gtm.html"))
        }
    };
    tag.serve(world);
    world.visit(&path, &markup).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_published_snippet_is_restricted_before_it_begins() {
    let world = World::among_vendors(Gpc::On).await;
    for by in [By::Inline, By::Container] {
        for tag in &TAGS {
            if by == By::Container && tag.vendor == "google_adsense" {
                // Its container template is another.
                continue;
            }
            visit(&world, tag, by, Markup::new().config(&config())).await;
            let denied = (tag.denied)();
            let heard = tag.hears(&world, denied.as_array().unwrap().len()).await;
            assert_eq!(json!(heard), denied, "{}", tag.vendor);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_nothing_denied_each_tag_is_told_what_it_would_be_without_nosale() {
    let world = World::among_vendors(Gpc::Absent).await;
    for tag in &TAGS {
        let mut requests = Vec::new();
        for markup in [
            Markup::new().config(&config()),
            Markup::new().tag("<!-- without nosale -->"),
        ] {
            visit(&world, tag, By::Inline, markup).await;
            let free = (tag.free)();
            let heard = tag.hears(&world, free.as_array().unwrap().len()).await;
            assert_eq!(json!(heard), free, "{}", tag.vendor);
            requests.push(tag.heard(&world));
        }
        assert_eq!(requests[0], requests[1], "{}", tag.vendor);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_tag_that_runs_is_told_of_a_choice_in_mid_page() {
    for tag in &TAGS {
        let world = World::among_vendors(Gpc::Absent).await;
        visit(&world, tag, By::Inline, Markup::new().config(&config())).await;
        let begun = (tag.free)().as_array().unwrap().len();
        tag.hears(&world, begun).await;
        world.browser.exec("nosale.optOut()").await;
        world.browser.exec(tag.call).await;
        world
            .browser
            .js("nosale.optIn(undefined, { confirmed: true }).then(() => true)")
            .await;
        let back = match tag.vendor {
            "reddit_pixel" => "rdt('track', 'Back')",
            "x_pixel" => "twq('track', 'Back')",
            _ => tag.call,
        };
        world.browser.exec(back).await;
        let later = (tag.later)();
        let heard = tag
            .hears(&world, begun + later.as_array().unwrap().len())
            .await;
        assert_eq!(json!(heard[begun..]), later, "{}", tag.vendor);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_word_of_the_publisher_advertisers_are_not_reached() {
    let world = World::among_vendors(Gpc::On).await;
    let config = json!({ "jurisdiction": "US-CA" });
    let mut markup = Markup::new().config(&config);
    for tag in &TAGS {
        tag.serve(&world);
        markup = markup.body(
            tag.snippet
                .replace("<script async src", "<script data-async src")
                .as_str(),
        );
    }
    world.visit("/all", &markup).await;
    world.settle().await;
    for tag in TAGS
        .iter()
        .filter(|tag| tag.vendor != "google_publisher_tag")
    {
        assert_eq!(tag.heard(&world), Vec::<Value>::new(), "{}", tag.vendor);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_throws_stops_no_other() {
    let world = World::among_vendors(Gpc::Absent).await;
    let [meta, .., clarity, _, _] = &TAGS;
    clarity.serve(&world);
    meta.serve(&world);
    let broken = "<script>
        window.fbq = () => { throw new Error('broken'); };
        Object.defineProperty(window, 'ttq', { get() { throw new Error('odd'); } });
        window.uetq = 7; window.googletag = Object.freeze({}); window.pintrk = null;
    </script>";
    let markup = Markup::new().config(&config());
    let markup = markup.head(broken).body(clarity.snippet);
    world.visit("/broken", &markup).await;
    clarity.hears(&world, 1).await;
    world.browser.exec("nosale.optOut()").await;
    let heard = clarity.hears(&world, 2).await;
    assert_eq!(heard[1][0], "consentv2");
    let told = world.browser.console().await.to_string();
    assert!(told.contains("fbq cannot be told"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_a_tag_has_no_global_of_it() {
    let world = World::among_vendors(Gpc::On).await;
    world.visit("/bare", &Markup::new().config(&config())).await;
    let seen = "['dataLayer', 'googletag', 'adsbygoogle', 'fbq', 'ttq', 'pintrk', 'rdt', 'twq', 'uetq', 'clarity', 'pbjs']
        .filter(name => window[name] !== undefined || Object.keys(window).includes(name))";
    assert_eq!(world.browser.js(seen).await, json!([]));
}
