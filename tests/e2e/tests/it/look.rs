//! The look is the publisher's to change, and nobody else's; under strict policies, too.

use e2e::{Gpc, World};
use serde_json::{Value, json};

const STRICT: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'none'; img-src data:; \
    connect-src 'self' http://127.0.0.1:* http://partner.localhost:*; require-trusted-types-for 'script'; trusted-types 'none'";

#[tokio::test(flavor = "multi_thread")]
async fn custom_properties_and_parts_reach_the_dialog() {
    let world = World::new(Gpc::Absent).await;
    let style = "<style>:root { --nosale-accent: rgb(0, 90, 0); --nosale-radius: 0px; --nosale-width: 300px }
        [data-nosale-dialog]::part(title) { letter-spacing: 3px }</style>";
    world.visit("/", &world.markup().head(style)).await;
    let dialog = world.dialog().open().await;
    let of = |css: &str, name: &str| format!("getComputedStyle({}).{name}", dialog.find(css));
    for (css, name, value) in [
        ("[data-do=opt-out-all]", "color", "rgb(0, 90, 0)"),
        ("dialog", "borderRadius", "0px"),
        ("dialog", "width", "300px"),
        ("#title", "letterSpacing", "3px"),
    ] {
        assert_eq!(world.browser.js(of(css, name)).await, value, "{css} {name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_styles_of_the_page_stay_outside() {
    let world = World::new(Gpc::Absent).await;
    let dialog = world.dialog();
    let look = "(root => ['dialog', '#title', 'label', 'input', '[data-do=save]', 'p', 'summary'].map(css => {
        const style = getComputedStyle(root.querySelector(css));
        return [css, style.color, style.backgroundColor, style.font, style.display, style.padding, style.direction,
          style.textTransform, style.letterSpacing, style.visibility, style.opacity].join('|');
    }))(document.querySelector('[data-nosale-dialog]').shadowRoot)";
    world.visit("/", &world.markup()).await;
    dialog.open().await;
    let plain = world.browser.js(look).await;
    let hostile = "<style>* { color: red !important; font: 40px cursive !important; display: none !important; padding: 50px !important;
        text-transform: uppercase !important; letter-spacing: 9px !important; visibility: hidden !important; opacity: 0.1 !important }
        html, head, body, main, footer, footer * { display: block !important; visibility: visible !important; opacity: 1 !important }</style>";
    world.visit("/hostile", &world.markup().head(hostile)).await;
    world.browser.exec("nosale.open()").await;
    dialog.opened().await;
    assert_eq!(world.browser.js(look).await, plain);
}

#[tokio::test(flavor = "multi_thread")]
async fn strict_policies_refuse_nothing() {
    let world = World::new(Gpc::On).await;
    let config =
        world.config_with(json!({ "notice": { "locale": "es", "policyUrl": "/privacy" } }));
    world
        .visit_under(STRICT, "/", &world.markup().config(&config))
        .await;
    world
        .browser
        .until("document.querySelector('[data-nosale]')")
        .await;
    let message = world.dialog().find(".message");
    world.browser.until(message).await;
    let dialog = world.dialog().open().await.press("opt-out-all").await;
    dialog.offers("copy").await;
    let padding = format!("getComputedStyle({}).paddingTop", dialog.find("dialog"));
    assert_eq!(world.browser.js(padding).await, "20px", "it is styled");
    let styled = "[document.querySelector('footer'), document.querySelector('[data-nosale-dialog]').shadowRoot]
        .map(part => part.querySelectorAll('[style], style').length).join()";
    assert_eq!(world.browser.js(styled).await, "0,0");
    let console = world.browser.console().await.to_string();
    for word in ["Content Security Policy", "Trusted", "Refused"] {
        assert!(!console.contains(word), "{console}");
    }
}

