//! Where WebAssembly is missing or refused, the same logic runs as plain JavaScript, from a file of its
//! own; until that is here, what scripts send to other sites waits.

use e2e::{Console, Gpc, Launch, Markup, PARTNER, Page, TRACKER, WWW, World};
use serde_json::{Value, json};

pub const FILE: &str = "/nosale.fallback.js";

pub const INERT: &str = r#"<script type="text/plain" data-purpose="sale"
    src="http://tracker.localhost:{port}/tag.js"></script>"#;

/// Without `'wasm-unsafe-eval'`.
const POLICY: &str = "script-src 'self' 'unsafe-inline' http://*.localhost:{port}";

/// True once the module has started.
pub const STARTED: &str = "nosale.status().purposes.sale.because !== 'starting'";

/// What takes WebAssembly away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum By {
    /// The browser has none.
    Browser,
    /// The page's policy forbids it.
    Policy,
}

impl By {
    pub async fn world(self, gpc: Gpc) -> World {
        World::with(Launch {
            gpc,
            plain: self == By::Browser,
            ..Launch::default()
        })
        .await
    }

    pub async fn visit(self, world: &World, path: &str, markup: &Markup) {
        match self {
            By::Browser => world.visit(path, markup).await,
            By::Policy => world.visit_under(POLICY, path, markup).await,
        }
    }
}

pub const BOTH: [By; 2] = [By::Browser, By::Policy];

/// Ways by which a page asks for something before the module has started; `at` gives an address.
pub fn early(host: &str) -> String {
    let at = format!("(way) => 'http://{host}:{{port}}/early/' + way");
    format!(
        "<script>(at => {{
           fetch(at('fetch'), {{ mode: 'no-cors' }}).catch(() => {{}});
           new Image().src = at('image');
           navigator.sendBeacon(at('beacon'), '');
           const request = new XMLHttpRequest();
           request.open('GET', at('xhr'));
           request.send();
           const script = document.createElement('script');
           script.src = at('script');
           document.head.append(script);
         }})({at})</script>"
    )
}

const EARLY: [&str; 5] = ["fetch", "image", "beacon", "xhr", "script"];

