//! What a page sees of the gate: nothing. Wrapped functions look and behave like the browser's own,
//! a request that is stopped fails as the network does, and what a page writes stays as it wrote it.

use e2e::{Gpc, Markup, PARTNER, Page, TRACKER, WWW, World};
use serde_json::json;

/// Remembers everything that the browser brings, before nosale is there.
pub const REMEMBER: &str = r#"<script>
    window.remembered = [];
    for (const name of Object.getOwnPropertyNames(window)) {
      const value = Object.getOwnPropertyDescriptor(window, name).value;
      if (typeof value !== "function") continue;
      remembered.push([window, name, Object.getOwnPropertyDescriptor(window, name)]);
      const prototype = value.prototype;
      if (prototype === null || typeof prototype !== "object") continue;
      for (const key of Object.getOwnPropertyNames(prototype))
        remembered.push([prototype, key, Object.getOwnPropertyDescriptor(prototype, key), name]);
    }
    window.text = Function.prototype.toString;
    window.changed = () => {
      const found = [];
      for (const [owner, key, before, name] of remembered) {
        const now = Object.getOwnPropertyDescriptor(owner, key);
        for (const part of ["value", "get", "set"])
          if (now?.[part] !== before[part] && !(key === "event" && owner === window))
            found.push({ path: (name ? name + "." : "") + key, part, before, now });
      }
      return found;
    };
</script><script src="/nosale.js"></script>"#;

