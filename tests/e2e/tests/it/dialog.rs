//! The dialog: by mouse, keyboard and screen reader, on small and dark screens.

use e2e::{Gpc, Keys, OPTED_OUT, World};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_is_enough() {
    let world = World::new(Gpc::Absent).await;
    let markup = world
        .markup()
        .body(r#"<button id="behind">Behind</button> <a href="/x">Away</a>"#);
    world.store("1.1750000000.o----.1.US-CA.-.-").await;
    world.visit("/", &markup).await;
    let dialog = world.dialog();
    world.browser.until(dialog.link()).await;
    world
        .browser
        .exec(format!("{}.focus()", dialog.link()))
        .await;
    world.browser.press(&[Keys::Enter]).await;
    dialog.opened().await;
    assert_eq!(
        world.browser.js(&inside("true")).await,
        true,
        "the focus goes into the dialog"
    );

    // Round and round: everything is reached, and nothing on the page behind.
    let mut reached = Vec::new();
    for _ in 0..30 {
        let held = "['HTML', 'BODY'].includes(document.activeElement?.nodeName) || \
                    document.activeElement?.matches('[data-nosale-dialog]')";
        assert_eq!(
            world.browser.js(held).await,
            true,
            "the focus left the dialog"
        );
        let name = world
            .browser
            .js(&inside(
                "active.name || active.dataset.do || active.localName",
            ))
            .await;
        if !reached.contains(&name) {
            reached.push(name);
        }
        world.browser.press(&[Keys::Tab]).await;
    }
    for part in [
        "sale",
        "sharing",
        "targeted_advertising",
        "opt-out-all",
        "allow-all",
        "save",
        "close",
    ] {
        assert!(
            reached.contains(&json!(part)),
            "{part} is out of the keyboard's reach: {reached:?}"
        );
    }
    world.browser.press(&[Keys::Shift, Keys::Tab]).await;

    // A switch turns by the space bar, a button is pressed by Enter.
    world
        .browser
        .exec(format!("{}.focus()", dialog.find("[name=sale]")))
        .await;
    world.browser.press(&[Keys::Space]).await;
    assert!(dialog.is_on("sale").await);
    world.browser.press(&[Keys::Escape]).await;
    dialog.closed().await;
    let back = format!("document.activeElement === {}", dialog.link());
    assert_eq!(
        world.browser.js(back).await,
        true,
        "the focus returns to the link"
    );

    world.browser.press(&[Keys::Enter]).await;
    dialog.opened().await;
    world
        .browser
        .exec(format!("{}.focus()", dialog.find("[data-do=opt-out-all]")))
        .await;
    world.browser.press(&[Keys::Enter]).await;
    world
        .recorded("an opt-out", |record| record.choices.starts_with("ooo"))
        .await;
}

/// An expression on `active`, the element in the dialog that has the focus; `null` without one.
fn inside(expression: &str) -> String {
    format!(
        "(active => active && ({expression}))\
         (document.querySelector('[data-nosale-dialog]')?.shadowRoot?.activeElement)"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_returns_the_focus_to_the_opener() {
    let world = World::new(Gpc::Absent).await;
    let own = r#"<button type="button" id="own" data-nosale-link>Privacy</button>"#;
    world.visit("/", &world.markup().body(own)).await;
    world
        .dialog()
        .open()
        .await
        .press("close")
        .await
        .closed()
        .await;
    assert_eq!(world.browser.js("document.activeElement.id").await, "own");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_reader_hears_what_is_there() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup()).await;
    world.browser.until(world.dialog().link()).await;
    let before = tree(&world).await;
    let links: Vec<_> = before
        .iter()
        .filter(|node| node.1 == "Your Privacy Choices")
        .collect();
    assert!(
        links
            .iter()
            .any(|node| node.0 == "link" || node.0 == "button"),
        "{links:?}"
    );

    world.dialog().open().await;
    let nodes = tree(&world).await;
    let of = |role: &str| -> Vec<&str> {
        let all = nodes.iter().filter(|node| node.0 == role);
        all.map(|node| node.1.as_str()).collect()
    };
    let dialogs = of("dialog");
    assert_eq!(dialogs.len(), 1, "{nodes:?}");
    assert!(!dialogs[0].is_empty(), "the dialog has a name");
    let switches = of("switch");
    assert_eq!(switches.len(), 3, "{nodes:?}");
    let mut distinct = switches.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(
        distinct.len(),
        3,
        "each with a name of its own: {switches:?}"
    );
    assert!(switches.iter().all(|name| name.len() > 3), "{switches:?}");
    let buttons = of("button");
    assert!(
        buttons.len() >= 4 && buttons.iter().all(|name| !name.is_empty()),
        "{buttons:?}"
    );
    assert!(
        buttons
            .iter()
            .any(|name| name.to_lowercase().contains("opt out of all")),
        "{buttons:?}"
    );
    assert!(!of("heading").is_empty(), "a heading to jump to");
}

/// Role and name of everything that assistive tools are given, and whether it cannot be changed.
pub async fn tree(world: &World) -> Vec<(String, String, bool)> {
    world.browser.cdp("Accessibility.enable", json!({})).await;
    let tree = world
        .browser
        .cdp("Accessibility.getFullAXTree", json!({}))
        .await;
    let text = |value: &Value| {
        value["value"]
            .as_str()
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let nodes = tree["nodes"].as_array().expect("nodes").iter();
    nodes
        .filter(|node| node["ignored"] != true)
        .map(|node| {
            let mut properties = node["properties"].as_array().into_iter().flatten();
            let disabled =
                properties.any(|one| one["name"] == "disabled" && one["value"]["value"] == true);
            (text(&node["role"]), text(&node["name"]), disabled)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_honoured_signal_is_shown() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup()).await;
    let dialog = world.dialog().open().await;
    let status = dialog.status().await;
    assert!(status.contains("Opt-Out Request Honored"), "{status:?}");
    assert!(!dialog.is_on("sale").await, "the switches show what holds");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_signal_none_is_claimed() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    let dialog = world.dialog().open().await;
    let text = dialog.text().await;
    assert!(!text.contains("Opt-Out Request Honored"), "{text}");
    assert!(!text.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_tells_that_the_opt_out_holds() {
    let world = World::new(Gpc::Absent).await;
    world.store(OPTED_OUT).await;
    world.visit("/", &world.markup()).await;
    let dialog = world.dialog().open().await;
    for purpose in ["sale", "sharing", "targeted_advertising"] {
        assert!(!dialog.is_on(purpose).await, "{purpose}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_choice_has_the_same_weight() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    let dialog = world.dialog().open().await;
    let look = async |action: &str| {
        let button = dialog.find(&format!("[data-do={action}]"));
        let script = format!(
            "(button => {{
                const style = getComputedStyle(button), box = button.getBoundingClientRect();
                return {{
                  colour: style.color, ground: style.backgroundColor, border: style.border,
                  size: style.fontSize, weight: style.fontWeight, decoration: style.textDecorationLine,
                  height: Math.round(box.height),
                }};
            }})({button})"
        );
        world.browser.js(script).await
    };
    let out = look("opt-out-all").await;
    assert_eq!(out, look("allow-all").await, "opting out and in look alike");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_fits_a_narrow_screen() {
    let world = World::new(Gpc::Absent).await;
    let screen = json!({ "width": 320, "height": 480, "deviceScaleFactor": 1, "mobile": false });
    world
        .browser
        .cdp("Emulation.setDeviceMetricsOverride", screen)
        .await;
    world.store(OPTED_OUT).await;
    world.visit("/", &world.markup()).await;
    let dialog = world.dialog().open().await;
    assert_eq!(world.browser.js("innerWidth").await, 320);
    assert_fits(&world).await;

    dialog.press("allow-all").await.offers("confirm").await;
    assert_fits(&world).await;
}

async fn assert_fits(world: &World) {
    let wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth";
    assert_eq!(
        world.browser.js(wide).await,
        false,
        "the page scrolls sideways"
    );
    let outside = world
        .browser
        .js(r#"(() => {
            const root = document.querySelector("[data-nosale-dialog]").shadowRoot;
            const dialog = root.querySelector("dialog");
            const found = [];
            if (dialog.scrollWidth > dialog.clientWidth) found.push("the dialog scrolls sideways");
            for (const element of [dialog, ...dialog.querySelectorAll("*")]) {
              if (!element.checkVisibility() || element.closest("svg")) continue;
              const box = element.getBoundingClientRect();
              if (box.width > 1 && (box.left < -0.5 || box.right > innerWidth + 0.5))
                found.push(element.localName + " " + (element.dataset.do ?? element.name ?? ""));
            }
            const box = dialog.getBoundingClientRect();
            if (box.height > innerHeight + 0.5) found.push("higher than the screen");
            return found;
        })()"#)
        .await;
    assert_eq!(outside, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_can_be_read_in_light_and_dark() {
    let world = World::new(Gpc::On).await;
    world.page("/", &world.markup());
    for scheme in ["light", "dark"] {
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        world.browser.cdp("Emulation.setEmulatedMedia", media).await;
        world.open("/").await;
        world.dialog().open().await;
        let told = world.browser.js(CONTRAST).await;
        assert!(told["texts"].as_u64().unwrap() >= 6, "{told}");
        assert_eq!(told["weak"], json!([]), "{scheme}");
        let ground = told["ground"].as_f64().unwrap();
        assert_eq!(
            ground < 0.2,
            scheme == "dark",
            "the dialog's own ground is {ground} in {scheme}"
        );
    }
}

/// The contrast (WCAG 2.2, 1.4.3) of each text in the dialog with what is behind it.
const CONTRAST: &str = r#"(() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const parse = colour => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const luminance = ([red, green, blue]) => {
      const [r, g, b] = [red, green, blue].map(part => part / 255)
        .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = element => {
      for (let at = element; at; at = at.parentElement) {
        const colour = parse(getComputedStyle(at).backgroundColor);
        if (colour[3] > 250) return colour;
      }
      return [255, 255, 255, 255];
    };
    const dialog = document.querySelector("[data-nosale-dialog]").shadowRoot.querySelector("dialog");
    const weak = [];
    let texts = 0;
    const walker = document.createTreeWalker(dialog, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.localName === "style") continue;
      texts += 1;
      const [one, other] = [luminance(parse(getComputedStyle(element).color)), luminance(ground(element))];
      const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      if (contrast < 4.5) weak.push([walker.currentNode.data.trim(), Math.round(contrast * 100) / 100]);
    }
    return { texts, weak, ground: luminance(ground(dialog)) };
})()"#;

#[tokio::test(flavor = "multi_thread")]
async fn english_runs_from_left_to_right_on_any_page() {
    let world = World::new(Gpc::Absent).await;
    let turned = "<script>document.documentElement.dir = 'rtl'</script>";
    world.visit("/", &world.markup().head(turned)).await;
    world.dialog().open().await;
    let direction = "getComputedStyle(document.querySelector('[data-nosale-dialog]')\
                     .shadowRoot.querySelector('dialog')).direction";
    assert_eq!(world.browser.js(direction).await, "ltr");
}
