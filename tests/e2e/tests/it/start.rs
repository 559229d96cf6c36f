//! The start: from one tag, on secure and insecure pages.

use e2e::{Gpc, Markup, PARTNER, TRACKER, World, wait};
use serde_json::{Value, json};

const INERT: &str = r#"<script type="text/plain" data-purpose="sale"
    src="http://tracker.localhost:{port}/tag.js"></script>"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_decision_is_there_before_the_next_tag() {
    let world = World::new(Gpc::On).await;
    let next = r#"<script>
        window.next = {
          allowed: window.nosale?.allows("sale"),
          active: window.nosale?.status().gate.active,
          frozen: Object.isFrozen(window.nosale),
        };
        document.write('<script src="http://tracker.localhost:{port}/unlisted.js"><\/script>'.replace("tracker", "partner"));
      </script>"#;
    world.visit("/", &world.markup().head(next)).await;
    assert_eq!(
        world.browser.js("next").await,
        json!({ "allowed": false, "active": true, "frozen": true })
    );
    world.reached(PARTNER, "/unlisted.js").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bare_tag_honours_the_signal() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &Markup::new().body(INERT)).await;
    let status = world.status().await;
    assert_eq!(
        (&status["jurisdiction"], &status["jurisdictionFrom"]),
        (&json!("US"), &json!("default"))
    );
    assert_eq!(
        status["purposes"]["sale"],
        json!({ "allowed": false, "because": "gpc" })
    );
    assert_eq!(status["gate"]["mode"], "listed");
    assert_eq!(status["revision"], 1);
    world.nothing_reached(TRACKER).await;
    assert!(world.collector.rows().is_empty(), "no endpoint, no report");
    world.dialog().open().await;
    let console = world.browser.console().await;
    assert_eq!(console.complaints(), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bare_tag_lets_others_be() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &Markup::new().body(INERT)).await;
    world.reached(TRACKER, "/tag.js").await;
    assert_eq!(world.status().await["gate"]["active"], false);
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": true, "because": "default" })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tag_itself_can_carry_the_simple_config() {
    let world = World::new(Gpc::Absent).await;
    let endpoint = world.collector.endpoint();
    let tag = format!(
        r#"<script src="/nosale.js" data-jurisdiction="US-CO" data-endpoint="{endpoint}"
             data-mode="inert" data-vendors="meta_pixel" data-locale="en"></script>"#
    );
    world.visit("/", &Markup::new().tag(&tag)).await;
    let status = world.status().await;
    assert_eq!(
        (&status["jurisdiction"], &status["jurisdictionFrom"]),
        (&json!("US-CO"), &json!("config"))
    );
    assert_eq!(status["gate"]["mode"], "inert");
    let receipt = world.browser.js("nosale.optOut()").await;
    let rows = world.collector.stored(1).await;
    assert_eq!(rows[0].event["id"], receipt["id"]);
    assert_eq!(rows[0].event["data"]["jurisdiction"], "US-CO");
    let console = world.browser.console().await;
    assert_eq!(console.complaints(), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn json_wins_over_the_tags_attributes() {
    let world = World::new(Gpc::Absent).await;
    let tag = r#"<script src="/nosale.js" data-jurisdiction="US-CO" data-mode="inert"></script>"#;
    world.visit("/", &world.markup().tag(tag)).await;
    let status = world.status().await;
    assert_eq!(status["jurisdiction"], "US-CA");
    assert_eq!(
        status["gate"]["mode"], "inert",
        "what the JSON does not say comes from the tag"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_may_come_from_another_host() {
    let world = World::new(Gpc::On).await;
    let tag = r#"<script src="http://partner.localhost:{port}/nosale.js"></script>"#;
    world.visit("/", &world.markup().tag(tag)).await;
    assert_eq!(world.ask(TRACKER).await, "TypeError");
    world.dialog().open().await;
    world.reached(PARTNER, "/nosale.dialog.js").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_insecure_origin_does_without_what_it_lacks() {
    let world = World::new(Gpc::Absent).await;
    let host = "www.publisher.test";
    world.page_on(host, "/", &world.markup().body(INERT));
    world.browser.goto(world.site.url(host, "/")).await;
    let missing = "[isSecureContext, 'locks' in navigator, 'randomUUID' in crypto]";
    assert_eq!(
        world.browser.js(missing).await,
        json!([false, false, false])
    );
    world.reached(TRACKER, "/tag.js").await;

    world.dialog().open().await.press("opt-out-all").await;
    world
        .recorded("an opt-out", |record| record.choices.starts_with("ooo"))
        .await;
    assert_eq!(world.ask(TRACKER).await, "TypeError");
    let rows = world.collector.stored(1).await;
    let id = rows[0].event["id"].as_str().unwrap();
    let uuid = id.len() == 36 && id.as_bytes()[14] == b'4' && id.split('-').count() == 5;
    assert!(uuid, "a UUID of random bits: {id}");

    world.forget();
    world.browser.reload().await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "choice" })
    );
    world.nothing_reached(TRACKER).await;
    assert_eq!(world.collector.rows().len(), 1);
    let cookie = world.browser.cookie("nosale").await.unwrap();
    assert_eq!(
        cookie.domain().map(|domain| domain.trim_start_matches('.')),
        Some("publisher.test")
    );
    assert_ne!(cookie.secure(), Some(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_is_frozen() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup()).await;
    let told = world
        .browser
        .js(r#"(() => {
            const allows = nosale.allows;
            try { nosale.allows = () => true } catch {}
            try { nosale.extra = 1 } catch {}
            try { delete nosale.optOut } catch {}
            try { window.nosale = { allows: () => true } } catch {}
            return {
              frozen: Object.isFrozen(nosale),
              same: nosale.allows === allows,
              extra: nosale.extra ?? null,
              keys: Object.keys(nosale).sort(),
              allowed: nosale.allows("sale"),
            };
        })()"#)
        .await;
    assert_eq!(told["frozen"], true);
    assert_eq!(
        (&told["same"], &told["extra"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(told["allowed"], false);
    let keys: Vec<&str> = told["keys"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    for call in [
        "allows",
        "on",
        "open",
        "optIn",
        "optOut",
        "receipt",
        "setContext",
        "status",
        "version",
    ] {
        assert!(keys.contains(&call), "{call} is missing: {keys:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_tampers_with_prototypes_cannot_open_the_gate() {
    let world = World::new(Gpc::On).await;
    let ways = r#"
        const tracker = path => "http://tracker.localhost:" + location.port + path;
        const real = { RegExp: RegExp.prototype.exec, define: Object.defineProperty };
        const attempts = {
          signal: () => real.define(Navigator.prototype, "globalPrivacyControl", { get: () => false, configurable: true }),
          includes: () => { Array.prototype.includes = () => false; },
          some: () => { Array.prototype.some = () => false; Array.prototype.map = () => []; },
          each: () => { Array.prototype.forEach = () => {}; },
          split: () => { String.prototype.split = () => []; String.prototype.toLowerCase = () => ""; },
          starts: () => { String.prototype.startsWith = String.prototype.endsWith = () => false; },
          exec: () => { RegExp.prototype.exec = () => null; RegExp.prototype.test = () => false; },
          protocol: () => real.define(URL.prototype, "protocol", { get: () => "x:", configurable: true }),
          href: () => real.define(URL.prototype, "href", { get: () => location.href, configurable: true }),
          local: () => real.define(Element.prototype, "localName", { get: () => "p", configurable: true }),
          weak: () => { WeakMap.prototype.has = () => false; WeakMap.prototype.get = () => undefined; },
          apply: () => { Reflect.apply = () => { throw new Error("tampered"); }; },
        };
        window.attempt = async name => {
          attempts[name]();
          try { new Image().src = tracker("/img/" + name); } catch {}
          try {
            const script = document.createElement("script");
            script.src = tracker("/script/" + name);
            document.head.appendChild(script);
          } catch {}
          try { navigator.sendBeacon(tracker("/beacon/" + name), "x"); } catch {}
          try {
            const request = new XMLHttpRequest();
            request.open("GET", tracker("/xhr/" + name));
            request.send();
          } catch {}
          try { await fetch(tracker("/fetch/" + name), { mode: "no-cors" }); } catch {}
          return true;
        };
        window.names = Object.keys(attempts);"#;
    let markup = world.markup().head(&format!("<script>{ways}</script>"));
    world.visit("/", &markup).await;
    let names = world.browser.js("window.names").await;
    let mut leaks = Vec::new();
    for name in names.as_array().unwrap() {
        world.open("/").await;
        world.forget();
        // Through an event, so that the driver's own script has left before the page is tampered with.
        let start =
            format!("setTimeout(() => attempt({name}).then(() => {{ document.title = 'done' }}))");
        world.browser.exec(start).await;
        let done = async || (world.browser.title().await == "done").then_some(());
        wait::until(format_args!("{name} is through"), done).await;
        world.open_bare().await;
        world.settle().await;
        leaks.extend(
            world
                .site
                .arrivals(TRACKER)
                .into_iter()
                .map(|arrival| arrival.path),
        );
    }
    assert_eq!(leaks, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn ready_is_told_to_those_who_come_late_too() {
    let world = World::new(Gpc::Absent).await;
    let listen = r#"<script>
        window.told = [];
        document.addEventListener("nosale:ready", event => told.push([event.type, document.readyState]));
        nosale.on("ready", () => told.push("on"));
        window.stop = nosale.on("change", () => told.push("change"));
      </script>"#;
    world.visit("/", &world.markup().head(listen)).await;
    let told = world.browser.until("told.length >= 2 && told").await;
    let told = told.as_array().unwrap();
    assert!(
        told.contains(&json!("on")) && told.contains(&json!(["nosale:ready", "interactive"])),
        "{told:?}"
    );
    assert_eq!(
        world
            .browser
            .js("(() => { let late = 0; nosale.on('ready', () => { late += 1 }); return late })()")
            .await,
        1
    );
    world
        .browser
        .exec("told.length = 0; nosale.optOut(['sale']); stop(); nosale.optOut(['sharing'])")
        .await;
    assert_eq!(
        world.browser.js("told").await,
        json!(["change"]),
        "once, then no longer"
    );
}
