//! Strict mode: while something is denied, a page reaches its own origin, what the publisher allows
//! and permitted vendors, and nobody else.

use e2e::{Gpc, Markup, OPTED_OUT, PARTNER, Page, SHOP, TRACKER, VIDEO, WWW, World};
use serde_json::{Value, json};

/// A third party that neither the config nor the catalogue names.
const STRANGER: &str = "stranger.localhost";

/// Ways that listed mode cannot hold, or that no wrapper is for; `url` is where to.
const WAYS: &[(&str, &str)] = &[
    ("fetch", "fetch(url, { mode: 'no-cors' }).catch(() => {});"),
    ("image", "new Image().src = url;"),
    ("script", "const made = document.createElement('script'); made.src = url; document.head.append(made);"),
    ("frame", "const made = document.createElement('iframe'); made.src = url; document.body.append(made);"),
    ("import", "import(url).catch(() => {});"),
    ("style", "document.head.insertAdjacentHTML('beforeend', `<style>@import '${url}';</style>`);"),
    ("location", "const made = document.createElement('iframe'); document.body.append(made);
        made.contentWindow.location.href = url;"),
    ("worker", "new Worker(URL.createObjectURL(new Blob([`fetch('${url}', { mode: 'no-cors' })`])));"),
    ("srcdoc", "const made = document.createElement('iframe');
        made.srcdoc = `<script>fetch('${url}', { mode: 'no-cors' })</` + 'script>'; document.body.append(made);"),
    ("redirect", "fetch('/to?' + url, { mode: 'no-cors' }).catch(() => {});"),
];

fn strict(world: &World) -> Markup {
    let gate = json!({ "mode": "strict", "allow": [PARTNER] });
    Markup::new().config(&world.config_with(json!({ "gate": gate })))
}

/// Tries every way to reach a host.
async fn try_all(world: &World, host: &str) {
    for (name, code) in WAYS {
        let url = world.site.url(host, &format!("/way/{name}"));
        let headers = vec![("Location".to_owned(), url.clone())];
        let redirect = Page {
            status: 302,
            headers,
            ..Page::default()
        };
        let to = format!("/to/{host}");
        world.put(WWW, &to, redirect);
        let code = code.replace("'/to?' + url", &format!("'{to}'"));
        let code = format!("(url => {{ {code} }})({})", json!(url));
        world.browser.exec(code).await;
    }
}

async fn all_arrive(world: &World, host: &str) {
    for (name, _) in WAYS {
        world.reached(host, &format!("/way/{name}")).await;
    }
}

async fn mode(world: &World) -> Value {
    world.status().await["gate"]["mode"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_allowed_is_reached() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &strict(&world)).await;
    assert_eq!(mode(&world).await, "strict");
    for host in [STRANGER, TRACKER, PARTNER] {
        try_all(&world, host).await;
    }
    all_arrive(&world, PARTNER).await;
    world.nothing_reached(STRANGER).await;
    world.nothing_reached(TRACKER).await;

    let allows = |url: &str| {
        let call = format!("nosale.allows({})", json!(url));
        let browser = &world.browser;
        async move { browser.js(call).await }
    };
    for url in [
        "/own",
        &world.site.url(WWW, "/own"),
        &world.site.url(PARTNER, "/x"),
        "http://eu.partner.localhost./x",
        &world.collector.endpoint(),
        "data:,x",
    ] {
        assert_eq!(allows(url).await, true, "{url}");
    }
    for url in [
        &world.site.url(STRANGER, "/x"),
        &world.site.url(TRACKER, "/x"),
        &world.site.url(SHOP, "/x"),
        "//partner.localhost.example/x",
    ] {
        assert_eq!(allows(url).await, false, "{url}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn below_a_host_that_is_denied_alone_all_that_is_allowed_is_reached() {
    let world = World::new(Gpc::On).await;
    let below = "eu.stranger.localhost";
    let config = world.config_with(json!({
        "gate": { "mode": "strict", "allow": [PARTNER, STRANGER] },
        "vendors": [{ "name": "root", "rules": [format!("={STRANGER}")], "purposes": ["sale"] }],
    }));
    world.visit("/", &Markup::new().config(&config)).await;
    assert_eq!(mode(&world).await, "strict");
    for host in [STRANGER, below] {
        try_all(&world, host).await;
    }
    all_arrive(&world, below).await;
    assert_eq!(world.ask(STRANGER).await, "TypeError");
    world.nothing_reached(STRANGER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_nothing_denied_everything_is_reached() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &strict(&world)).await;
    assert_eq!(mode(&world).await, "strict");
    try_all(&world, STRANGER).await;
    all_arrive(&world, STRANGER).await;
    let allows = format!("nosale.allows({})", json!(world.site.url(STRANGER, "/x")));
    assert_eq!(world.browser.js(allows).await, true);
    assert_eq!(world.browser.js("nosale.audit().policies").await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_out_in_mid_page_stops_saved_references_and_is_reported() {
    let world = World::new(Gpc::Absent).await;
    // The module comes from another origin, and its dialog with it.
    let tag = format!(
        r#"<script src="{}"></script>"#,
        world.site.url(SHOP, "/nosale.js")
    );
    let markup = strict(&world)
        .tag(&tag)
        .head("<script>window.saved = fetch.bind(window)</script>");
    world.visit("/", &markup).await;
    try_all(&world, STRANGER).await;
    all_arrive(&world, STRANGER).await;

    world.browser.exec("nosale.optOut()").await;
    world.forget();
    for host in [STRANGER, TRACKER, PARTNER] {
        try_all(&world, host).await;
        let url = json!(world.site.url(host, "/saved"));
        let ask = format!("saved({url}, {{ mode: 'no-cors' }}).catch(() => {{}})");
        world.browser.exec(ask).await;
    }
    all_arrive(&world, PARTNER).await;
    world.reached(PARTNER, "/saved").await;
    world.nothing_reached(STRANGER).await;
    world.nothing_reached(TRACKER).await;

    let rows = world.collector.stored(1).await;
    assert_eq!(rows[0].event["data"]["kind"], "opt_out");
    world.dialog().open().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn permitted_vendors_are_reached_under_every_name() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &strict(&world)).await;
    // The video host is for targeted advertising alone.
    world.browser.exec("nosale.optOut(['sale'])").await;
    for (place, host) in [
        VIDEO,
        "eu.video.localhost",
        "video.localhost.",
        "Video.LOCALHOST",
    ]
    .iter()
    .enumerate()
    {
        let url = format!("http://{host}:{}/{place}", world.site.port());
        let asked = world.browser.js(format!(
            "fetch('{url}', {{ mode: 'no-cors' }}).then(() => 'sent', String)"
        ));
        assert_eq!(asked.await, "sent", "{url}");
    }
    assert_eq!(world.ask(STRANGER).await, "TypeError");
    world.nothing_reached(STRANGER).await;

    // One policy more, for what is denied in addition.
    world
        .browser
        .exec("nosale.optOut(['targeted_advertising'])")
        .await;
    world.forget();
    assert_eq!(world.ask(VIDEO).await, "TypeError");
    try_all(&world, VIDEO).await;
    world.nothing_reached(VIDEO).await;
    let policies = world.browser.js("nosale.audit().policies.length").await;
    assert_eq!(policies, 2);
    world.browser.exec("nosale.optOut()").await;
    assert_eq!(
        world.browser.js("nosale.audit().policies.length").await,
        2,
        "nothing new to refuse"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_threw_out_its_head_gets_the_policy() {
    let world = World::new(Gpc::Absent).await;
    let markup = strict(&world).head("<script>window.saved = fetch.bind(window)</script>");
    world.visit("/", &markup).await;
    // And one whose functions are not the browser's any more.
    let hostile = "document.head.remove(); \
                   Node.prototype.appendChild = Element.prototype.setAttribute = () => {}; \
                   Document.prototype.createElement = () => { throw new Error('no'); };";
    world.browser.exec(hostile).await;
    world.browser.exec("nosale.optOut()").await;
    assert_eq!(mode(&world).await, "strict");
    let url = json!(world.site.url(STRANGER, "/saved"));
    let ask =
        format!("saved({url}, {{ mode: 'no-cors' }}).then(() => 'sent', error => error.name)");
    assert_eq!(world.browser.js(ask).await, "TypeError");
    world.nothing_reached(STRANGER).await;
    let kept = "document.documentElement.outerHTML.includes('Content-Security-Policy')";
    assert_eq!(world.browser.js(kept).await, false);
}

/// What a policy without the right words would stop.
const INLINE: &str = r#"
    <p id="styled" style="color: rgb(1, 2, 3)" onclick="did.handler = true">x</p>
    <a id="link" href="javascript:void(did.link = true)">x</a>
    <style>#styled { margin-top: 7px }</style>
    <img alt="" src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==" onload="did.image = true">
    <script>
      did.inline = true;
      eval("did.eval = true");
      new Function("did.function = true")();
      setTimeout("did.timer = true");
      new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
      did.wasm = true;
      for (const [name, address] of [
        ["blob", URL.createObjectURL(new Blob(["did.blob = true"], { type: "text/javascript" }))],
        ["data", "data:text/javascript,did.data = true"],
      ]) document.body.append(Object.assign(document.createElement("script"), { src: address }));
      new Worker(URL.createObjectURL(new Blob(["postMessage(1)"]))).onmessage = () => { did.worker = true; };
      styled.click();
      link.click();
      did.style = getComputedStyle(styled).color === "rgb(1, 2, 3)";
      did.sheet = getComputedStyle(styled).marginTop === "7px";
    </script>"#;

#[tokio::test(flavor = "multi_thread")]
async fn inline_code_and_styles_work_as_before() {
    let world = World::new(Gpc::On).await;
    let markup = strict(&world)
        .head("<script>window.did = {}</script>")
        .body(INLINE);
    world.visit("/", &markup).await;
    let names = [
        "handler", "link", "image", "inline", "eval", "function", "timer", "wasm", "blob", "data",
        "worker", "style", "sheet",
    ];
    for name in names {
        world.browser.until(format!("did.{name}")).await;
    }
    assert_eq!(
        world.ask(STRANGER).await,
        "TypeError",
        "the policy is in force"
    );
    assert_eq!(
        world
            .browser
            .js("nosale.audit().refused.entries.length")
            .await,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn it_works_beside_nonces_and_strict_dynamic() {
    let world = World::new(Gpc::On).await;
    let policy = "object-src 'none'; base-uri 'none'; script-src 'nonce-r4nd0m' 'unsafe-inline' 'unsafe-eval' \
                  'strict-dynamic' https: http:";
    let chain = |host: &str| {
        format!(
            "const made = document.createElement('script'); made.src = '{}'; document.head.append(made);",
            world.site.url(host, "/chained.js"),
        )
    };
    let loader = Page::script(
        [chain(PARTNER), chain(STRANGER), chain(TRACKER)]
            .map(|code| format!("{{ {code} }}"))
            .concat(),
    );
    world.put(PARTNER, "/loader.js", loader);
    let markup = strict(&world)
        .tag(r#"<script nonce="r4nd0m" src="/nosale.js"></script>"#)
        .head(
            r#"<script nonce="r4nd0m">window.ran = 1</script><script>window.stopped = 1</script>"#,
        )
        .body(
            r#"<script nonce="r4nd0m" src="http://partner.localhost:{port}/loader.js"></script>"#,
        );
    world.visit_under(policy, "/", &markup).await;
    world.reached(PARTNER, "/chained.js").await;
    world.nothing_reached(STRANGER).await;
    world.nothing_reached(TRACKER).await;
    assert_eq!(mode(&world).await, "strict");
    assert_eq!(
        world.browser.js("[window.ran, window.stopped]").await,
        json!([1, null])
    );

    // What the publisher's own policy refused is no affair of nosale's.
    let refused = world
        .browser
        .js("nosale.audit().refused.entries.map(one => one.host)")
        .await;
    assert_eq!(refused, json!([STRANGER]));
    world.dialog().open().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_policy_can_name_the_page_listed_mode_holds() {
    let world = World::new(Gpc::On).await;
    world
        .visit_under("sandbox allow-scripts", "/", &strict(&world))
        .await;
    let gate = world.status().await["gate"].take();
    assert_eq!(
        (&gate["mode"], &gate["active"]),
        (&json!("listed"), &json!(true))
    );
    assert_eq!(world.ask(TRACKER).await, "TypeError");
    world
        .browser
        .said("why", |console| {
            console.errs(&["nosale", "\"strict\" cannot start"])
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn as_a_header_the_policy_is_there_before_the_preload_scanner() {
    let world = World::new(Gpc::On).await;
    let unmarked = r#"<img alt="" src="http://tracker.localhost:{port}/1.gif">
        <script src="http://stranger.localhost:{port}/2.js"></script>
        <img alt="" src="http://partner.localhost:{port}/3.gif">
        <script>window.inline = true</script>"#;
    let markup = strict(&world).body(unmarked);
    world.visit("/", &markup).await;
    world.reached(TRACKER, "/1.gif").await;
    let policy = world.browser.js("nosale.audit().policies[0]").await;

    world.forget();
    let policy = policy.as_str().unwrap();
    world.visit_under(policy, "/under", &markup).await;
    world.reached(PARTNER, "/3.gif").await;
    world.nothing_reached(TRACKER).await;
    world.nothing_reached(STRANGER).await;
    assert_eq!(world.browser.js("window.inline").await, true);
    world.dialog().open().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_in_offers_a_reload() {
    let world = World::new(Gpc::Absent).await;
    world.store(OPTED_OUT).await;
    let inert = r#"<script type="text/plain" data-vendor="tracker" src="http://tracker.localhost:{port}/tag.js"></script>"#;
    world.visit("/", &strict(&world).body(inert)).await;
    assert_eq!(world.status().await["gate"]["reload"], false);

    let dialog = world.dialog().open().await;
    dialog
        .press("allow-all")
        .await
        .offers("confirm")
        .await
        .press("confirm")
        .await;
    dialog.offers("reload").await;
    assert!(dialog.text().await.contains("loaded again"));
    let status = world.status().await;
    assert_eq!(
        (
            &status["gate"]["reload"],
            &status["purposes"]["sale"]["allowed"]
        ),
        (&json!(true), &json!(true))
    );
    world
        .browser
        .said("what to do", |console| console.warns(&["nosale", "reload"]))
        .await;
    // It would only fail.
    let inert = "document.querySelector('[data-vendor]').type === 'text/plain'";
    assert_eq!(world.browser.js(inert).await, true);
    world.nothing_reached(TRACKER).await;
    let allows = format!("nosale.allows({})", json!(world.site.url(STRANGER, "/x")));
    assert_eq!(world.browser.js(&allows).await, false);

    world.browser.exec("window.old = true").await;
    dialog.press("reload").await;
    world.browser.until("!window.old && window.nosale").await;
    world.reached(TRACKER, "/tag.js").await;
    assert_eq!(world.browser.js("nosale.audit().policies").await, json!([]));
    assert_eq!(world.status().await["gate"]["reload"], false);
    assert_eq!(world.browser.js(&allows).await, true);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_listed_mode_nothing_is_reloaded() {
    let world = World::new(Gpc::Absent).await;
    world.store(OPTED_OUT).await;
    world.visit("/", &world.markup()).await;
    let dialog = world.dialog().open().await;
    dialog
        .press("allow-all")
        .await
        .offers("confirm")
        .await
        .press("confirm")
        .await;
    world.browser.until("nosale.allows('sale')").await;
    let hidden = format!("!{}.checkVisibility()", dialog.find("[data-do=reload]"));
    assert_eq!(world.browser.js(hidden).await, true);
    assert_eq!(world.status().await["gate"]["reload"], false);
}

/// Lets the page break the module: from `window.broken` on, each call into it ends as a trap does.
const BREAKABLE: &str = r#"<script>
    const Real = WebAssembly.Instance;
    WebAssembly.Instance = function (...given) {
      const exports = {};
      for (const [name, value] of Object.entries(new Real(...given).exports))
        exports[name] = typeof value !== "function" ? value : (...values) => {
          if (window.broken) throw new WebAssembly.RuntimeError("unreachable");
          return value(...values);
        };
      return { exports };
    };
    window.original = fetch.bind(window);
  </script><script src="/nosale.js"></script>"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_module_that_fails_goes_on_denying() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &strict(&world).tag(BREAKABLE)).await;
    assert_eq!(mode(&world).await, "strict");
    assert_eq!(world.ask(PARTNER).await, "sent");
    world.browser.exec("window.broken = true").await;
    for host in [STRANGER, TRACKER] {
        try_all(&world, host).await;
    }
    let held = |console: &e2e::Console| console.errs(&["the module has failed"]);
    world.browser.said("that it failed", held).await;
    // No wrapper lets anything pass now; what a page has saved meets the policy.
    for turn in 0..4 {
        for host in [STRANGER, TRACKER, PARTNER] {
            let url = json!(world.site.url(host, &format!("/saved/{turn}")));
            let ask = format!("original({url}, {{ mode: 'no-cors' }}).catch(() => {{}})");
            world.browser.js(ask).await;
        }
        world.reached(PARTNER, &format!("/saved/{turn}")).await;
    }
    for host in [STRANGER, TRACKER] {
        let arrivals = world.site.arrivals(host);
        assert!(arrivals.is_empty(), "{host}: {arrivals:?}");
    }
}
