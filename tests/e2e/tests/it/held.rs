//! What the wrappers withheld: an opt-in in mid-page gives it back, in order and without a reload.

use e2e::{Gpc, OPTED_OUT, Page, TRACKER, VIDEO, World};
use serde_json::json;

const ALLOW: &str = "nosale.optIn(undefined, { confirmed: true }).then(() => true)";

async fn denied() -> World {
    let world = World::new(Gpc::Absent).await;
    world.store(OPTED_OUT).await;
    world.visit("/", &world.markup()).await;
    let places = "window.tracker = 'http://tracker.localhost:' + location.port;
        window.video = 'http://video.localhost:' + location.port;
        window.put = (name, values, place = document.body) => {
          const made = Object.assign(document.createElement(name), values);
          place.append(made);
          return made;
        };";
    world.browser.exec(places).await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn every_element_gets_back_what_was_withheld() {
    let world = denied().await;
    world
        .browser
        .exec(
            r#"put("script", { src: tracker + "/property.js" });
            document.body.append(Object.assign(document.createElement("div"), { innerHTML: `
                <img alt="" src="${tracker}/text.gif"><svg><image width="9" height="9" href="${tracker}/svg.gif"/></svg>` }));
            put("img", {}).setAttribute("srcset", tracker + "/set.gif 1x");
            put("iframe", { src: video + "/frame" });
            put("iframe", {}).src = video + "/frame-after";
            put("iframe", { srcdoc: `<img alt="" src="${tracker}/srcdoc.gif">` });
            put("link", { rel: "stylesheet", href: tracker + "/sheet.css" }, document.head);
            put("object", { data: tracker + "/object" });
            put("embed", { src: tracker + "/embed" });
            put("video", { src: tracker + "/video.webm", poster: tracker + "/poster.gif" });
            put("source", { src: tracker + "/source.webm" }, put("video", {}));
            put("p", { textContent: "x" }).setAttribute("style", `background: url(${tracker}/style.gif)`);
            const before = put("img", { src: "/own.gif" });
            before.src = tracker + "/second.gif";
            before.src = tracker + "/third.gif";
            const root = put("div", {}).attachShadow({ mode: "closed" });
            put("img", { src: tracker + "/root.gif" }, root);"#,
        )
        .await;
    world.nothing_reached(TRACKER).await;
    world.nothing_reached(VIDEO).await;
    world.browser.exec("window.same = true").await;
    world.browser.js(ALLOW).await;
    for path in [
        "/property.js",
        "/text.gif",
        "/svg.gif",
        "/set.gif",
        "/srcdoc.gif",
        "/sheet.css",
        "/object",
        "/embed",
        "/video.webm",
        "/poster.gif",
        "/source.webm",
        "/style.gif",
        "/third.gif",
        "/root.gif",
    ] {
        world.reached(TRACKER, path).await;
    }
    world.reached(VIDEO, "/frame").await;
    world.reached(VIDEO, "/frame-after").await;
    world.settle().await;
    assert!(
        world.arrivals(TRACKER, "/second.gif").is_empty(),
        "the last one counts"
    );
    assert_eq!(world.arrivals(TRACKER, "/third.gif").len(), 1);
    assert_eq!(world.browser.js("window.same").await, true);
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_run_in_the_order_that_the_page_wanted() {
    let world = denied().await;
    let noting = |name: &str| Page::script(format!("(window.order ||= []).push({name:?});"));
    let slow = Page {
        delay: Some(std::time::Duration::from_millis(400)),
        ..noting("slow")
    };
    world.put(TRACKER, "/slow.js", slow);
    world.put(TRACKER, "/quick.js", noting("quick"));
    world
        .browser
        .exec(
            r#"put("script", { async: false, src: tracker + "/slow.js" });
            put("script", { async: false, src: tracker + "/quick.js" });"#,
        )
        .await;
    world.browser.js(ALLOW).await;
    let order = world
        .browser
        .until("window.order?.length === 2 && order")
        .await;
    assert_eq!(order, json!(["slow", "quick"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_has_given_up_stays_away() {
    let world = denied().await;
    world
        .browser
        .exec(
            r#"new Image().src = tracker + "/pixel.gif";
            window.pixel = new Image();
            pixel.src = tracker + "/kept-pixel.gif";
            put("img", { src: tracker + "/removed.gif" }).remove();
            put("img", { src: tracker + "/changed.gif" }).src = "/own.gif";
            fetch(tracker + "/fetch").catch(() => {});
            put("img", { src: tracker + "/stays.gif" });"#,
        )
        .await;
    world.browser.js(ALLOW).await;
    world.reached(TRACKER, "/stays.gif").await;
    world.settle().await;
    let arrived: Vec<String> = world
        .site
        .arrivals(TRACKER)
        .into_iter()
        .map(|arrival| arrival.path)
        .collect();
    assert_eq!(arrived, ["/stays.gif"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_denied_still_is_held_on() {
    let world = denied().await;
    world
        .browser
        .exec(
            r#"window.told = 0;
            put("img", { src: tracker + "/sold.gif" });
            put("img", { src: video + "/targeted.gif" });
            nosale.on("blocked", () => told++);"#,
        )
        .await;
    let allow = |purpose: &str| {
        format!("nosale.optIn({purpose:?}, {{ confirmed: true }}).then(() => true)")
    };
    world.browser.js(allow("targeted_advertising")).await;
    world.reached(VIDEO, "/targeted.gif").await;
    world.nothing_reached(TRACKER).await;
    assert_eq!(world.browser.js("told").await, 0, "it was told once");
    world.browser.js(allow("sale")).await;
    world.nothing_reached(TRACKER).await;
    world.browser.js(allow("sharing")).await;
    world.reached(TRACKER, "/sold.gif").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_pixels_push_nothing_out() {
    let world = denied().await;
    world
        .browser
        .exec(
            r#"put("script", { src: tracker + "/first.js" });
            window.pixels = [];
            for (let turn = 0; turn < 3000; turn++) {
              const pixel = new Image();
              pixel.src = tracker + "/pixel.gif?" + turn;
              pixels.push(pixel);
            }
            put("script", { src: tracker + "/last.js" });"#,
        )
        .await;
    world.browser.js(ALLOW).await;
    world.reached(TRACKER, "/first.js").await;
    world.reached(TRACKER, "/last.js").await;
    world.settle().await;
    assert!(world.arrivals(TRACKER, "/pixel.gif").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withheld_fails_like_the_network_and_comes_back() {
    let world = denied().await;
    let page = r#"(async () => {
        const script = document.createElement("script");
        script.src = tracker + "/both.js";
        script.text = "window.inline = true";
        let early = 0;
        script.onerror = () => early++;
        await new Promise((go) => setTimeout(go, 50));
        const before = early;
        document.head.append(script);
        const player = put("video", { muted: true, src: tracker + "/played.webm" });
        const played = await player.play().catch((error) => error.name);
        const box = put("div", {});
        box.innerHTML = `<noscript><img src="/own.gif"></noscript><img alt="" src="${tracker}/beside.gif">`;
        const made = put("iframe", {}).contentDocument;
        made.write(`<img alt="" src="${tracker}/written.gif">`);
        made.close();
        return [before, window.inline ?? null, played, box.firstChild.textContent];
    })()"#;
    assert_eq!(
        world.browser.js(page).await,
        json!([0, null, "NotSupportedError", "<img src=\"/own.gif\">"])
    );
    assert_eq!(world.browser.js(ALLOW).await, true);
    for path in ["/both.js", "/beside.gif", "/written.gif"] {
        world.reached(TRACKER, path).await;
    }
}