/// What an attacker or a slip of the pen may put into a text: none of it is anything but text.
const INJECTIONS: [&str; 50] = [
    "<script>window.hit = 1</script>",
    "<img src=x onerror=window.hit=1>",
    "<svg onload=window.hit=1>",
    "<svg><script>window.hit=1</script></svg>",
    "<iframe srcdoc='<script>parent.hit=1</script>'></iframe>",
    "<details open ontoggle=window.hit=1>",
    "<a href=javascript:window.hit=1>click</a>",
    "<body onload=window.hit=1>",
    "<input autofocus onfocus=window.hit=1>",
    "<video><source onerror=window.hit=1></video>",
    "<style>*{display:none}</style>",
    "<link rel=stylesheet href=//tracker.localhost/x.css>",
    "<base href=//tracker.localhost/>",
    "<meta http-equiv=refresh content='0;url=/hit'>",
    "<form action=/hit><button>go</button></form>",
    "<object data=/hit></object>",
    "<embed src=/hit>",
    "<template><script>window.hit=1</script></template>",
    "<slot name=title></slot>",
    "</p></dialog><script>window.hit=1</script>",
    "</script><script>window.hit=1</script>",
    "--><script>window.hit=1</script><!--",
    "]]><script>window.hit=1</script>",
    "\"><script>window.hit=1</script>",
    "'><script>window.hit=1</script>",
    "\" onmouseover=\"window.hit=1",
    "' autofocus onfocus='window.hit=1",
    "`-window.hit=1-`",
    "${window.hit=1}",
    "{{constructor.constructor('window.hit=1')()}}",
    "{%raw%}<%= window.hit=1 %>",
    "{name}{count}{date}",
    "@opt_out_all",
    "§honored",
    "*",
    "javascript:window.hit=1",
    "data:text/html,<script>window.hit=1</script>",
    "\\u003cscript\\u003ewindow.hit=1\\u003c/script\\u003e",
    "&lt;script&gt;window.hit=1&lt;/script&gt;",
    "&#60;script&#62;window.hit=1&#60;/script&#62;",
    "%3Cscript%3Ewindow.hit=1%3C/script%3E",
    "<ScRiPt>window.hit=1</sCrIpT>",
    "<scr<script>ipt>window.hit=1</script>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.hit=1>",
    "<noscript><p title='</noscript><img src=x onerror=window.hit=1>'>",
    "\u{202e}txet desrever",
    "a\u{0}b\u{1b}[31m",
    "__proto__",
    "</style><script>window.hit=1</script>",
    "url(//tracker.localhost/x)",
];

#[tokio::test(flavor = "multi_thread")]
async fn texts_from_the_config_are_text() {
    let world = World::new(Gpc::Absent).await;
    for text in INJECTIONS {
        let config = world.config_with(json!({
            "vendors": [{ "name": text, "hosts": ["tracker.localhost"], "purposes": ["sale"] }],
            "account": { "id": text },
            "notice": { "sentence": text, "policyUrl": text, "optOutUrl": text, "locale": text, "theme": text, "position": text,
                "link": text, "mode": text, "contacts": [text] },
        }));
        // A config element ends where its script element does: the publisher's own side must care.
        let config = config.to_string().replace('<', "\\u003c");
        world.visit("/", &world.markup().config_text(&config)).await;
        let dialog = world.dialog().open().await;
        let sentence = format!("{}.textContent", dialog.find("[data-part=sentence]"));
        assert_eq!(world.browser.js(sentence).await, text, "as it was written");
        let vendors = format!("{}.textContent", dialog.find("[data-part=vendors]"));
        let vendors = world.browser.js(vendors).await;
        assert!(
            vendors.as_str().unwrap().contains(&text.replace('_', " ")),
            "{vendors}"
        );
        assert_eq!(world.browser.js("window.hit").await, Value::Null, "{text}");
        let links = format!(
            "[...{}.querySelectorAll('a'), ...document.querySelectorAll('a')].filter(link => /^(javascript|data):/.test(link.protocol)).length",
            dialog.find("dialog")
        );
        assert_eq!(world.browser.js(links).await, 0, "{text}");
        let foreign = format!(
            "[...{}.querySelectorAll('script, img, iframe, svg, style, link, base, meta, object, embed, video, template, slot')].length",
            dialog.find("dialog")
        );
        assert_eq!(world.browser.js(foreign).await, 0, "{text}");
        assert_eq!(world.browser.js("location.pathname").await, "/");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_that_are_too_long_wrap() {
    let world = World::new(Gpc::Absent).await;
    let long = "Advertisingpaysforalotofthings".repeat(60);
    let config = world.config_with(json!({
        "vendors": [{ "name": &long[..99], "hosts": ["tracker.localhost"], "purposes": ["sale"] }],
        "notice": { "sentence": long },
    }));
    let screen = json!({ "width": 320, "height": 480, "deviceScaleFactor": 1, "mobile": false });
    world
        .browser
        .cdp("Emulation.setDeviceMetricsOverride", screen)
        .await;
    world.visit("/", &world.markup().config(&config)).await;
    let dialog = world.dialog().open().await;
    dialog.unfold().await;
    let cut = e2e::Problems(&world.browser).cut().await;
    assert!(cut.is_empty(), "{cut:#?}");
}
