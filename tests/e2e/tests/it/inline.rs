//! The inline snippet: nothing leaves before nosale.js has decided, and nothing that is permitted is lost.

use e2e::{
    Gpc, Markup, OPTED_IN, OPTED_OUT, PARTNER, Page, TRACKER, WWW, World, inline_snippet, wait,
};
use serde_json::{Value, json};

use crate::fallback::{BOTH, STARTED};

/// Asks for the module, last of all that a page does.
const MODULE: &str = r#"const late = document.createElement("script");
    late.src = "/nosale.js";
    document.head.append(late);"#;

/// Tries to reach both third parties by what most tags use.
const TAGS: &str = r#"for (const host of ["tracker", "partner"]) {
      const origin = `http://${host}.localhost:{port}`;
      const script = document.createElement("script");
      script.src = `${origin}/script.js`;
      document.head.append(script);
      new Image().src = `${origin}/image`;
      fetch(`${origin}/fetch`, { mode: "no-cors" }).catch(() => {});
      navigator.sendBeacon(`${origin}/beacon`, "x");
      const request = new XMLHttpRequest();
      request.open("GET", `${origin}/request`);
      request.setRequestHeader("Accept", "application/json");
      request.send();
      const box = document.createElement("div");
      document.documentElement.append(box);
      box.innerHTML = `<p><img src="${origin}/markup" alt=""></p>`;
    }
    window.early = nosale.allows("sale");"#;

/// Where those arrive.
const PATHS: [&str; 6] = [
    "/script.js",
    "/image",
    "/fetch",
    "/beacon",
    "/request",
    "/markup",
];

/// A page with the snippet; `script` runs after it, from a file of its own, and then asks for the module.
fn page(world: &World, script: &str) -> Markup {
    page_with(world, &format!("{script}\n{MODULE}"))
}

