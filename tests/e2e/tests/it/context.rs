//! What the page learns late, and pages that are shown again or before their time.

use e2e::{Gpc, Markup, PARTNER, Page, TRACKER, WWW, World};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn the_jurisdiction_may_come_late() {
    let world = World::new(Gpc::Absent).await;
    let config = world.config_with(json!({ "jurisdiction": null }));
    world.visit("/", &Markup::new().config(&config)).await;
    let status = world.status().await;
    assert_eq!(
        status["jurisdiction"], "US",
        "the national approach until something is known"
    );
    // Sensitive data needs an opt-in in the strictest of the states.
    assert_eq!(
        status["purposes"]["sensitive_data"],
        json!({ "allowed": false, "because": "opt_in_law" })
    );

    world
        .browser
        .exec("nosale.setContext({ jurisdiction: 'US-CA' })")
        .await;
    let status = world.status().await;
    assert_eq!(status["jurisdiction"], "US-CA");
    assert_eq!(
        status["purposes"]["sensitive_data"]["allowed"], true,
        "an opt-out state"
    );

    world
        .browser
        .exec("nosale.optOut(['sale']); nosale.setContext({ jurisdiction: 'none' })")
        .await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "choice" })
    );
    let rows = world.collector.stored(1).await;
    assert_eq!(rows[0].event["data"]["jurisdiction"], "US-CA");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_jurisdiction_may_come_with_the_page() {
    let world = World::new(Gpc::Absent).await;
    let geo = vec![(
        "Server-Timing".to_owned(),
        "nosale-geo;desc=\"US-CO\"".to_owned(),
    )];
    let serve = |path: &str, config: Value| {
        let body = Markup::new().config(&config).to_string();
        world.put(
            WWW,
            path,
            Page {
                headers: geo.clone(),
                ..Page::html(body)
            },
        );
    };
    serve("/", world.config_with(json!({ "jurisdiction": null })));
    world.open("/").await;
    assert_eq!(world.status().await["jurisdiction"], "US-CO");

    serve(
        "/config",
        world.config_with(json!({ "jurisdiction": "US-VA" })),
    );
    world.open("/config").await;
    assert_eq!(
        world.status().await["jurisdiction"],
        "US-VA",
        "the config wins"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_jurisdiction_from_the_server_is_the_national_one() {
    let world = World::new(Gpc::Absent).await;
    let body = Markup::new().config(&world.config_with(json!({ "jurisdiction": null })));
    let headers = vec![(
        "Server-Timing".to_owned(),
        "nosale-geo;desc=\"XX-99\"".to_owned(),
    )];
    world.put(
        WWW,
        "/",
        Page {
            headers,
            ..Page::html(body.to_string())
        },
    );
    world.open("/").await;
    assert_eq!(world.status().await["jurisdiction"], "US");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_opted_out_is_stored() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    world
        .browser
        .exec("nosale.setContext({ account: { id: 'reader-7', optedOut: true } })")
        .await;
    for purpose in ["sale", "sharing", "targeted_advertising"] {
        let decision = world.decision(purpose).await;
        assert_eq!(
            decision,
            json!({ "allowed": false, "because": "account" }),
            "{purpose}"
        );
    }
    assert_eq!(world.ask(TRACKER).await, "TypeError");
    world
        .recorded("the account's opt-out", |record| {
            record.account.starts_with("ooo")
        })
        .await;
    let stored = world.cookie().await.unwrap();
    assert!(
        !stored.contains("reader-7"),
        "no identifier, ever: {stored}"
    );
    let rows = world.collector.stored(1).await;
    assert_eq!(rows[0].event["data"]["how"], "account");
    assert_eq!(rows[0].event["data"]["account"], "reader-7");

    // A page that knows nothing of the account, and one that says it is not opted out.
    world.browser.reload().await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "account" })
    );
    for context in [
        "{}",
        "{ account: {} }",
        "{ account: { id: 'reader-7', optedOut: false } }",
    ] {
        world
            .browser
            .exec(format!("nosale.setContext({context})"))
            .await;
        let decision = world.decision("sale").await;
        assert_eq!(decision["allowed"], false, "{context} lifts nothing");
    }
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_in_the_config_is_honoured() {
    let world = World::new(Gpc::Absent).await;
    let config = world.config_with(json!({ "account": { "optOut": ["sale"] } }));
    world.visit("/", &Markup::new().config(&config)).await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "account" })
    );
    assert_eq!(
        world.decision("targeted_advertising").await["allowed"],
        true
    );
    assert_eq!(world.ask(TRACKER).await, "TypeError", "it sells and shares");
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_child_is_opted_out() {
    let world = World::new(Gpc::Absent).await;
    world.page("/", &world.markup());
    let config = world.config_with(json!({ "age": "13to15" }));
    world.page("/config", &Markup::new().config(&config));
    for (path, statement) in [
        ("/", "nosale.setContext({ ageBand: 'under13' })"),
        ("/", "nosale.setContext({ age: '13to15' })"),
        ("/config", ""),
    ] {
        world.open(path).await;
        world.browser.exec(statement).await;
        let decision = world.decision("sale").await;
        assert_eq!(
            decision,
            json!({ "allowed": false, "because": "child" }),
            "{path} {statement}"
        );
        assert_eq!(world.ask(TRACKER).await, "TypeError", "{path} {statement}");

        // What is absent is no news.
        world.browser.exec("nosale.setContext({})").await;
        assert_eq!(
            world.decision("sale").await["allowed"],
            false,
            "{path} {statement}"
        );
    }
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_from_the_back_forward_cache_decides_again() {
    let world = World::new(Gpc::Absent).await;
    // What the demo's server says of all its pages, `no-store`, keeps them out of this cache.
    let headers = vec![("Cache-Control".to_owned(), "no-cache".to_owned())];
    let page = Page {
        headers,
        ..Page::html(world.markup().to_string())
    };
    world.put(WWW, "/", page);
    world.page("/choose", &world.markup());
    world.open("/").await;
    world.browser.exec("window.kept = true").await;
    assert_eq!(world.decision("sale").await["allowed"], true);

    world.open("/choose").await;
    world.browser.exec("nosale.optOut()").await;
    world.browser.exec("history.back()").await;
    world.browser.until("location.pathname === '/'").await;
    assert_eq!(
        world.browser.js("window.kept ?? null").await,
        true,
        "the page itself came back"
    );
    world.browser.until("!nosale.allows('sale')").await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "choice" })
    );
    assert_eq!(world.ask(TRACKER).await, "TypeError");
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prerendered_page_reports_nothing_before_it_is_shown() {
    let world = World::new(Gpc::On).await;
    let told = r#"<script>fetch("http://partner.localhost:{port}/prerendered", { mode: "no-cors" });</script>"#;
    world.page("/next", &world.markup().body(told));
    let front = Markup::new().tag("").body(
        r#"<script type="speculationrules">
             { "prerender": [{ "urls": ["/next"], "eagerness": "immediate" }] }
           </script>
           <a id="next" href="/next">On</a>"#,
    );
    world.visit("/front", &front).await;

    // The page ran, out of sight.
    world.reached(PARTNER, "/prerendered").await;
    world.settle().await;
    assert!(
        world.collector.rows().is_empty(),
        "it reported before it was shown"
    );

    world.browser.click("document.querySelector('#next')").await;
    world.browser.until("location.pathname === '/next'").await;
    let shown = "performance.getEntriesByType('navigation')[0].activationStart";
    assert!(
        world.browser.js(shown).await.as_f64().unwrap() > 0.0,
        "it was prerendered"
    );
    let rows = world.collector.stored(1).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].kind(), "nosale.signal");
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "gpc" })
    );
}