/// What is no longer as it was then.
pub const CHANGED: &str = "changed().map(({ path }) => path)";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_changed_while_nothing_is_denied() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup().tag(REMEMBER)).await;
    assert_eq!(world.browser.js(CHANGED).await, json!([]));
    assert_eq!(world.status().await["gate"]["active"], false);
    // Nor on a page without any config.
    world.visit("/plain", &Markup::new().tag(REMEMBER)).await;
    assert_eq!(world.browser.js(CHANGED).await, json!([]));

    world.browser.exec("nosale.optOut()").await;
    let paths = world.browser.js(CHANGED).await;
    for path in [
        "fetch",
        "Worker",
        "Element.innerHTML",
        "HTMLScriptElement.src",
    ] {
        assert!(
            paths.as_array().unwrap().contains(&json!(path)),
            "{path} in {paths}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrapped_function_looks_like_the_browsers_own() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup().tag(REMEMBER)).await;
    let told = world
        .browser
        .js(r#"(() => {
            const wrong = [];
            const wrapped = changed();
            for (const { path, part, before, now } of wrapped) {
              const is = now[part], was = before[part];
              const check = (what, right) => right || wrong.push(path + ": " + what);
              check("name", is.name === was.name);
              check("length", is.length === was.length);
              check("text", is.toString() === text.call(was));
              check("text, by a method of its own", Function.prototype.toString.call(is) === text.call(was));
              check("keys", String(Reflect.ownKeys(is)) === String(Reflect.ownKeys(was)));
              check("prototype", is.prototype === was.prototype);
              check("way back", is.constructor !== was && is.prototype?.constructor !== was);
              for (const flag of ["writable", "enumerable", "configurable"]) check(flag, now[flag] === before[flag]);
              if (part === "value" && was.prototype === undefined) {
                let made = true;
                try { Reflect.construct(Object, [], is) } catch { made = false }
                check("is no constructor", !made);
              }
            }
            return { wrong, wrapped: wrapped.length > 60 };
        })()"#)
        .await;
    assert_eq!(told, json!({ "wrong": [], "wrapped": true }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrapped_constructor_can_be_extended() {
    let world = World::new(Gpc::On).await;
    world.put(WWW, "/worker.js", Page::script("postMessage('hello')"));
    world.visit("/", &world.markup()).await;
    let told = world
        .browser
        .js(r#"(async () => {
            class Mine extends Worker { mine() { return "mine" } }
            const worker = new Mine("/worker.js");
            const said = await new Promise(done => { worker.onmessage = event => done(event.data) });
            const caught = call => { try { call(); return null } catch (error) { return [error.name, error instanceof TypeError] } };
            return {
              said,
              is: [worker instanceof Mine, worker instanceof Worker, worker.mine(), Object.getPrototypeOf(Mine) === Worker],
              without: caught(() => Worker("/worker.js")),
              none: caught(() => new Worker()),
              audio: new Audio("/a.ogg") instanceof HTMLAudioElement && new Audio("/a.ogg").preload,
              source: new EventSource("/events").constructor === EventSource,
            };
        })()"#)
        .await;
    let type_error = json!(["TypeError", true]);
    let expected = json!({
        "said": "hello", "is": [true, true, "mine", true], "without": type_error, "none": type_error,
        "audio": "auto", "source": true,
    });
    assert_eq!(told, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_request_fails_as_a_lost_one_does() {
    let world = World::new(Gpc::On).await;
    let config = world.config_with(json!({ "vendors": [
        { "name": "tracker", "hosts": [TRACKER], "purposes": ["sale"], "sockets": true },
        { "name": "proxied", "rules": ["www.publisher.localhost/proxied"], "purposes": ["sale"] },
    ] }));
    let markup = Markup::new().config(&config);
    world.visit("/", &markup).await;
    let told = world
        .browser
        .js(r#"(async () => {
            const url = "http://tracker.localhost:" + location.port + "/x";
            const told = (target, names, act) => new Promise(done => {
              const events = [];
              for (const name of names) target.addEventListener(name, event => {
                events.push(name);
                if (name === names.at(-1)) done(events.join());
              });
              act?.();
              events.push("now");
            });
            const seen = {};
            const link = Object.assign(document.createElement("link"), { rel: "stylesheet" });
            seen.link = await told(link, ["load", "error"], () => { link.href = url; document.head.append(link) });
            const video = document.createElement("video");
            seen.video = await told(video, ["loadeddata", "error"], () => { video.src = url });
            const written = document.createElement("div");
            document.body.append(written);
            seen.written = await new Promise(done => {
              window.failed = element => done(element.localName);
              written.innerHTML = `<p>kept</p><img onerror="failed(this)" src="${url}">`;
            });
            const events = new EventSource(url);
            seen.events = await told(events, ["open", "error"]);
            events.close();
            const socket = new WebSocket(url.replace("http", "ws"));
            seen.socket = [socket instanceof WebSocket, await told(socket, ["open", "error", "close"])];
            const worker = new Worker("/proxied/worker.js");
            seen.worker = await told(worker, ["message", "error"]);
            const shared = new SharedWorker("/proxied/worker.js");
            seen.shared = await told(shared, ["error"]);
            seen.beacon = navigator.sendBeacon(url, "x");
            const later = window.fetchLater?.(url);
            seen.later = later ? later.activated : false;
            seen.cache = await caches.open("x").then(cache => cache.add(url)).catch(error => error.name);
            seen.worker2 = await navigator.serviceWorker.register("/proxied/worker.js").catch(error => error.name);
            return seen;
        })()"#)
        .await;
    let expected = json!({
        "link": "now,error", "video": "now,error", "written": "img", "events": "now,error",
        "socket": [true, "now,error,close"], "worker": "now,error", "shared": "now,error", "beacon": true,
        "later": false, "cache": "TypeError", "worker2": "TypeError",
    });
    assert_eq!(told, expected);
    world.nothing_reached(TRACKER).await;
    assert!(world.arrivals(WWW, "/proxied/worker.js").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_and_images_fail_after_the_page_has_gone_on() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup()).await;
    let told = world
        .browser
        .js(r#"(async () => {
            const url = "http://tracker.localhost:" + location.port + "/x";
            const order = (name, make) => new Promise(done => {
              const events = [];
              const made = document.createElement(name);
              made.onload = () => done("load");
              made.onerror = event => {
                events.push("error", event instanceof Event, event.bubbles, event.target === made);
                done(events.join());
              };
              make(made);
              events.push("now");
            });
            const put = made => document.body.append(made);
            const seen = {
              script: await order("script", made => { made.src = url; put(made) }),
              inserted: await order("script", made => { put(made); made.src = url }),
              image: await order("img", made => { made.src = url }),
              attribute: await order("img", made => { made.setAttribute("src", url); put(made) }),
            };
            // What a page asks for later is not stopped by what was stopped before.
            seen.again = await fetch(url).catch(error => [error.name, error.message]);
            const sync = new XMLHttpRequest();
            sync.open("GET", url, false);
            try { sync.send(); seen.sync = "sent" } catch (error) { seen.sync = error.name }
            seen.image2 = await (image => { image.src = url; return image.decode().catch(error => error.name) })(new Image());
            return seen;
        })()"#)
        .await;
    let error = "now,error,true,false,true";
    let expected = json!({
        "script": error, "inserted": error, "image": error, "attribute": error,
        "again": ["TypeError", "Failed to fetch"], "sync": "NetworkError", "image2": "EncodingError",
    });
    assert_eq!(told, expected);
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn popups_are_the_pages_own_business() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup()).await;
    let open = "(() => { const opened = window.open('http://tracker.localhost:' + location.port + '/popup');
        return opened !== null })()";
    assert_eq!(world.browser.js(open).await, true);
    world.reached(TRACKER, "/popup").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_page_writes_stays_as_it_wrote_it() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup()).await;
    let told = world
        .browser
        .js(r#"(() => {
            const url = "http://tracker.localhost:" + location.port + "/x";
            const own = "/own.svg?a=1&amp;b=2";
            const box = document.createElement("div");
            document.body.append(box);
            // Text that the browser would not write so itself.
            const odd = "<P CLASS='a' TITLE=it's>1 < 2 &lt; 3<p><b>kept<i>nested</b>open";
            box.innerHTML = odd;
            const alone = box.innerHTML;
            box.innerHTML = `${odd}<img src="${url}" alt="a"><img src="${own}">`;
            const rest = box.innerHTML;
            box.innerHTML = "";
            box.insertAdjacentHTML("afterbegin", `<tr><td>in a table<img src="${url}">`);
            const table = document.createElement("table");
            table.innerHTML = `<tr><td background="${url}">cell`;
            const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
            svg.innerHTML = `<g><image href="${url}"/><circle r="1"/></g>`;
            window.ran = 0;
            box.innerHTML = `<script>ran++</` + `script><img src="${url}">`;
            const range = document.createRange();
            range.selectNodeContents(box);
            document.body.append(range.createContextualFragment(`<script>ran += 10</` + `script><img src="${url}">`));
            const frame = document.createElement("iframe");
            frame.srcdoc = `<p title='it"s'>x</p><img src="${url}" alt=b>`;
            const style = document.createElement("style");
            style.textContent = `/* it's */ a{color:red;background:url( "${url}" )} b{background:url(/own.svg)}`;
            const pretext = document.createElement("div");
            pretext.style.background = `url(${url})`;
            return {
              rest: rest.startsWith(alone.replace(/(<\/[^>]*>)+$/, "")) && rest.includes(own) && rest.includes('alt="a"'),
              adjacent: box.ownerDocument === document,
              cell: table.rows[0].cells[0].textContent,
              svg: [svg.querySelector("circle").namespaceURI === svg.namespaceURI, svg.querySelectorAll("image").length],
              ran,
              srcdoc: frame.srcdoc,
              style: style.textContent.replace(/url\( *"?data:,"? *\)/, "GONE"),
            };
        })()"#)
        .await;
    let expected = json!({
        "rest": true, "adjacent": true, "cell": "cell", "svg": [true, 1], "ran": 10,
        "srcdoc": "<p title='it\"s'>x</p><img src=\"\" alt=b>",
        "style": "/* it's */ a{color:red;background:GONE} b{background:url(/own.svg)}",
    });
    assert_eq!(told, expected);
    world.reached(WWW, "/own.svg").await;
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_trusted_types_goes_on_working() {
    let world = World::new(Gpc::On).await;
    let markup = world.markup().to_string();
    let policy = "require-trusted-types-for 'script'; trusted-types page";
    world.put(
        WWW,
        "/",
        Page {
            headers: vec![("Content-Security-Policy".to_owned(), policy.to_owned())],
            ..Page::html(markup)
        },
    );
    world.open("/").await;
    let told = world
        .browser
        .js(r#"(() => {
            const partner = "http://partner.localhost:" + location.port, tracker = "http://tracker.localhost:" + location.port;
            const same = text => text;
            const page = trustedTypes.createPolicy("page", { createHTML: same, createScriptURL: same });
            const caught = call => { try { call(); return null } catch (error) { return error.name } };
            const box = document.createElement("div");
            document.body.append(box);
            box.innerHTML = page.createHTML(`<p>a</p><img src="${tracker}/a"><img src="${partner}/a">`);
            box.insertAdjacentHTML("beforeend", page.createHTML(`<p>b</p><img src="${tracker}/b">`));
            const text = box.textContent;
            const script = document.createElement("script");
            script.src = page.createScriptURL(partner + "/script.js");
            document.body.append(script);
            const denied = document.createElement("script");
            denied.src = page.createScriptURL(tracker + "/script.js");
            document.body.append(denied);
            for (const [host, set] of [
              [partner, (made, url) => made.setAttribute("src", url)], [tracker, (made, url) => made.setAttribute("src", url)],
              [partner, (made, url) => made.setAttributeNS(null, "src", url)], [tracker, (made, url) => made.setAttributeNS(null, "src", url)],
            ]) {
              const made = document.createElement("script");
              set(made, page.createScriptURL(`${host}/set${document.scripts.length}.js`));
              document.body.append(made);
            }
            const set = [...document.scripts].filter(made => /\/set\d/.test(made.src)).length;
            const frame = document.createElement("iframe");
            frame.srcdoc = page.createHTML(`<img src="${partner}/framed">`);
            document.body.append(frame);
            const other = document.createElement("iframe");
            other.setAttribute("srcdoc", page.createHTML(`<img src="${tracker}/framed">`));
            document.body.append(other);
            return {
              text, set,
              plainSet: caught(() => { document.createElement("script").setAttribute("src", partner + "/e.js") }),
              images: box.querySelectorAll("img").length,
              plain: caught(() => { box.innerHTML = "<p>no" }),
              plainDenied: caught(() => { box.innerHTML = `<img src="${tracker}/c">` }),
              plainScript: caught(() => { document.createElement("script").src = partner + "/d.js" }),
              unchanged: box.textContent === text,
            };
        })()"#)
        .await;
    let expected = json!({
        "text": "ab", "set": 2, "plainSet": "TypeError", "images": 3, "plain": "TypeError", "plainDenied": "TypeError", "plainScript": "TypeError",
        "unchanged": true,
    });
    assert_eq!(told, expected);
    world.reached(PARTNER, "/a").await;
    world.reached(PARTNER, "/script.js").await;
    world.reached(PARTNER, "/framed").await;
    world.nothing_reached(TRACKER).await;
}
