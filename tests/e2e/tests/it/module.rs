//! The package: from a bundler's site, and as a module by itself.

use e2e::{Gpc, PARTNER, Page, TRACKER, WWW, World, wait};
use serde_json::{Value, json};

/// Who serves the package, and the tag that loads it there; none for what the bundler wrote.
const SITES: [(&str, Option<&str>); 3] = [
    ("vite", None),
    ("webpack", None),
    (
        "pkg",
        Some(
            r#"<script type="module">
          import { start } from "/index.js";
          window.nosaleStarted = start();
        </script>"#,
        ),
    ),
];

const PAGE: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>A site</title>
<link rel="icon" href="data:,">
<!-- before -->
<!-- tag -->
</head>
<body>
<main><h1>A site</h1></main>
<!-- after -->
<footer></footer>
</body>
</html>"#;

/// Counts the compilations that begin while the module still comes.
const STREAMED: &str = r"<script>
    window.streamed = 0;
    const { compileStreaming, compile } = WebAssembly;
    WebAssembly.compileStreaming = (...given) => { streamed++; return compileStreaming(...given) };
    WebAssembly.compile = (...given) => { streamed = NaN; return compile(...given) };
</script>";

const INERT: &str = r#"<script type="text/plain" data-purpose="sale"
    src="http://tracker.localhost:{port}/tag.js"></script>
<script type="text/plain" data-purpose="sale" src="http://partner.localhost:{port}/tag.js"></script>"#;

/// The page of a site, with the world's config and more.
fn page(world: &World, (name, tag): (&str, Option<&str>), lang: &str, more: &str) -> Page {
    let page = match tag {
        Some(tag) => PAGE.replace("<!-- tag -->", tag),
        None => world.bundled_page(name),
    };
    let config = world.config();
    let config = format!(r#"<script type="application/json" id="nosale-config">{config}</script>"#);
    let page = page
        .replace(r#"lang="en""#, &format!("lang=\"{lang}\""))
        .replace("<!-- before -->", &[&config, STREAMED].concat())
        .replace("<!-- after -->", more);
    Page::html(page)
}

async fn open(world: &World, site: (&str, Option<&str>), lang: &str, more: &str) {
    world.put(WWW, "/case", page(world, site, lang, more));
    world.open("/case").await;
    world
        .browser
        .js("nosaleStarted.then(nosale => nosale === window.nosale)")
        .await;
}

/// A module starts late by its nature, and the console says so. It has nothing else to say.
async fn no_complaint_but_of_its_start(world: &World) {
    let told = |console: &e2e::Console| console.warns(&["nosale", "started late"]);
    world.browser.said("that it is late", told).await;
    let console = world.browser.console().await;
    assert_eq!(console.complaints().len(), 1, "{console}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_module_withholds_what_is_denied() {
    for site in SITES {
        let world = World::bundled(Gpc::On, site.0).await;
        open(&world, site, "en", INERT).await;
        assert_eq!(world.ask(TRACKER).await, "TypeError", "{}", site.0);
        assert_eq!(world.ask(PARTNER).await, "sent", "{}", site.0);
        world.nothing_reached(TRACKER).await;
        assert!(
            world.arrivals(PARTNER, "/tag.js").is_empty(),
            "the purpose counts"
        );
        assert_eq!(world.browser.js("streamed").await, 1, "{}", site.0);
        assert_eq!(
            world.browser.js("Object.isFrozen(nosale)").await,
            json!(true)
        );
        no_complaint_but_of_its_start(&world).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_module_lets_pass_what_is_permitted() {
    for site in SITES {
        let world = World::bundled(Gpc::Absent, site.0).await;
        open(&world, site, "en", INERT).await;
        world.reached(TRACKER, "/tag.js").await;
        world.reached(PARTNER, "/tag.js").await;
        assert_eq!(world.ask(TRACKER).await, "sent", "{}", site.0);
        world.reached(TRACKER, "/collect").await;

        let receipt = world.browser.js("nosale.optOut()").await;
        world.forget();
        assert_eq!(world.ask(TRACKER).await, "TypeError", "{}", site.0);
        world.nothing_reached(TRACKER).await;
        let rows = world.collector.stored(1).await;
        assert_eq!(rows[0].event["id"], receipt["id"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_module_finds_its_files() {
    for site in SITES {
        let world = World::bundled(Gpc::On, site.0).await;
        open(&world, site, "es", "").await;
        let dialog = world.dialog().open().await;
        let said = dialog.text().await;
        assert!(said.contains("Rechazar todo"), "{}: {said}", site.0);
        let missed = "performance.getEntriesByType('resource').filter(({ responseStatus }) => responseStatus !== 200).length";
        assert_eq!(world.browser.js(missed).await, 0, "{}", site.0);
        no_complaint_but_of_its_start(&world).await;
    }
}

/// What the README says of a module's start: it is late, and says so.
#[tokio::test(flavor = "multi_thread")]
async fn before_a_module_has_started_only_inert_markup_is_held() {
    for site in SITES {
        let world = World::bundled(Gpc::On, site.0).await;
        let early = r#"<script src="http://tracker.localhost:{port}/early.js"></script>"#;
        open(&world, site, "en", &[early, INERT].concat()).await;
        world.reached(TRACKER, "/early.js").await;
        let late = async || {
            let late = world.status().await["late"].clone();
            let is_named = |request: &Value| request["vendor"] == "tracker";
            late["requests"]
                .as_array()?
                .iter()
                .any(is_named)
                .then_some(late)
        };
        let late = wait::until("the early request is named", late).await;
        assert!(late["why"].to_string().contains("defer"), "{late}");
        assert_eq!(world.ask(TRACKER).await, "TypeError", "{}", site.0);
        world.settle().await;
        let arrivals = world.site.arrivals(TRACKER);
        assert_eq!(arrivals.len(), 1, "{}: {arrivals:?}", site.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_module_starts_once() {
    let world = World::bundled(Gpc::On, "pkg").await;
    open(&world, SITES[2], "en", "").await;
    let again = "import('/index.js').then(({ start }) => start() === nosaleStarted)";
    assert_eq!(world.browser.js(again).await, true);
    let links = "document.querySelectorAll('footer [data-nosale]').length";
    assert_eq!(world.browser.js(links).await, 1);
}
