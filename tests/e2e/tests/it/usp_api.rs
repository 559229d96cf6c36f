//! `__uspapi`, and the cookie that some tags read in its place.

use e2e::{Gpc, Markup, SHOP, World};
use serde_json::{Value, json};

/// Calls `__uspapi`, and gives what the callback had been called with when the call returned.
const ASK: &str = r#"<script>
  window.late = 0;
  function ask(command, ...version) {
    const answers = [];
    let returned = false;
    __uspapi(command, ...version, (...answer) => { if (returned) late += 1; answers.push(answer); });
    returned = true;
    return [...answers];
  }
</script>"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_string_is_given_once_and_at_once() {
    let world = World::new(Gpc::Absent).await;
    let next = r#"<script>
        window.first = ask("getUSPData", 1);
        const data = ask("getUSPData", 1)[0][0];
        window.plain = Object.getPrototypeOf(data) === Object.prototype && !Object.isFrozen(data);
        data.uspString = "spoilt";
      </script>"#;
    world.visit("/", &world.markup().head(ASK).head(next)).await;
    let answer = |usp: &str| json!([[{ "version": 1, "uspString": usp }, true]]);
    assert_eq!(world.browser.js("first").await, answer("1YNN"));
    assert_eq!(world.browser.js("plain").await, true);
    let given = async || world.browser.js("ask('getUSPData', 1)").await;
    assert_eq!(
        given().await,
        answer("1YNN"),
        "what it gives is the caller's own"
    );
    assert_eq!(world.status().await["usp"], "1YNN");

    let chosen = "(nosale.optOut(['sale']), ask('getUSPData', 1))";
    assert_eq!(world.browser.js(chosen).await, answer("1YYN"));
    for (jurisdiction, usp) in [("US-CO", "1---"), ("US", "1YYN"), ("none", "1---")] {
        let context = format!("nosale.setContext({{ jurisdiction: '{jurisdiction}' }})");
        world.browser.exec(context).await;
        assert_eq!(given().await, answer(usp), "{jurisdiction}");
        assert_eq!(world.status().await["usp"], usp, "{jurisdiction}");
    }
    world.settle().await;
    assert_eq!(world.browser.js("late").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_wrongly_is_refused_without_harm() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup().head(ASK)).await;
    for call in [
        "'getUSPData', 2",
        "'getUSPData', 0",
        "'getUSPData', 'one'",
        "'getUSPData', {}",
        "'getUSPdata', 1",
        "'ping', 1",
        "'constructor', 1",
        "'', 1",
        "7, 1",
        "null, 1",
        "{}, 1",
    ] {
        let answers = world.browser.js(format!("ask({call})")).await;
        assert_eq!(answers, json!([[null, false]]), "__uspapi({call})");
    }

    // The order of `__gpp`, and callbacks that are none.
    let harmless = "(() => {
        let called = 0;
        __uspapi('getUSPData', () => { called += 1 }, 1);
        __uspapi('getUSPData', () => { called += 1 });
        for (const callback of [undefined, null, 'text', 7, {}])
          for (const command of ['getUSPData', 'ping', 'registerDeletion', 'performDeletion'])
            __uspapi(command, 1, callback);
        __uspapi('getUSPData');
        return called;
      })()";
    assert_eq!(world.browser.js(harmless).await, 0);
    let given = world.browser.js("ask('getUSPData', 1)").await;
    assert_eq!(
        given,
        json!([[{ "version": 1, "uspString": "1YYN" }, true]])
    );
    let console = world.browser.console().await;
    assert_eq!(console.complaints(), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_ordered_to_delete() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup().head(ASK)).await;
    let deletion = "(() => {
        window.deleted = [];
        const returned = [1, 2, '1', undefined].flatMap(version => [
          typeof __uspapi('registerDeletion', version, (...order) => deleted.push(order)),
          typeof __uspapi('performDeletion', version, null, ['an-id']),
          typeof __uspapi('performDeletion', version, (...order) => deleted.push(order), ['an-id']),
        ]);
        nosale.optOut();
        return returned;
      })()";
    assert_eq!(
        world.browser.js(deletion).await,
        json!(vec!["undefined"; 12])
    );
    world.settle().await;
    assert_eq!(
        world.browser.js("deleted").await,
        json!([]),
        "a call is an order"
    );
    let console = world.browser.console().await;
    assert_eq!(
        console.complaints(),
        Vec::<&str>::new(),
        "it is taken silently"
    );
}

