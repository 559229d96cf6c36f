//! Inert markup: held while a purpose of it is denied, released in order and whole when all are
//! permitted.

use std::time::Duration;

use e2e::{Gpc, Launch, Markup, OPTED_OUT, Page, TRACKER, VIDEO, World};
use serde_json::{Value, json};

/// A script that writes its name down when it runs.
fn noting(name: &str) -> Page {
    Page::script(format!("(window.order ||= []).push({name:?});"))
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_run_in_document_order() {
    let world = World::new(Gpc::Absent).await;
    let slow = Page {
        delay: Some(Duration::from_millis(400)),
        ..noting("slow")
    };
    world.put(TRACKER, "/slow.js", slow);
    world.put(TRACKER, "/quick.js", noting("quick"));
    let tags = r#"
        <script type="text/plain" data-purpose="sale">(window.order ||= []).push("inline 1");</script>
        <script type="text/plain" data-purpose="sale" src="http://tracker.localhost:{port}/slow.js"></script>
        <script type="text/plain" data-purpose="sharing">(window.order ||= []).push("inline 2");</script>
        <script type="text/plain" data-purpose="sale" data-src="http://tracker.localhost:{port}/quick.js"></script>
        <script type="text/plain" data-purpose="sale">order.push("inline 3");</script>"#;
    world.visit("/", &world.markup().head(tags)).await;
    let order = world
        .browser
        .until("window.order?.length === 5 && order")
        .await;
    assert_eq!(
        order,
        json!(["inline 1", "slow", "inline 2", "quick", "inline 3"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_released_script_keeps_its_attributes() {
    let world = World::new(Gpc::Absent).await;
    // Its digest is in the tag below.
    world.put(
        TRACKER,
        "/measured.js",
        Page::script("window.measured = true;\n"),
    );
    world.put(TRACKER, "/other.js", Page::script("window.other = 1;\n"));
    let module = "import { name } from './part.js'; window.loaded = name;";
    let cors = |page: Page| Page {
        headers: vec![("Access-Control-Allow-Origin".to_owned(), "*".to_owned())],
        ..page
    };
    world.put(TRACKER, "/module.js", cors(Page::script(module)));
    world.put(
        TRACKER,
        "/part.js",
        cors(Page::script("export const name = 'part';")),
    );
    let tags = r#"
        <script type="text/plain" id="measured" class="a b" data-purpose="sale" data-account="7" async
            src="http://tracker.localhost:{port}/measured.js" nonce="n1" crossorigin="anonymous"
            referrerpolicy="no-referrer" fetchpriority="low" title="kept"
            integrity="sha384-VJdSF6cAb2aImR7dNDeiY67nDrul1TcTgiZWbVROmOhdFxyGwfGARryiw6SpB3GY"></script>
        <script type="text/plain" id="wrong" data-purpose="sale" crossorigin="anonymous"
            src="http://tracker.localhost:{port}/other.js"
            integrity="sha384-VJdSF6cAb2aImR7dNDeiY67nDrul1TcTgiZWbVROmOhdFxyGwfGARryiw6SpB3GY"></script>
        <script type="text/plain" id="module" data-type="module" data-purpose="sale"
            data-src="http://tracker.localhost:{port}/module.js"></script>
        <script type="text/plain" id="deferred" data-purpose="sale" defer
            src="http://tracker.localhost:{port}/deferred.js"></script>"#;
    world.visit("/", &world.markup().body(tags)).await;

    world.browser.until("window.measured").await;
    assert_eq!(
        world.browser.until("window.loaded").await,
        "part",
        "a module, with its import"
    );
    world.reached(TRACKER, "/deferred.js").await;
    world.settle().await;
    assert_eq!(
        world.browser.js("window.other ?? null").await,
        Value::Null,
        "integrity is enforced"
    );

    let attributes = world
        .browser
        .js(
            "Object.fromEntries([...document.querySelector('#measured').attributes]
              .map(each => [each.name, each.value]))",
        )
        .await;
    for (name, value) in [
        ("class", "a b"),
        ("data-account", "7"),
        ("async", ""),
        ("crossorigin", "anonymous"),
        ("referrerpolicy", "no-referrer"),
        ("fetchpriority", "low"),
        ("title", "kept"),
        (
            "integrity",
            "sha384-VJdSF6cAb2aImR7dNDeiY67nDrul1TcTgiZWbVROmOhdFxyGwfGARryiw6SpB3GY",
        ),
    ] {
        assert_eq!(attributes[name], value, "{name}: {attributes}");
    }
    assert_eq!(
        attributes["src"],
        json!(world.site.url(TRACKER, "/measured.js"))
    );
    assert_ne!(attributes["type"], "text/plain");
    let property = async |expression: &str| world.browser.js(expression).await;
    assert_eq!(
        property("document.querySelector('#measured').nonce").await,
        "n1"
    );
    assert_eq!(
        property("document.querySelector('#measured').async").await,
        true
    );
    assert_eq!(
        property("document.querySelector('#module').type").await,
        "module"
    );
    assert_eq!(
        property("document.querySelector('#deferred').defer").await,
        true
    );
    let arrival = world.reached(TRACKER, "/measured.js").await;
    assert_eq!(
        arrival.header("referer"),
        None,
        "the referrer policy is enforced"
    );
    assert!(
        arrival.header("origin").is_some(),
        "crossorigin is enforced"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nonce_satisfies_the_pages_policy() {
    let world = World::new(Gpc::Absent).await;
    world.put(TRACKER, "/tag.js", noting("file"));
    let tags = r#"
        <script type="text/plain" data-purpose="sale" nonce="n1" src="http://tracker.localhost:{port}/tag.js"></script>
        <script type="text/plain" data-purpose="sale" nonce="n1">(window.order ||= []).push("inline");</script>"#;
    let markup = world
        .markup()
        .tag(r#"<script nonce="n1" src="/nosale.js"></script>"#)
        .body(tags);
    let policy = "script-src 'nonce-n1' 'wasm-unsafe-eval'; object-src 'none'";
    world.visit_under(policy, "/", &markup).await;
    let order = world
        .browser
        .until("window.order?.length === 2 && order")
        .await;
    assert_eq!(order, json!(["file", "inline"]));
}

/// Frames and images that are inert.
const OTHERS: &str = r#"
    <iframe title="ad" class="wide" loading="eager" data-purpose="targeted_advertising"
        data-src="http://video.localhost:{port}/embed"></iframe>
    <iframe title="inline" data-purpose="sale"
        data-srcdoc="<img alt='' src='http://tracker.localhost:{port}/in-frame.gif'>"></iframe>
    <img alt="" width="1" data-purpose="sale" data-src="http://tracker.localhost:{port}/pixel.gif">
    <img alt="" data-purpose="sale" data-srcset="http://tracker.localhost:{port}/set.gif 1x">"#;

#[tokio::test(flavor = "multi_thread")]
async fn frames_and_images_are_released() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup().body(OTHERS)).await;
    world.reached(VIDEO, "/embed").await;
    for path in ["/in-frame.gif", "/pixel.gif", "/set.gif"] {
        world.reached(TRACKER, path).await;
    }
    let frame = "document.querySelector('iframe[title=ad]')";
    assert_eq!(world.browser.js(format!("{frame}.className")).await, "wide");
    assert_eq!(
        world.browser.js(format!("{frame}.src")).await,
        json!(world.site.url(VIDEO, "/embed"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn with_an_opt_out_everything_stays_inert_until_the_opt_in() {
    let world = World::new(Gpc::Absent).await;
    world.store(OPTED_OUT).await;
    world.put(TRACKER, "/first.js", noting("first"));
    world.put(TRACKER, "/third.js", noting("third"));
    let scripts = r#"
        <script type="text/plain" data-purpose="sale" src="http://tracker.localhost:{port}/first.js"></script>
        <script type="text/plain" data-purpose="sale">order.push("second");</script>
        <script type="text/plain" data-vendor="tracker" src="http://tracker.localhost:{port}/third.js"></script>"#;
    world
        .visit("/", &world.markup().body(scripts).body(OTHERS))
        .await;
    world.nothing_reached(TRACKER).await;
    world.nothing_reached(VIDEO).await;
    assert_eq!(world.browser.js("window.order ?? null").await, Value::Null);

    // In mid-page, without a reload.
    world.browser.exec("window.same = true").await;
    world
        .dialog()
        .open()
        .await
        .press("allow-all")
        .await
        .press("confirm")
        .await;
    let order = world
        .browser
        .until("window.order?.length === 3 && order")
        .await;
    assert_eq!(order, json!(["first", "second", "third"]));
    world.reached(TRACKER, "/pixel.gif").await;
    world.reached(VIDEO, "/embed").await;
    assert_eq!(world.browser.js("window.same").await, true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_runs_only_if_all_its_purposes_are_permitted() {
    let world = World::new(Gpc::Absent).await;
    world.store("1.1750000000.-o---.1.US-CA.-.-").await;
    let tags = r#"
        <script type="text/plain" data-purpose="sale sharing" src="http://tracker.localhost:{port}/both.js"></script>
        <script type="text/plain" data-vendor="tracker" src="http://tracker.localhost:{port}/vendor.js"></script>
        <script type="text/plain" data-purpose="sale" data-src="http://video.localhost:{port}/sale.js"></script>"#;
    world.visit("/", &world.markup().body(tags)).await;
    world.reached(VIDEO, "/sale.js").await;
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_fails_stops_no_other() {
    let world = World::new(Gpc::Absent).await;
    world.put(
        TRACKER,
        "/missing.js",
        Page {
            status: 404,
            ..Page::script("")
        },
    );
    world.put(
        TRACKER,
        "/throws.js",
        Page::script("throw new Error('a tag of others');"),
    );
    world.put(TRACKER, "/broken.js", Page::script("this is no script"));
    world.put(TRACKER, "/last.js", noting("last"));
    let tag = |path: &str| {
        let src = format!("http://tracker.localhost:{{port}}{path}");
        format!(r#"<script type="text/plain" data-purpose="sale" src="{src}"></script>"#)
    };
    let nobody = r#"<script type="text/plain" data-purpose="sale" src="http://127.0.0.1:1/x.js"></script>
        <script type="text/plain" data-purpose="sale" src="http://["></script>
        <script type="text/plain" data-purpose="sale" data-src=""></script>"#;
    let tags = ["/missing.js", "/throws.js", "/broken.js"]
        .map(tag)
        .concat()
        + nobody
        + &tag("/last.js");
    world.visit("/", &world.markup().body(&tags)).await;
    assert_eq!(world.browser.until("window.order").await, json!(["last"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_hangs_delays_the_others_for_a_while_only() {
    let launch = Launch {
        eager: true,
        ..Launch::default()
    };
    let world = World::with(launch).await;
    world.put(
        TRACKER,
        "/hangs.js",
        Page {
            hang: true,
            ..Page::default()
        },
    );
    world.put(TRACKER, "/last.js", noting("last"));
    let tags = r#"
        <script type="text/plain" data-purpose="sale" src="http://tracker.localhost:{port}/hangs.js"></script>
        <script type="text/plain" data-purpose="sale" src="http://tracker.localhost:{port}/last.js"></script>"#;
    world.visit("/", &world.markup().body(tags)).await;
    world.reached(TRACKER, "/hangs.js").await;
    assert_eq!(world.browser.until("window.order").await, json!(["last"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_an_unknown_name_is_held_and_named() {
    let world = World::new(Gpc::Absent).await;
    let tags = r#"
        <script type="text/plain" data-purpose="sale shareing" src="http://tracker.localhost:{port}/purpose.js"></script>
        <script type="text/plain" data-vendor="trackr" src="http://tracker.localhost:{port}/vendor.js"></script>
        <img alt="" data-purpose="salle" data-src="http://tracker.localhost:{port}/pixel.gif">
        <script type="text/plain" data-purpose="sale" src="http://video.localhost:{port}/known.js"></script>"#;
    world.visit("/", &world.markup().body(tags)).await;
    world.reached(VIDEO, "/known.js").await;
    world.nothing_reached(TRACKER).await;
    for name in ["shareing", "trackr", "salle"] {
        world
            .browser
            .said(name, |console| console.errs(&["nosale", name]))
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_text_of_others_is_left_alone() {
    let world = World::new(Gpc::Absent).await;
    let tags = r#"
        <script type="text/plain" src="http://tracker.localhost:{port}/template.js">text</script>
        <img alt="" data-src="http://tracker.localhost:{port}/lazy.gif">"#;
    world
        .visit("/", &Markup::new().config(&world.config()).body(tags))
        .await;
    world.nothing_reached(TRACKER).await;
}