#[tokio::test(flavor = "multi_thread")]
async fn the_same_is_decided() {
    for by in BOTH {
        let world = by.world(Gpc::On).await;
        by.visit(&world, "/", &world.markup().body(INERT)).await;
        world.browser.until(STARTED).await;
        let status = world.status().await;
        assert_eq!(status["gate"]["engine"], "js", "{by:?}");
        assert_eq!(status["late"], Value::Null, "{by:?}");
        let denied = json!({ "allowed": false, "because": "gpc" });
        assert_eq!(status["purposes"]["sale"], denied);
        assert_eq!(world.ask(TRACKER).await, "TypeError");
        assert_eq!(world.ask(PARTNER).await, "sent");
        world.nothing_reached(TRACKER).await;
        world.dialog().open().await;

        let world = by.world(Gpc::Absent).await;
        by.visit(&world, "/", &world.markup().body(INERT)).await;
        world.reached(TRACKER, "/tag.js").await;
        world.dialog().open().await.press("opt-out-all").await;
        world
            .recorded("an opt-out", |record| record.choices == "ooooo")
            .await;
        world.collector.stored(1).await;
        assert_eq!(world.ask(TRACKER).await, "TypeError");
        world.forget();
        by.visit(&world, "/next", &world.markup().body(INERT)).await;
        world.browser.until(STARTED).await;
        world.nothing_reached(TRACKER).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_missing_source_is_named_once() {
    let world = World::new(Gpc::On).await;
    world.visit_under(POLICY, "/", &world.markup()).await;
    world.browser.until(STARTED).await;
    world.dialog().open().await;
    let console = world.browser.console().await;
    assert!(
        console.warns(&["nosale", "'wasm-unsafe-eval'", FILE]),
        "{console}"
    );
    let complaints = console.complaints();
    assert_eq!(complaints.len(), 1, "{console}");

    let policy = format!("{POLICY} 'wasm-unsafe-eval'");
    world.visit_under(&policy, "/with", &world.markup()).await;
    assert_eq!(world.status().await["gate"]["engine"], "wasm");
    let console = world.browser.console().await;
    assert_eq!(console.complaints().len(), 1, "{console}");
}

/// WebKit compiles and then refuses; Chromium before 115 refused more than 4 KB.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_an_engine_throws_selects_it() {
    let world = World::new(Gpc::On).await;
    for (path, refuse) in [
        (
            "/instance",
            "Instance = function () { throw new WebAssembly.CompileError('refused'); }",
        ),
        (
            "/module",
            "Module = function () { throw new RangeError('larger than 4KB'); }",
        ),
        ("/odd", "Module = undefined"),
    ] {
        let tag =
            format!(r#"<script>WebAssembly.{refuse};</script><script src="/nosale.js"></script>"#);
        world
            .visit(path, &world.markup().tag(&tag).body(INERT))
            .await;
        world.browser.until(STARTED).await;
        assert_eq!(world.status().await["gate"]["engine"], "js", "{path}");
        world.nothing_reached(TRACKER).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_still_sees_that_there_is_no_webassembly() {
    let world = By::Browser.world(Gpc::On).await;
    let look = "<script>window.seen = typeof WebAssembly;</script>";
    world.visit("/", &world.markup().head(look)).await;
    world.browser.until(STARTED).await;
    assert_eq!(
        world.browser.js("[seen, typeof WebAssembly]").await,
        json!(["undefined", "undefined"])
    );
}

/// While its file does not come: nothing leaves for other sites but what the config allows.
#[tokio::test(flavor = "multi_thread")]
async fn until_it_has_started_requests_to_other_sites_wait() {
    for by in BOTH {
        for gpc in [Gpc::Absent, Gpc::On] {
            let world = by.world(gpc).await;
            let hang = Page {
                hang: true,
                ..Page::default()
            };
            world.put(WWW, FILE, hang);
            let config = world.config_with(json!({ "gate": { "allow": [PARTNER] } }));
            let markup = Markup::new()
                .config(&config)
                .head(&early(TRACKER))
                .head(&early(PARTNER))
                .head(&early("api.publisher.localhost"))
                .body(INERT);
            by.visit(&world, "/", &markup).await;
            for way in EARLY {
                let path = format!("/early/{way}");
                world.reached(PARTNER, &path).await;
                world.reached("api.publisher.localhost", &path).await;
            }
            let asked = world.browser.js("nosale.allows('sale')").await;
            assert_eq!(asked, false, "{by:?}");
            world.nothing_reached(TRACKER).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_waited_goes_where_it_may() {
    for by in BOTH {
        let world = by.world(Gpc::On).await;
        let markup = world.markup().head(&early(TRACKER)).head(&early(PARTNER));
        by.visit(&world, "/", &markup).await;
        for way in EARLY {
            world.reached(PARTNER, &format!("/early/{way}")).await;
        }
        world.nothing_reached(TRACKER).await;

        let world = by.world(Gpc::Absent).await;
        by.visit(&world, "/", &markup).await;
        for way in EARLY {
            world.reached(TRACKER, &format!("/early/{way}")).await;
            let arrivals = world.arrivals(TRACKER, &format!("/early/{way}"));
            assert_eq!(arrivals.len(), 1, "{by:?}: {way}");
        }
    }
}

/// What the next script of a page may do, as it always could.
#[tokio::test(flavor = "multi_thread")]
async fn calls_before_it_has_started_are_not_lost() {
    let world = By::Browser.world(Gpc::Absent).await;
    let next = r#"<script>
        window.seen = [];
        const { optOut } = nosale;
        nosale.on("ready", (status) => seen.push(["ready", status.purposes.sale.because]));
        nosale.on("change", () => seen.push(["never"]))();
        document.addEventListener("nosale:ready", () => seen.push(["event"]));
        nosale.setContext({ jurisdiction: "US-CO" });
        window.before = {
          because: nosale.status().purposes.sale.because,
          permitted: ["sale", "profiling"].map(nosale.allows),
          addresses: ["/own", "http://tracker.localhost:{port}/"].map(nosale.allows),
          out: optOut("sale"),
          receipt: nosale.receipt(),
          audit: nosale.audit().status.gate.engine,
          version: nosale.version,
          frozen: Object.isFrozen(nosale),
        };
        try { optOut("sail"); } catch (error) { before.wrong = error.message; }
        nosale.optIn("sale").then((value) => seen.push(["in", value]), (error) => seen.push(["asked", error.message]));
      </script>"#;
    world
        .visit("/", &world.markup().head(next).body(INERT))
        .await;
    world.browser.until(STARTED).await;
    let status = world.status().await;
    assert_eq!(
        world.browser.js("before").await,
        json!({
            "because": "starting",
            "permitted": [false, false],
            "addresses": [true, false],
            "out": null,
            "receipt": null,
            "audit": "js",
            "version": status["version"],
            "frozen": true,
            "wrong": "nosale: no purpose \"sail\"",
        })
    );
    world.browser.until("seen.length >= 3").await;
    let seen = world.browser.js("seen").await;
    let seen: Vec<&Value> = seen.as_array().unwrap().iter().collect();
    assert!(seen.contains(&&json!(["ready", "choice"])), "{seen:?}");
    assert!(seen.contains(&&json!(["event"])), "{seen:?}");
    // The opt-out came first, and nobody has clicked anything since.
    assert!(seen.iter().any(|entry| entry[0] == "asked"), "{seen:?}");
    assert!(!seen.iter().any(|entry| entry[0] == "never"), "{seen:?}");
    assert_eq!(status["jurisdiction"], "US-CO");
    world
        .recorded("an opt-out", |record| record.choices == "o----")
        .await;
    let rows = world.collector.stored(1).await;
    assert_eq!(rows[0].event["data"]["kind"], "opt_out");
    world.nothing_reached(TRACKER).await;
    let kept = world
        .browser
        .js("localStorage.getItem('nosale.waiting')")
        .await;
    assert_eq!(kept, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_with_nonces_lets_it_load() {
    let world = World::new(Gpc::On).await;
    let tag = r#"<script src="/nosale.js" nonce="abc"></script>"#;
    for (path, policy) in [
        ("/nonce", "script-src 'nonce-abc'"),
        ("/strict-dynamic", "script-src 'nonce-abc' 'strict-dynamic'"),
    ] {
        let markup = world.markup().tag(tag).body(INERT);
        world.visit_under(policy, path, &markup).await;
        world.browser.until(STARTED).await;
        assert_eq!(world.status().await["gate"]["engine"], "js", "{path}");
        world.nothing_reached(TRACKER).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_asker_without_a_stub_is_answered_later() {
    let world = By::Browser.world(Gpc::On).await;
    let ask = r#"<script>
        window.told = [];
        __gpp("ping", (ping) => told.push(ping.cmpStatus));
        __gpp("addEventListener", (event) => {
          told.push([event.eventName, event.pingData.cmpStatus, event.eventName === "signalStatus" && nosale.status().gpp]);
        });
        __gpp("addEventListener", () => told.push("gone"));
        __gpp("removeEventListener", () => {}, 2);
        __gpp("getField", (value) => told.push(["field", value]), "usca.SaleOptOut");
        __uspapi("getUSPData", 1, (data) => told.push(data.uspString));
      </script>"#;
    world.visit("/", &world.markup().head(ask)).await;
    world
        .browser
        .until("told.some(([event]) => event === 'signalStatus') && told.includes('1YYN')")
        .await;
    let gpp = world.status().await["gpp"].take();
    assert_eq!(
        world.browser.js("told").await,
        json!([
            "stub",
            ["listenerRegistered", "stub", false],
            "gone",
            "1YYN",
            ["field", 1],
            ["cmpStatus", "loaded", false],
            ["signalStatus", "loaded", gpp],
        ])
    );
    // Where no law applies and nobody asks, nothing is there, as with WebAssembly.
    let bare = world.config_with(json!({ "jurisdiction": "none" }));
    world.visit("/none", &Markup::new().config(&bare)).await;
    world.browser.until(STARTED).await;
    let plain = world.browser.js("[typeof __gpp, typeof __uspapi]").await;
    let wasm = World::new(Gpc::On).await;
    wasm.visit("/none", &Markup::new().config(&bare)).await;
    assert_eq!(
        plain,
        wasm.browser.js("[typeof __gpp, typeof __uspapi]").await
    );
}

/// A tag that has been given commands before nosale could restrict it would carry them out unrestricted.
#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_would_be_told_too_late_is_blocked() {
    let world = By::Browser.world(Gpc::On).await;
    let vendor = json!({ "name": "google_tag_manager", "rules": [TRACKER], "mode": "signal" });
    let config = world.config_with(json!({ "vendors": [vendor] }));
    let begun = r#"<script>
        window.dataLayer = [["js", new Date()], ["config", "G-1"]];
        const tag = document.createElement("script");
        tag.src = "http://tracker.localhost:{port}/gtag.js";
        document.head.append(tag);
      </script>"#;
    for (path, head) in [("/begun", begun), ("/later", "")] {
        world
            .visit(path, &Markup::new().config(&config).head(head))
            .await;
        world.browser.until(STARTED).await;
        // The second is the catalogue's.
        for address in [
            format!("http://{TRACKER}/gtag.js"),
            "https://www.google-analytics.com/collect".to_owned(),
        ] {
            let allowed = format!("nosale.allows('{address}')");
            assert_eq!(
                world.browser.js(allowed).await,
                head.is_empty(),
                "{path}: {address}"
            );
        }
        world.nothing_reached(TRACKER).await;
    }
}

/// A trap in what the browser calls ends as one of WebAssembly's does: the tags that are held stay so.
#[tokio::test(flavor = "multi_thread")]
async fn a_module_that_fails_says_so() {
    let world = By::Browser.world(Gpc::On).await;
    world.visit("/", &world.markup().body(INERT)).await;
    world.browser.until(STARTED).await;
    let thrown = "setTimeout(() => dispatchEvent(new ErrorEvent('error', {
        error: new Error('abort'),
        filename: performance.getEntriesByType('resource').map(({ name }) => name).find((name) => name.includes('fallback')),
      })))";
    world.browser.exec(thrown).await;
    let failed = |console: &Console| console.errs(&["nosale", "the module has failed"]);
    world.browser.said("that it failed", failed).await;
    world.nothing_reached(TRACKER).await;
}
