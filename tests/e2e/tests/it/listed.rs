//! Listed vendors: what scripts send after the start is stopped, and nothing else is touched.

use e2e::{Gpc, Markup, OPTED_OUT, PARTNER, Page, TRACKER, VIDEO, WWW, World};
use serde_json::{Value, json};

use crate::natural::{CHANGED, REMEMBER};

/// Every way by which a script of this issue's reach makes a request; `url` is where to.
const WAYS: &[(&str, &str)] = &[
    ("script-append", "const made = document.createElement('script'); made.src = url; document.body.append(made);"),
    ("script-appendChild", "const made = document.createElement('script'); made.src = url; document.head.appendChild(made);"),
    ("script-insertBefore", "const made = document.createElement('script'); made.async = true; made.src = url;
        const first = document.getElementsByTagName('script')[0]; first.parentNode.insertBefore(made, first);"),
    ("script-setAttribute", "const made = document.createElement('script'); made.setAttribute('src', url); document.body.append(made);"),
    ("script-src-after", "const made = document.createElement('script'); document.body.append(made); made.src = url;"),
    ("script-fragment", "const made = document.createElement('script'); made.src = url;
        const box = document.createElement('div'); box.append(made); document.body.append(box);"),
    ("iframe-append", "const made = document.createElement('iframe'); made.src = url; document.body.append(made);"),
    ("iframe-src-after", "const made = document.createElement('iframe'); document.body.append(made); made.src = url;"),
    ("iframe-setAttribute", "const made = document.createElement('iframe'); made.setAttribute('src', url); document.body.append(made);"),
    ("img-src", "const made = document.createElement('img'); made.src = url;"),
    ("img-setAttribute", "const made = document.createElement('img'); made.setAttribute('src', url);"),
    ("img-srcset", "const made = document.createElement('img'); made.srcset = url + ' 1x'; document.body.append(made);"),
    ("Image", "new Image().src = url;"),
    ("fetch-string", "fetch(url, { mode: 'no-cors' }).catch(() => {});"),
    ("fetch-URL", "fetch(new URL(url), { mode: 'no-cors' }).catch(() => {});"),
    ("fetch-Request", "fetch(new Request(url, { mode: 'no-cors' })).catch(() => {});"),
    ("fetch-keepalive", "fetch(url, { method: 'POST', body: 'x', mode: 'no-cors', keepalive: true }).catch(() => {});"),
    ("fetch-relative-scheme", "fetch(url.replace('http:', ''), { mode: 'no-cors' }).catch(() => {});"),
    ("xhr", "const made = new XMLHttpRequest(); made.open('GET', url); made.send();"),
    ("xhr-URL", "const made = new XMLHttpRequest(); made.open('POST', new URL(url)); made.send('x');"),
    ("img-setNamedItem", "const made = document.createElement('img'); const src = document.createAttribute('src');
        src.value = url; made.attributes.setNamedItem(src);"),
    ("img-setAttributeNode", "const made = document.createElement('img'); const src = document.createAttribute('src');
        src.value = url; made.setAttributeNode(src);"),
    ("img-attribute-value", "const made = document.createElement('img'); made.setAttribute('src', 'data:,');
        made.getAttributeNode('src').value = url;"),
    ("img-attribute-text", "const made = document.createElement('img'); made.setAttribute('src', 'data:,');
        made.getAttributeNode('src').textContent = url;"),
    ("script-range", "const range = document.createRange(); range.selectNodeContents(document.body);
        range.insertNode(range.createContextualFragment('<script src=\"' + url + '\"></' + 'script>'));"),
    ("script-text-after", "const text = document.createTextNode(''); document.body.append(text);
        text.after(document.createRange().createContextualFragment('<script src=\"' + url + '\"></' + 'script>'));"),
    ("script-svg", "const made = document.createElementNS('http://www.w3.org/2000/svg', 'script');
        made.setAttribute('href', url); const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
        svg.append(made); document.body.append(svg);"),
    ("sendBeacon", "navigator.sendBeacon(url, 'x');"),
];

/// Tries every way to reach `host`, each under a path of its own.
async fn try_all(world: &World, host: &str) {
    for (name, code) in WAYS {
        let url = json!(world.site.url(host, &format!("/way/{name}")));
        world
            .browser
            .exec(format!("(url => {{ {code} }})({url})"))
            .await;
    }
}

async fn assert_all_arrive(world: &World, host: &str) {
    for (name, _) in WAYS {
        world.reached(host, &format!("/way/{name}")).await;
    }
}

async fn assert_none_arrived(world: &World, host: &str) {
    world.settle().await;
    let arrived: Vec<String> = world
        .site
        .arrivals(host)
        .into_iter()
        .map(|arrival| arrival.path)
        .collect();
    assert_eq!(arrived, Vec::<String>::new(), "to {host}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_a_denied_vendor_is_closed() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup()).await;
    try_all(&world, TRACKER).await;
    try_all(&world, PARTNER).await;
    assert_all_arrive(&world, PARTNER).await;
    assert_none_arrived(&world, TRACKER).await;
    let blocked = world.status().await["gate"]["blocked"].as_u64().unwrap();
    assert!(
        blocked >= WAYS.len() as u64,
        "{blocked} of {} were counted",
        WAYS.len()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_is_open_when_nothing_is_denied() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    try_all(&world, TRACKER).await;
    assert_all_arrive(&world, TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_out_in_mid_page_closes_every_way() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    world
        .browser
        .exec("fetch('http://tracker.localhost:' + location.port + '/before', { mode: 'no-cors' })")
        .await;
    world.reached(TRACKER, "/before").await;

    world.browser.exec("nosale.optOut(['sharing'])").await;
    world.forget();
    try_all(&world, TRACKER).await;
    try_all(&world, PARTNER).await;
    assert_all_arrive(&world, PARTNER).await;
    assert_none_arrived(&world, TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_out_in_mid_page_takes_the_vendors_frames_away() {
    let world = World::new(Gpc::Absent).await;
    let frames = r#"
        <iframe title="video" src="http://video.localhost:{port}/embed"></iframe>
        <iframe title="partner" src="http://partner.localhost:{port}/frame.html"></iframe>"#;
    world.visit("/", &world.markup().body(frames)).await;
    world.reached(VIDEO, "/embed").await;
    world.browser.exec("nosale.optOut()").await;
    world.forget();
    let left = "[...document.querySelectorAll('iframe[src]')].map(frame => frame.title)";
    assert_eq!(world.browser.js(left).await, json!(["partner"]));
    world.nothing_reached(VIDEO).await;

    let back = "nosale.optIn(undefined, { confirmed: true }).then(() => true)";
    world.browser.js(back).await;
    world.reached(VIDEO, "/embed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_in_in_mid_page_opens_them_again() {
    let world = World::new(Gpc::Absent).await;
    world.store(OPTED_OUT).await;
    world.visit("/", &world.markup()).await;
    try_all(&world, TRACKER).await;
    assert_none_arrived(&world, TRACKER).await;
    world
        .dialog()
        .open()
        .await
        .press("allow-all")
        .await
        .press("confirm")
        .await;
    world.browser.until("nosale.allows('sale')").await;
    try_all(&world, TRACKER).await;
    assert_all_arrive(&world, TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_is_known_by_its_host_and_what_is_below_it() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup()).await;
    let ask = |host: &str| {
        let url = json!(world.site.url(host, "/collect"));
        format!("fetch({url}, {{ mode: 'no-cors' }}).then(() => 'sent', error => error.name)")
    };
    for (host, answer) in [
        (TRACKER, "TypeError"),
        ("eu.tracker.localhost", "TypeError"),
        ("TRACKER.localhost", "TypeError"),
        ("tracker.localhost.", "TypeError"),
        ("nottracker.localhost", "sent"),
        (PARTNER, "sent"),
    ] {
        assert_eq!(world.browser.js(ask(host)).await, answer, "{host}");
    }
    world.nothing_reached(TRACKER).await;
    world.nothing_reached("eu.tracker.localhost").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_request_fails_as_the_network_does() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup()).await;
    let told = world
        .browser
        .js(r#"(async () => {
            const url = "http://tracker.localhost:" + location.port + "/x";
            const seen = {};
            seen.fetch = await fetch(url).then(() => "sent", error =>
              error instanceof TypeError ? "TypeError" : String(error));
            seen.xhr = await new Promise(done => {
              const request = new XMLHttpRequest(), events = [];
              for (const name of ["load", "error", "loadend"])
                request.addEventListener(name, () => {
                  events.push(name);
                  if (name === "loadend") done({ events, status: request.status, state: request.readyState });
                });
              request.open("GET", url);
              request.send();
            });
            const element = name => new Promise(done => {
              const made = document.createElement(name);
              made.onload = () => done("load");
              made.onerror = event => done(event.type);
              made.src = url;
              document.body.append(made);
            });
            seen.script = await element("script");
            seen.img = await element("img");
            return seen;
        })()"#)
        .await;
    assert_eq!(told["fetch"], "TypeError");
    assert_eq!(
        told["xhr"],
        json!({ "events": ["error", "loadend"], "status": 0, "state": 4 })
    );
    assert_eq!(
        (&told["script"], &told["img"]),
        (&json!("error"), &json!("error"))
    );
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_stopped_is_told() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup()).await;
    world
        .browser
        .exec(
            "window.stopped = [];
             document.addEventListener('nosale:blocked', event => stopped.push(event.detail));
             fetch('http://tracker.localhost:' + location.port + '/collect?id=7', { mode: 'no-cors' })
               .catch(() => {});
             new Image().src = 'http://video.localhost:' + location.port + '/pixel.gif';",
        )
        .await;
    let told = world
        .browser
        .until("window.stopped.length >= 2 && stopped")
        .await;
    let of = |vendor: &str| {
        let found = told
            .as_array()
            .unwrap()
            .iter()
            .find(|detail| detail["vendor"] == vendor);
        found
            .unwrap_or_else(|| panic!("nothing on {vendor}: {told}"))
            .clone()
    };
    let tracker = of("tracker");
    assert_eq!(tracker["host"], TRACKER);
    assert!(
        tracker["url"]
            .as_str()
            .unwrap()
            .starts_with(&world.site.url(TRACKER, "/collect")),
        "{tracker}"
    );
    assert_eq!(tracker["purposes"], json!(["sale", "sharing"]));
    assert!(
        tracker["way"]
            .as_str()
            .unwrap()
            .to_lowercase()
            .contains("fetch"),
        "{tracker}"
    );
    let video = of("video");
    assert_eq!(video["purposes"], json!(["targeted_advertising"]));
    assert!(!video["way"].as_str().unwrap().is_empty(), "{video}");
}

#[tokio::test(flavor = "multi_thread")]
async fn inert_mode_leaves_requests_alone() {
    let world = World::new(Gpc::On).await;
    let config = world.config_with(json!({ "gate": { "mode": "inert" } }));
    let tag = r#"<script type="text/plain" data-purpose="sale" src="http://tracker.localhost:{port}/tag.js"></script>"#;
    world
        .visit("/", &Markup::new().config(&config).tag(REMEMBER).body(tag))
        .await;
    assert_eq!(world.browser.js(CHANGED).await, json!([]));
    assert_eq!(world.status().await["gate"]["mode"], "inert");
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrapped_functions_behave_like_the_browsers_own() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup()).await;
    let told = world
        .browser
        .js(r#"(async () => {
            const partner = "http://partner.localhost:" + location.port;
            const caught = call => { try { call(); return null } catch (error) { return error.name } };
            const script = document.createElement("script");
            script.src = "/relative.js";
            const request = new XMLHttpRequest();
            request.open("GET", partner + "/data.json", false);
            request.send();
            const answer = await fetch(new Request(partner + "/data.json", { headers: { "x-a": "1" } }));
            return {
              relative: script.src === location.origin + "/relative.js" && script.getAttribute("src") === "/relative.js",
              returned: document.body.appendChild(script) === script,
              sync: request.status,
              answer: answer.status,
              beacon: navigator.sendBeacon(partner + "/beacon", "x"),
              image: new Image(3, 4).width === 3 && new Image() instanceof HTMLImageElement,
              noArguments: await fetch().catch(error => error.name),
              badUrl: await fetch("http://[").catch(error => error.name),
              badNode: caught(() => document.body.appendChild("text")),
              illegal: caught(() => Object.getOwnPropertyDescriptor(HTMLScriptElement.prototype, "src").set.call({}, "x")),
            };
        })()"#)
        .await;
    let expected = json!({
        "relative": true, "returned": true, "sync": 200, "answer": 200, "beacon": true, "image": true,
        "noArguments": "TypeError", "badUrl": "TypeError", "badNode": "TypeError", "illegal": "TypeError",
    });
    assert_eq!(told, expected);
    assert_ne!(world.status().await["purposes"]["sale"], Value::Null);
}

/// A page deep below, on which the tracker keeps something everywhere.
const KEEPING: &str = "
    for (const path of ['', '; Path=/', '; Path=/a', '; Path=/a/', '; Path=/a/b'])
      for (const domain of ['', '; Domain=www.publisher.localhost', '; Domain=publisher.localhost'])
        document.cookie = '_trk_id=1; Max-Age=600' + path + domain;
    document.cookie = 'own=1; Max-Age=600; Path=/';
    for (const storage of [localStorage, sessionStorage]) {
      storage.setItem('trk.visitor', '1');
      storage.setItem('own', '1');
    }";
const KEPT: &str = "[document.cookie.split('; ').map(cookie => cookie.split('=')[0]).filter(name => name !== 'nosale').sort(),
    ...[localStorage, sessionStorage].map(storage => Object.keys(storage).filter(key => !key.startsWith('nosale')).sort())]";

#[tokio::test(flavor = "multi_thread")]
async fn what_a_denied_vendor_kept_is_deleted_and_stays_deleted() {
    let world = World::new(Gpc::Absent).await;
    let config = world.config_with(json!({ "vendors": [{
        "name": "tracker", "hosts": [TRACKER], "purposes": ["sale"], "cookies": ["_trk*"], "storage": ["trk.*"],
    }] }));
    let markup = Markup::new().config(&config);
    world.visit("/a/b/page", &markup).await;
    world.browser.exec(KEEPING).await;
    let kept = world.browser.js(KEPT).await;
    assert!(kept[0].as_array().unwrap().len() > 10, "{kept}");
    assert_eq!(kept[1], json!(["own", "trk.visitor"]));

    world.browser.exec("nosale.optOut()").await;
    let own = json!([["own"], ["own"], ["own"]]);
    assert_eq!(world.browser.js(KEPT).await, own);

    world.browser.exec(KEEPING).await;
    world
        .browser
        .js("cookieStore.set({ name: '_trk_id', value: '2' }).then(() => true)")
        .await;
    assert_eq!(world.browser.js(KEPT).await, own);

    // What the page's own server sets is found when the browser tells of it.
    let page = markup.to_string();
    world.put(
        WWW,
        "/a/b/page",
        Page {
            headers: vec![(
                "Set-Cookie".to_owned(),
                "_trk_id=3; Path=/a; Domain=publisher.localhost".to_owned(),
            )],
            ..Page::html(page)
        },
    );
    world.open("/a/b/page").await;
    assert_eq!(world.browser.js(KEPT).await, own);

    let allow = "nosale.optIn(undefined, { confirmed: true }).then(() => true)";
    world.browser.js(allow).await;
    world.browser.exec(KEEPING).await;
    assert_eq!(world.browser.js(KEPT).await, kept);
}
