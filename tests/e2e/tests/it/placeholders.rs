//! Placeholders: what a blocked frame shows, and the way from it to the choices.

use e2e::{Gpc, Keys, Markup, OPTED_OUT, Page, TRACKER, VIDEO, WWW, World};
use serde_json::{Value, json};

const FRAME: &str = r#"<iframe title="ad" width="400" height="200" class="wide" data-vendor="video"
    data-src="http://video.localhost:{port}/embed"></iframe>"#;

const ALLOW: &str = "nosale.optIn(undefined, { confirmed: true }).then(() => true)";

/// The text of the placeholder in the frame that `css` selects, without its button; null if it shows none.
fn text(css: &str) -> String {
    format!(
        "document.querySelector({})?.contentDocument?.querySelector('[data-nosale-placeholder] p')?.innerText ?? null",
        json!(css)
    )
}

async fn opted_out(markup: impl FnOnce(&World) -> Markup) -> World {
    let world = World::new(Gpc::Absent).await;
    world.store(OPTED_OUT).await;
    world.visit("/", &markup(&world)).await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inert_frame_says_who_is_blocked_and_keeps_its_box() {
    let frames = FRAME.to_owned()
        + r#"<iframe title="pixel" width="1" height="1" data-vendor="video" data-src="http://video.localhost:{port}/pixel"></iframe>
        <iframe title="hidden" hidden data-vendor="video" data-src="http://video.localhost:{port}/hidden"></iframe>
        <iframe title="own" width="400" height="200" src="/own.html"></iframe>"#;
    let world = opted_out(|world| world.markup().body(&frames)).await;
    let said = world.browser.until(text("iframe[title=ad]")).await;
    assert_eq!(
        said,
        "Content from video.localhost is blocked by your privacy choices."
    );
    let told = world
        .browser
        .js(r#"(() => {
            const box = css => document.querySelector(css).getBoundingClientRect();
            const seen = css => [...document.querySelector(css).contentDocument.querySelectorAll("[data-nosale-placeholder] :is(p, button)")]
              .some(each => each.checkVisibility());
            const frame = document.querySelector("iframe[title=ad]");
            return {
              box: [box("iframe[title=ad]").width, box("iframe[title=ad]").height],
              same: [frame.className, frame.title, frame.hasAttribute("style")],
              seen: ["ad", "pixel", "hidden", "own"].map(title => seen(`iframe[title=${title}]`)),
            };
        })()"#)
        .await;
    let expected = json!({
        "box": [404, 204], "same": ["wide", "ad", false], "seen": [true, false, false, false],
    });
    assert_eq!(told, expected);
    world.nothing_reached(VIDEO).await;

    world
        .browser
        .exec("window.frame = document.querySelector('iframe[title=ad]')")
        .await;
    world.browser.js(ALLOW).await;
    world.reached(VIDEO, "/embed").await;
    let same = "frame === document.querySelector('iframe[title=ad]') && frame.src";
    assert_eq!(
        world.browser.js(same).await,
        json!(world.site.url(VIDEO, "/embed"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_a_script_inserts_has_one_too() {
    let world = opted_out(World::markup).await;
    world
        .browser
        .exec(
            r#"const at = "http://video.localhost:" + location.port;
            const make = () => Object.assign(document.createElement("iframe"), { width: 400, height: 200 });
            const first = make();
            first.id = "before";
            first.src = at + "/before";
            document.body.append(first);
            const second = make();
            second.id = "after";
            document.body.append(second);
            second.src = at + "/after";
            document.body.insertAdjacentHTML("beforeend", `<iframe id="text" width="400" height="200" src="${at}/text"></iframe>`);
            const other = make();
            other.id = "changed";
            other.src = at + "/changed";
            document.body.append(other);
            other.src = "/own.html";
            const plain = make();
            plain.id = "plain";
            document.body.append(plain);"#,
        )
        .await;
    for id in ["#before", "#after", "#text"] {
        let said = world.browser.until(text(id)).await;
        assert_eq!(
            said, "Content from video.localhost is blocked by your privacy choices.",
            "{id}"
        );
    }
    world.reached(WWW, "/own.html").await;
    world.nothing_reached(VIDEO).await;
    for id in ["#changed", "#plain"] {
        assert_eq!(world.browser.js(text(id)).await, Value::Null, "{id}");
    }
    world.browser.js(ALLOW).await;
    for path in ["/before", "/after", "/text"] {
        world.reached(VIDEO, path).await;
    }
    world.settle().await;
    assert!(world.arrivals(VIDEO, "/changed").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_out_in_mid_page_puts_one_in_place_without_a_shift() {
    let world = World::new(Gpc::Absent).await;
    let frames = r#"<iframe title="plain" width="400" height="200" src="http://video.localhost:{port}/embed"></iframe>"#
        .to_owned()
        + FRAME
        + "<p id=\"below\">below</p>";
    world.visit("/", &world.markup().body(&frames)).await;
    world.reached(VIDEO, "/embed").await;
    world.settle().await;
    world
        .browser
        .exec(
            "window.shift = 0;
             new PerformanceObserver(list => { for (const entry of list.getEntries()) shift += entry.value })
               .observe({ type: 'layout-shift', buffered: true });
             window.top0 = document.querySelector('#below').getBoundingClientRect().top;
             nosale.optOut();",
        )
        .await;
    for title in ["iframe[title=plain]", "iframe[title=ad]"] {
        let said = world.browser.until(text(title)).await;
        assert_eq!(
            said,
            "Content from video.localhost is blocked by your privacy choices."
        );
    }
    world
        .browser
        .js("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50, true)))")
        .await;
    let moved = "[document.querySelector('#below').getBoundingClientRect().top - top0, shift]";
    assert_eq!(world.browser.js(moved).await, json!([0, 0]));
    world.forget();
    world.nothing_reached(VIDEO).await;
    world.browser.js(ALLOW).await;
    world.reached(VIDEO, "/embed").await;
    world
        .browser
        .until("[...document.querySelectorAll('main iframe')].every(frame => frame.src)")
        .await;
}

/// Presses Tab until the frame has the focus, then Enter.
async fn press_in_frame(world: &World) {
    for _ in 0..12 {
        world.browser.press(&[Keys::Tab]).await;
        let inside = "document.activeElement.localName === 'iframe'
            && document.activeElement.contentDocument.activeElement.localName === 'button'";
        if world.browser.js(inside).await == true {
            world.browser.press(&[Keys::Enter]).await;
            return;
        }
    }
    panic!("the keyboard does not get to the placeholder's button");
}

#[tokio::test(flavor = "multi_thread")]
async fn its_button_asks_for_what_holds_it_in_two_steps() {
    let world = opted_out(|world| world.markup().body(FRAME)).await;
    world.browser.until(text("iframe[title=ad]")).await;
    press_in_frame(&world).await;
    let dialog = world.dialog().opened().await.offers("confirm").await;
    let asked = dialog.text().await;
    assert!(
        asked.contains("Targeted advertising") && !asked.contains("Sale of"),
        "{asked}"
    );
    world.nothing_reached(VIDEO).await;
    // Leaving it brings the focus back.
    world.browser.press(&[Keys::Escape]).await;
    dialog.closed().await;
    let back = "document.activeElement.contentDocument?.activeElement.localName === 'button'";
    world.browser.until(back).await;
    world.browser.press(&[Keys::Enter]).await;
    world.dialog().opened().await.press("confirm").await;
    world.reached(VIDEO, "/embed").await;
    assert_eq!(
        world.decision("sale").await["allowed"],
        false,
        "no more than was asked"
    );
    assert_eq!(
        world.decision("targeted_advertising").await["allowed"],
        true
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn its_button_shows_the_choices_where_the_visitor_cannot_lift_it() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup().body(FRAME)).await;
    world.browser.until(text("iframe[title=ad]")).await;
    press_in_frame(&world).await;
    world.dialog().opened().await.offers("save").await;
    world.nothing_reached(VIDEO).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn assistive_tools_are_told_what_it_is() {
    let world = opted_out(|world| world.markup().body(FRAME)).await;
    world.browser.until(text("iframe[title=ad]")).await;
    let browser = &world.browser;
    browser.cdp("Accessibility.enable", json!({})).await;
    let frames = browser.cdp("Page.getFrameTree", json!({})).await;
    // The locator frames have names, and may come first.
    let frames = frames["frameTree"]["childFrames"].as_array();
    let blank = frames
        .expect("frames")
        .iter()
        .find(|child| child["frame"]["name"].as_str().unwrap_or_default() == "");
    let id = &blank.expect("the blocked frame")["frame"]["id"];
    let tree = browser
        .cdp("Accessibility.getFullAXTree", json!({ "frameId": id }))
        .await;
    let nodes = tree["nodes"].as_array().expect("nodes");
    let find = |role: &str| {
        nodes
            .iter()
            .find(|node| node["role"]["value"] == role && node["ignored"] != true)
    };
    let button = find("button").expect("a button");
    assert_eq!(button["name"]["value"], "Your privacy choices");
    assert_eq!(
        button["description"]["value"],
        "Content from video.localhost is blocked by your privacy choices."
    );
    let page = find("RootWebArea").expect("a document");
    assert_eq!(
        page["name"]["value"],
        "Content from video.localhost is blocked by your privacy choices."
    );
    assert!(find("paragraph").is_some());
    let language =
        "document.querySelector('iframe[title=ad]').contentDocument.documentElement.lang";
    assert_eq!(browser.js(language).await, "en");
    let target = "(() => { const box = document.querySelector('iframe[title=ad]').contentDocument.querySelector('button')
        .getBoundingClientRect(); return box.width >= 24 && box.height >= 24 })()";
    assert_eq!(
        browser.js(target).await,
        true,
        "a target that can be hit (WCAG 2.5.8)"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn strict_policies_do_not_stop_it() {
    let world = World::new(Gpc::On).await;
    let page = Page {
        headers: vec![(
            "Content-Security-Policy".to_owned(),
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'none'; require-trusted-types-for 'script'; \
             trusted-types 'none'"
                .to_owned(),
        )],
        ..Page::html(world.markup().body(FRAME).to_string())
    };
    world.put(WWW, "/", page);
    world.open("/").await;
    world.browser.until(text("iframe[title=ad]")).await;
    let style =
        "getComputedStyle(document.querySelector('iframe[title=ad]').contentDocument.body).display";
    assert_eq!(
        world.browser.js(style).await,
        "flex",
        "its style sheet applies"
    );
    let console = world.browser.console().await;
    assert!(
        !console.errs(&["Content Security Policy", "style"]),
        "no inline style"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandboxed_frame_has_the_text_alone_and_stays_sandboxed() {
    let frame = r#"<iframe title="ad" width="400" height="200" sandbox="allow-scripts" data-vendor="video"
        data-src="http://video.localhost:{port}/embed"></iframe>"#;
    let world = opted_out(|world| world.markup().body(frame)).await;
    let srcdoc = world
        .browser
        .until("document.querySelector('iframe[title=ad]').srcdoc")
        .await;
    assert!(
        srcdoc.as_str().unwrap().contains("video.localhost"),
        "{srcdoc}"
    );
    world.browser.js(ALLOW).await;
    world.reached(VIDEO, "/embed").await;
    let left = "(frame => [frame.hasAttribute('srcdoc'), frame.getAttribute('sandbox')])(document.querySelector('iframe[title=ad]'))";
    assert_eq!(
        world.browser.js(left).await,
        json!([false, "allow-scripts"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_of_the_publishers_is_text() {
    let world = World::new(Gpc::On).await;
    let config =
        world.config_with(json!({ "vendors": [{ "name": "tracker<b>", "hosts": [TRACKER] }] }));
    let frames = format!(
        r#"<iframe title="a" width="400" height="200" data-purpose="sale" data-vendor="{0}" data-srcdoc="x"></iframe>
        <iframe title="b" sandbox width="400" height="200" data-purpose="sale" data-vendor="{0}" data-srcdoc="x"></iframe>
        <iframe title="c" width="400" height="200" data-purpose="sale" data-srcdoc="x"></iframe>"#,
        "tracker&lt;b&gt;"
    );
    world
        .visit("/", &Markup::new().config(&config).body(&frames))
        .await;
    let said = world.browser.until(text("iframe[title=a]")).await;
    assert_eq!(
        said,
        "Content from tracker<b> is blocked by your privacy choices."
    );
    let sandboxed = world
        .browser
        .until("document.querySelector('iframe[title=b]').srcdoc")
        .await;
    assert!(
        sandboxed.as_str().unwrap().contains("tracker&#60;b>"),
        "{sandboxed}"
    );
    let said = world.browser.until(text("iframe[title=c]")).await;
    assert_eq!(
        said,
        "Content from another company is blocked by your privacy choices."
    );
}