/// The same without the module.
fn page_with(world: &World, script: &str) -> Markup {
    world.put(WWW, "/page.js", Page::script(script));
    let tag = format!("<script>{}</script>", inline_snippet());
    world
        .markup()
        .tag(&tag)
        .body(r#"<script src="/page.js"></script>"#)
}

async fn taken_over(world: &World) {
    world.browser.until("window.nosale?.status?.()").await;
}

async fn all_arrive(world: &World, host: &str) {
    for path in PATHS {
        world.reached(host, path).await;
    }
}

/// Asserts that only what is permitted has left, after a page with [`TAGS`].
async fn only_permitted_arrives(world: &World) {
    taken_over(world).await;
    all_arrive(world, PARTNER).await;
    world.nothing_reached(TRACKER).await;
}

/// Asserts, from another page, that nothing of [`TAGS`] has left.
async fn nothing_left(world: &World) {
    world.open_bare().await;
    world.settle().await;
    for host in [TRACKER, PARTNER] {
        for path in PATHS {
            assert!(world.arrivals(host, path).is_empty(), "{host}{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_denied_never_leaves_and_the_rest_leaves_late() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &page(&world, TAGS)).await;
    assert_eq!(world.browser.js("early").await, false);
    only_permitted_arrives(&world).await;
    let accept = world.reached(PARTNER, "/request").await;
    assert_eq!(accept.header("accept"), Some("application/json"));
    assert_eq!(world.status().await["late"], Value::Null);
    let console = world.browser.console().await;
    assert_eq!(console.complaints(), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_without_webassembly() {
    for by in BOTH {
        let world = by.world(Gpc::On).await;
        by.visit(&world, "/", &page(&world, TAGS)).await;
        taken_over(&world).await;
        world.browser.until(STARTED).await;
        assert_eq!(world.status().await["gate"]["engine"], "js", "{by:?}");
        only_permitted_arrives(&world).await;
    }
}

/// A tag that was given commands before the module came would carry them out unrestricted.
#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_would_be_told_too_late_is_blocked() {
    let world = World::new(Gpc::On).await;
    for (begun, allowed) in [
        (r#"window.dataLayer = [["config", "G-1"]];"#, false),
        ("", true),
    ] {
        world.visit("/", &page(&world, begun)).await;
        taken_over(&world).await;
        let analytics = "nosale.allows('https://www.google-analytics.com/collect')";
        assert_eq!(world.browser.js(analytics).await, allowed, "{begun}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_opt_out_is_kept() {
    let world = World::new(Gpc::Absent).await;
    world.store(OPTED_OUT).await;
    world.visit("/", &page(&world, TAGS)).await;
    assert_eq!(world.browser.js("early").await, false);
    only_permitted_arrives(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_nothing_denied_all_leaves_after_the_decision() {
    let world = World::new(Gpc::Absent).await;
    let held =
        r#"window.waiting = !nosale.status && !document.querySelector("script[src*=tracker]");"#;
    world
        .visit("/", &page(&world, &format!("{TAGS}{held}")))
        .await;
    // The module has not decided yet.
    assert_eq!(
        world.browser.js("[early, waiting]").await,
        json!([null, true])
    );
    taken_over(&world).await;
    all_arrive(&world, TRACKER).await;
    all_arrive(&world, PARTNER).await;
    assert_eq!(world.browser.js("nosale.allows('sale')").await, true);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_record_with_more_than_opt_ins_denies_at_once() {
    let world = World::new(Gpc::Absent).await;
    let unsaid = "1.0.-----.0.US.-.-";
    for (record, early) in [
        (OPTED_IN, json!(null)),
        (unsaid, json!(null)),
        ("1.1750000000.c-i--.1.US-CA.-.-", json!(null)),
        ("1.1750000000.ccccO.1.US-CA.-.-", json!(false)),
        ("1.1750000000.----o.1.US-CA.-.-", json!(false)),
        ("1.1750000000.ccccc.1.US-CA.1760000000e.-", json!(false)),
        ("1.0.-----.0.US.1760000000.-", json!(false)),
        ("1.1750000000.ccccc.1.US-CA.-.oo---", json!(false)),
        ("2.anything", json!(false)),
        ("broken", json!(false)),
    ] {
        world.store(record).await;
        let ask = r#"window.early = nosale.allows("sale");"#;
        world.visit("/", &page_with(&world, ask)).await;
        assert_eq!(world.browser.js("early").await, early, "{record}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_read_once_somebody_asks() {
    let world = World::new(Gpc::Absent).await;
    let count = r#"window.reads = 0;
        const { get } = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
        Object.defineProperty(Document.prototype, "cookie", { get() { reads += 1; return get.call(this); } });"#;
    let tag = format!(
        "<script>{count}</script><script>{}</script>",
        inline_snippet()
    );
    let script = r#"window.early = [reads, nosale.allows("sale"), reads];"#;
    world.visit("/", &page_with(&world, script).tag(&tag)).await;
    assert_eq!(world.browser.js("early").await, json!([0, null, 1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_module_what_may_leave_leaves_once_the_page_is_there() {
    let world = World::new(Gpc::Absent).await;
    let missing = MODULE.replace("/nosale.js", "/missing.js");
    world
        .visit("/", &page_with(&world, &format!("{TAGS}\n{missing}")))
        .await;
    all_arrive(&world, TRACKER).await;
    all_arrive(&world, PARTNER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_module_what_is_denied_stays() {
    let world = World::new(Gpc::On).await;
    let missing = MODULE.replace("/nosale.js", "/missing.js");
    let script = format!("{TAGS}\n{missing}\nfetch('/own').then(() => {{ window.own = true; }});");
    world.visit("/", &page_with(&world, &script)).await;
    // The page's own site is not held.
    world.browser.until("window.own").await;
    nothing_left(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn under_a_policy_by_a_nonce_and_by_a_hash() {
    let world = World::new(Gpc::On).await;
    let markup = page(&world, TAGS);
    let with_nonce = page(&world, TAGS).tag(&format!(
        "<script nonce=\"n0nce\">{}</script>",
        inline_snippet()
    ));
    let manifest = world.site.url(WWW, "/manifest.json");
    world.open_bare().await;
    let manifest = world
        .browser
        .js(format!(
            "fetch({}).then(answer => answer.json())",
            json!(manifest)
        ))
        .await;
    let hash = manifest["files"]["nosale.inline.js"]["script_src"]
        .as_str()
        .unwrap();
    for (source, markup) in [("'nonce-n0nce'", &with_nonce), (hash, &markup)] {
        let policy = format!(
            "script-src 'self' 'wasm-unsafe-eval' http://partner.localhost:{{port}} {source}"
        );
        world.forget();
        world.visit_under(&policy, "/", markup).await;
        assert_eq!(world.browser.js("early").await, false, "{source}");
        only_permitted_arrives(&world).await;
    }
    // Without its source the policy stops the snippet, so that the page's script fails.
    let policy = "script-src 'self' 'wasm-unsafe-eval'";
    world.visit_under(policy, "/", &markup).await;
    assert_eq!(world.browser.js("window.early === undefined").await, true);
}

#[tokio::test(flavor = "multi_thread")]
async fn trusted_types_stay_what_they_are() {
    let world = World::new(Gpc::On).await;
    let script = r#"const same = text => text;
        const policy = trustedTypes.createPolicy("page", { createHTML: same, createScriptURL: same });
        for (const host of ["tracker", "partner"]) {
          const script = document.createElement("script");
          script.src = policy.createScriptURL(`http://${host}.localhost:{port}/script.js`);
          document.head.append(script);
        }
        const box = document.createElement("div");
        box.innerHTML = policy.createHTML("<p><a href='http://partner.localhost:{port}/link'>x</a>");
        window.links = box.querySelectorAll("a").length;"#;
    let script = format!(
        "{script}\n{}",
        MODULE.replace(r#""/nosale.js""#, r#"policy.createScriptURL("/nosale.js")"#)
    );
    let policy = "require-trusted-types-for 'script'; trusted-types page";
    world
        .visit_under(policy, "/", &page_with(&world, &script))
        .await;
    taken_over(&world).await;
    assert_eq!(world.browser.js("links").await, 1);
    world.reached(PARTNER, "/script.js").await;
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_overtakes_what_is_held() {
    let world = World::new(Gpc::On).await;
    let script = r#"const image = new Image();
        image.src = "http://partner.localhost:{port}/first";
        image.src = "/own.gif";
        window.image = image;
        window.order = [];
        const tell = name => () => order.push(name);
        fetch("http://partner.localhost:{port}/a").then(tell("a"), tell("a"));
        Promise.resolve().then(tell("b"));"#;
    world.visit("/", &page(&world, script)).await;
    taken_over(&world).await;
    let own = world.url("/own.gif");
    world
        .browser
        .until(format!("image.src === {}", json!(own)))
        .await;
    let order = world.browser.until("order.length === 2 && order").await;
    assert_eq!(order, json!(["b", "a"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn markup_is_there_at_once_but_for_what_loads() {
    let world = World::new(Gpc::On).await;
    let script = r#"const box = document.createElement("div");
        const third = "http://partner.localhost:{port}";
        box.innerHTML = `<p><img src="${third}/a.gif" alt="x"><a href="${third}/link">x</a><img src="/own.gif"></p>`;
        document.documentElement.append(box);
        const template = document.createElement("template");
        template.innerHTML = `<img src="${third}/b.gif">`;
        const part = document.createElement("p");
        box.append(part);
        part.outerHTML = `<p><img id="outer" src="${third}/c.gif"></p>`;
        box.insertAdjacentHTML("afterend", `<i><img src="${third}/d.gif"></i>`);
        window.box = box;
        window.template = template;
        window.early = {
          children: box.querySelectorAll("img, a").length,
          link: box.querySelector("a").href,
          held: box.querySelector("img").src,
          own: box.querySelectorAll("img")[1].src,
        };"#;
    world.visit("/", &page(&world, script)).await;
    let third = world.site.url(PARTNER, "");
    let third = third.trim_end_matches('/');
    let early = world.browser.js("early").await;
    let expected = json!({
        "children": 4,
        "link": format!("{third}/link"),
        "held": "",
        "own": world.url("/own.gif"),
    });
    assert_eq!(early, expected);
    taken_over(&world).await;
    for path in ["/a.gif", "/c.gif", "/d.gif"] {
        world.reached(PARTNER, path).await;
    }
    // As if it had been so from the beginning, for what is cloned later too.
    let left = world
        .browser
        .js("[box.innerHTML, template.innerHTML].join('').includes('data-')")
        .await;
    assert_eq!(left, false);
    let source = world
        .browser
        .js("template.content.firstChild.getAttribute('src')")
        .await;
    assert_eq!(source, format!("{third}/b.gif"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_page_writes_comes_late_and_in_its_place() {
    let world = World::new(Gpc::On).await;
    let script = r#"for (const host of ["tracker", "partner"])
          document.write(`<b><script src="http://${host}.localhost:{port}/written.js"></` + `script></b>`);"#;
    world.visit("/", &page(&world, script)).await;
    taken_over(&world).await;
    world.reached(PARTNER, "/written.js").await;
    let places = world
        .browser
        .js("document.querySelectorAll('main b > script').length")
        .await;
    assert_eq!(places, 2);
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browsers_own_functions_are_back() {
    // With nothing denied nosale wraps nothing itself.
    let world = World::new(Gpc::Absent).await;
    let look = r#"window.look = () => {
          const found = (owner, name) => Object.getOwnPropertyDescriptor(owner, name);
          return [
            [window, "fetch"], [Navigator.prototype, "sendBeacon"], [Element.prototype, "innerHTML"],
            [Element.prototype, "setAttribute"], [HTMLImageElement.prototype, "src"], [XMLHttpRequest.prototype, "open"],
            [Document.prototype, "write"], [HTMLIFrameElement.prototype, "srcdoc"],
          ].map(([owner, name]) => {
            const { get, set, value, ...rest } = found(owner, name);
            return [get, set, value, JSON.stringify(rest), ...[set, value].map(made => made && [made.name, made.length, `${made}`].join())];
          });
        };
        window.before = look();"#;
    let script = "window.during = look();";
    let markup = page(&world, script);
    let tag = format!(
        "<script>{look}</script><script>{}</script>",
        inline_snippet()
    );
    world.visit("/", &markup.tag(&tag)).await;
    taken_over(&world).await;
    let same = |one: &str| {
        let code = format!(
            "look().map((parts, row) => parts.every((part, at) => part === {one}[row][at]))"
        );
        let browser = &world.browser;
        async move { browser.js(code).await }
    };
    assert_eq!(same("before").await, json!(vec![true; 8]));
    assert_eq!(same("during").await, json!(vec![false; 8]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_saved_or_wrapped_meanwhile_goes_by_nosale() {
    let world = World::new(Gpc::On).await;
    let script = r#"const saved = fetch;
        window.saved = (...values) => saved(...values);
        window.calls = [];
        const { send } = XMLHttpRequest.prototype;
        XMLHttpRequest.prototype.send = function (...values) {
          calls.push("send");
          return send.apply(this, values);
        };
        window.mine = XMLHttpRequest.prototype.send;"#;
    world.visit("/", &page(&world, script)).await;
    taken_over(&world).await;
    let tries = r#"for (const host of ["tracker", "partner"]) {
          const origin = `http://${host}.localhost:{port}`;
          saved(`${origin}/saved`, { mode: "no-cors" }).catch(() => {});
          const request = new XMLHttpRequest();
          request.open("GET", `${origin}/wrapped`);
          request.send();
        }"#;
    let tries = tries.replace("{port}", &world.site.port().to_string());
    world.browser.exec(tries).await;
    world.reached(PARTNER, "/saved").await;
    world.reached(PARTNER, "/wrapped").await;
    assert_eq!(world.browser.js("calls").await, json!(["send", "send"]));
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_gets_the_answers_of_what_was_held() {
    let world = World::new(Gpc::On).await;
    let script = r#"window.answers = {};
        fetch("http://partner.localhost:{port}/page.json").then(answer => answer.json()).then(answer => { answers.fetch = typeof answer; });
        const request = new XMLHttpRequest();
        request.onload = () => { answers.request = request.status; };
        request.open("GET", "http://partner.localhost:{port}/x.json");
        request.send();
        fetch("http://tracker.localhost:{port}/x").catch(error => { answers.denied = error.name; });
        answers.beacon = !!navigator.sendBeacon("http://partner.localhost:{port}/beacon", "x");"#;
    world.visit("/", &page(&world, script)).await;
    let answers = wait::until("the answers", async || {
        let answers = world.browser.js("answers").await;
        (answers
            .as_object()
            .is_some_and(|answers| answers.len() == 4))
        .then_some(answers)
    });
    let expected =
        json!({ "fetch": "object", "request": 200, "denied": "TypeError", "beacon": true });
    assert_eq!(answers.await, expected);
}