async fn cookie(world: &World) -> Option<String> {
    let cookie = world.browser.cookie("usprivacy").await;
    cookie.map(|cookie| cookie.value().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_kept_in_step_on_both_subdomains() {
    let world = World::new(Gpc::Absent).await;
    let config = world.config_with(json!({ "gpp": { "uspCookie": true } }));
    let markup = Markup::new().config(&config);
    world.visit("/", &markup).await;
    let stored = world.browser.cookie("usprivacy").await.expect("a cookie");
    assert_eq!(stored.value(), "1YNN");
    assert_eq!(stored.path(), Some("/"));
    let domain = stored.domain().map(|domain| domain.trim_start_matches('.'));
    assert_eq!(domain, Some("publisher.localhost"));
    let same_site = stored.same_site().map(|same| same.to_string());
    assert_eq!(same_site.as_deref(), Some("Lax"));
    assert_ne!(stored.http_only(), Some(true), "tags read it");

    let text = "(nosale.optOut(['sale']), document.cookie)";
    let text = world.browser.js(text).await;
    let text = text.as_str().unwrap();
    assert!(text.contains("usprivacy=1YYN"), "in step on return: {text}");
    assert_eq!(text.matches("usprivacy=").count(), 1, "{text}");

    // What another script writes into it does not outlast the next choice.
    let theirs =
        "document.cookie = 'usprivacy=1YNN; Domain=publisher.localhost; Path=/; Max-Age=3600'";
    world.browser.exec(theirs).await;
    world.browser.exec("nosale.optOut(['sale'])").await;
    assert_eq!(cookie(&world).await.as_deref(), Some("1YYN"));

    // The other subdomain sees the same cookie, and keeps it in step as well.
    world.page_on(SHOP, "/bare", &Markup::new().tag(""));
    world.browser.goto(world.site.url(SHOP, "/bare")).await;
    assert_eq!(cookie(&world).await.as_deref(), Some("1YYN"));
    world.page_on(SHOP, "/", &markup);
    world.browser.goto(world.site.url(SHOP, "/")).await;
    assert_eq!(cookie(&world).await.as_deref(), Some("1YYN"));
    let moved = "nosale.setContext({ jurisdiction: 'US-CO' })";
    world.browser.exec(moved).await;
    assert_eq!(cookie(&world).await.as_deref(), Some("1---"));
    world.open("/").await;
    assert_eq!(
        cookie(&world).await.as_deref(),
        Some("1YYN"),
        "by this page's law"
    );
    let cookies = world.browser.cookies().await;
    let count = cookies.iter().filter(|cookie| cookie.name() == "usprivacy");
    assert_eq!(count.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_setting_the_cookie_is_not_touched() {
    let world = World::new(Gpc::On).await;
    world.page("/", &world.markup());
    world.open("/").await;
    world.browser.exec("nosale.optOut()").await;
    assert_eq!(cookie(&world).await, None);
    let others = "document.cookie = 'usprivacy=1NNN; Path=/; Max-Age=3600'";
    world.browser.exec(others).await;
    world.open("/").await;
    world.browser.exec("nosale.optOut()").await;
    assert_eq!(
        cookie(&world).await.as_deref(),
        Some("1NNN"),
        "another tool's"
    );
    assert_eq!(world.status().await["usp"], "1YYN");
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_kept_by_a_stub_are_answered_in_order() {
    let world = World::new(Gpc::On).await;
    let stubs = [
        "window.__uspapi = function () { (__uspapi.a = __uspapi.a || []).push(arguments); }",
        "window.__uspapi = function () { (__uspapi.queue = __uspapi.queue || []).push([].slice.call(arguments)); }",
        "{ const kept = []; window.__uspapi = function (...call) { if (!call.length) return kept; kept.push(call); }; }",
    ];
    let calls = r#"
        window.told = [];
        const note = name => (data, success) => told.push([name, data && data.uspString, success]);
        __uspapi("getUSPData", 1, note("one"));
        __uspapi("registerDeletion", 1, note("deletion"));
        __uspapi("getUSPData", 2, note("two"));
        __uspapi("getUSPData", 1, () => { throw new Error("boom of a kept call"); });
        __uspapi("getUSPData", 1, note("three"));"#;
    let next =
        "<script>window.early = [...told]; __uspapi('getUSPData', 1, note('next'));</script>";
    let expected = json!([
        ["one", "1YYN", true],
        ["two", null, false],
        ["three", "1YYN", true]
    ]);
    for (number, stub) in stubs.into_iter().enumerate() {
        let tag = format!(r#"<script>{stub}{calls}</script><script src="/nosale.js"></script>"#);
        let markup = world.markup().tag(&tag).head(next);
        world.visit(&format!("/{number}"), &markup).await;
        assert_eq!(world.browser.js("early").await, expected, "{stub}");
        let last = world.browser.js("told").await;
        assert_eq!(last[3], json!(["next", "1YYN", true]), "{stub}");
        world.settle().await;
        let last = world.browser.js("told.length").await;
        assert_eq!(last, 4, "nobody is called twice: {stub}");
    }
    let console = world.browser.console().await;
    assert!(console.says(&["boom of a kept call"]), "{console}");
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_calls_of_a_stub_are_skipped_with_a_warning() {
    let world = World::new(Gpc::On).await;
    // What the stub holds, and who is answered.
    let cases: [(&str, Value); 5] = [
        (
            r#"const hostile = () => { throw new Error("hostile"); };
               __uspapi.a = [null, 7, "text", {}, [], [null], [7], undefined, Symbol("odd"),
                 Object.defineProperty([1, 2], 0, { get: hostile }),
                 new Proxy([], { get: hostile, has: hostile }),
                 ["getUSPData", 1, note("one")], ["getUSPData", 1, "no function"], ["getUSPData", note("order")],
                 ["getUSPData", 1, note("two")]];"#,
            json!(["one", "two"]),
        ),
        ("__uspapi.a = 7;", json!([])),
        ("__uspapi.queue = { length: 1e15 };", json!([])),
        (
            "Object.defineProperty(__uspapi, 'a', { get() { throw new Error('hostile') } });",
            json!([]),
        ),
        (
            "__uspapi.a = []; __uspapi.a.length = 4294967295;",
            json!([]),
        ),
    ];
    let mut wrong = Vec::new();
    for (number, (statements, names)) in cases.into_iter().enumerate() {
        let before = world.browser.console().await.complaints().len();
        let tag = format!(
            r#"<script>
                 window.told = [];
                 const note = name => data => told.push(name);
                 window.__uspapi = function () {{}};
                 {statements}
               </script><script src="/nosale.js"></script>"#
        );
        let path = format!("/{number}");
        world
            .visit(&path, &world.markup().tag(&tag).head(ASK))
            .await;
        assert_eq!(world.browser.js("told").await, names, "{statements}");
        let given = world
            .browser
            .js("ask('getUSPData', 1)[0][0].uspString")
            .await;
        assert_eq!(given, "1YYN", "{statements}");
        assert_eq!(world.status().await["purposes"]["sale"]["because"], "gpc");
        let console = world.browser.console().await;
        let complaints = &console.complaints()[before..];
        let about = complaints.iter().filter(|line| line.contains("__uspapi"));
        let count = about.count();
        // Enough to find the fault, and not a console full of it.
        if !(1..=20).contains(&count) {
            wrong.push(format!("{statements}: {count} warnings"));
        }
        assert!(!console.errs(&["nosale"]), "{statements}: {console}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
