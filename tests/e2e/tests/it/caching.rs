//! Delivery: what the README says of headers, caching, integrity and preloading, in a browser.

use e2e::{Gpc, Markup, PARTNER, Page, TRACKER, WWW, World};
use serde_json::{Value, json};

const VERSIONED: &str = concat!("/nosale.", env!("CARGO_PKG_VERSION"), ".js");

fn tag(attributes: &str) -> Markup {
    Markup::new().tag(&format!("<script {attributes}></script>"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_a_version_is_asked_for_once() {
    let world = World::new(Gpc::On).await;
    for path in ["/", "/next", "/last"] {
        world
            .visit(path, &tag(&format!(r#"src="{VERSIONED}""#)))
            .await;
        assert_eq!(world.browser.js("nosale.allows('sale')").await, false);
    }
    assert_eq!(world.arrivals(WWW, VERSIONED).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_compressed_and_any_page_may_read_them() {
    let world = World::new(Gpc::Absent).await;
    world.open_bare().await;
    for file in ["/nosale.js", VERSIONED, "/nosale.dialog.js"] {
        let own = json!(world.url(file));
        let headers = format!(
            "fetch({own}).then(({{ headers }}) => ['content-encoding', 'vary'].map(name => headers.get(name)))"
        );
        assert_eq!(
            world.browser.js(headers).await,
            json!(["br", "Accept-Encoding"]),
            "{file}"
        );
        let elsewhere = json!(world.site.url(PARTNER, file));
        let banner = format!(
            "fetch({elsewhere}).then(response => response.text()).then(text => text.slice(0, 10))"
        );
        assert_eq!(world.browser.js(banner).await, "/*! nosale", "{file}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manifest_s_integrity_holds() {
    let world = World::new(Gpc::On).await;
    world.open_bare().await;
    let manifest = world
        .browser
        .js("fetch('/manifest.json').then(response => response.json())")
        .await;
    for name in ["nosale.js", &VERSIONED[1..]] {
        let integrity = manifest["files"][name]["integrity"].as_str().unwrap();
        let place = format!(
            r#"src="http://partner.localhost:{{port}}/{name}" integrity="{integrity}" crossorigin"#
        );
        world.visit("/", &tag(&place)).await;
        let allowed = "window.nosale?.allows('sale')";
        assert_eq!(world.browser.js(allowed).await, false, "{name}");
        let other = place.replace("sha384-", "sha384-A");
        world.visit("/", &tag(&other)).await;
        let loaded = world.browser.js("window.nosale ?? null").await;
        assert_eq!(loaded, Value::Null, "another file is refused");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preloaded_script_is_asked_for_once() {
    let world = World::new(Gpc::On).await;
    let link = "</nosale.js>; rel=preload; as=script";
    let page = Page {
        headers: vec![("Link".to_owned(), link.to_owned())],
        ..Page::html(world.markup().to_string())
    };
    world.put(WWW, "/", page);
    world.open("/").await;
    assert_eq!(world.ask(TRACKER).await, "TypeError");
    let begun = "performance.getEntriesByType('resource').map(entry => entry.initiatorType)";
    assert_eq!(world.browser.js(begun).await[0], "link");
    assert_eq!(world.arrivals(WWW, "/nosale.js").len(), 1);
}
