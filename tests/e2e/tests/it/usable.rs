//! The dialog by finger and by eye: touch, the focus that is seen, buttons that stay where they are, what
//! is announced, and no font that has to come first.

use e2e::{Dialog, Gpc, Keys, World};
use serde_json::{Value, json};

/// Taps the middle of an element with a finger.
async fn tap(world: &World, element: &str) {
    let place = world
        .browser
        .until(format!(
            "(element => {{ element?.scrollIntoView({{ block: 'center' }}); const box = element?.getBoundingClientRect();
               return box?.width > 0 && [box.x + box.width / 2, box.y + box.height / 2]; }})({element})"
        ))
        .await;
    for (kind, points) in [
        ("touchStart", json!([{ "x": place[0], "y": place[1] }])),
        ("touchEnd", json!([])),
    ] {
        let touch = json!({ "type": kind, "touchPoints": points });
        world.browser.cdp("Input.dispatchTouchEvent", touch).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_taps_opt_out() {
    let world = World::new(Gpc::Absent).await;
    let phone = json!({ "width": 390, "height": 700, "deviceScaleFactor": 2, "mobile": true });
    world
        .browser
        .cdp("Emulation.setDeviceMetricsOverride", phone)
        .await;
    let fingers = json!({ "enabled": true, "maxTouchPoints": 5 });
    world
        .browser
        .cdp("Emulation.setTouchEmulationEnabled", fingers)
        .await;
    world.visit("/", &world.markup()).await;
    let dialog = world.dialog();
    tap(&world, dialog.link()).await;
    dialog.opened().await;
    tap(&world, &dialog.find("[name=sale]")).await;
    let turned = format!("{}.checked === false", dialog.find("[name=sale]"));
    world.browser.until(turned).await;
    tap(&world, &dialog.find("[data-do=opt-out-all]")).await;
    world
        .recorded("an opt-out", |record| record.choices == "ooooo")
        .await;
    tap(&world, &dialog.find("[data-do=close]")).await;
    dialog.closed().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_focus_is_seen_everywhere() {
    let world = World::new(Gpc::Absent).await;
    let mut config = world.config_with(json!({}));
    config["notice"] =
        json!({ "offlineForm": true, "contacts": ["email"], "policyUrl": "/privacy" });
    world.page("/", &world.markup().config(&config));
    let active = "document.querySelector('[data-nosale-dialog]')?.shadowRoot?.activeElement";
    for (name, value) in [
        ("prefers-color-scheme", "light"),
        ("prefers-color-scheme", "dark"),
        ("forced-colors", "active"),
    ] {
        let media = json!({ "features": [{ "name": name, "value": value }] });
        world.browser.cdp("Emulation.setEmulatedMedia", media).await;
        world.open("/").await;
        world.dialog().open().await.unfold().await;
        let mut seen = Vec::new();
        for _ in 0..80 {
            world.browser.press(&[Keys::Tab]).await;
            let look = world
                .browser
                .js(format!(
                    "(active => active && [active.id || active.dataset.do || active.textContent, getComputedStyle(active).outlineStyle,
                       parseFloat(getComputedStyle(active).outlineWidth),
                       getComputedStyle(active).outlineColor !== getComputedStyle(active.closest('dialog')).backgroundColor])({active})"
                ))
                .await;
            // Outside for a moment: the browser's own bar.
            if look.is_null() {
                continue;
            }
            assert_eq!(look[1], "solid", "{value}: {look}");
            assert!(look[2].as_f64().unwrap() >= 3.0, "{value}: {look}");
            assert_eq!(look[3], true, "{value}: {look}");
            // Once around.
            if seen.first() == Some(&look[0]) {
                break;
            }
            seen.push(look[0].clone());
        }
        for one in ["sale", "opt-out-all", "offline-email", "way-email", "close"] {
            assert!(seen.contains(&json!(one)), "{value}: {one} in {seen:?}");
        }
    }
}

/// The three buttons with their places.
async fn buttons(world: &World, dialog: Dialog<'_>) -> Value {
    let all = format!(
        "[...{}.querySelectorAll('[data-do]')].slice(1, 4).map(button => [button.dataset.do, button.textContent, button.offsetLeft])",
        dialog.find("[data-part=choices]")
    );
    world.browser.js(all).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_buttons_never_change_places() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    let dialog = world.dialog().open().await;
    let first = buttons(&world, dialog).await;
    assert_eq!(first[0][0], "opt-out-all");
    dialog.press("opt-out-all").await.offers("copy").await;
    assert_eq!(buttons(&world, dialog).await, first);
    dialog.press("allow-all").await.offers("confirm").await;
    dialog.press("confirm").await.offers("copy").await;
    assert_eq!(buttons(&world, dialog).await, first);
    let signal = World::new(Gpc::On).await;
    signal.visit("/", &signal.markup()).await;
    let dialog = signal.dialog().open().await;
    assert_eq!(buttons(&signal, dialog).await, first, "under a signal");
}

/// The texts in every live region that assistive tools are given.
async fn announced(world: &World) -> String {
    let tree = world
        .browser
        .cdp("Accessibility.getFullAXTree", json!({}))
        .await;
    let nodes = tree["nodes"].as_array().unwrap();
    let mut told = String::new();
    let mut below: Vec<&Value> = nodes
        .iter()
        .filter(|node| node["role"]["value"] == "status")
        .collect();
    while let Some(node) = below.pop() {
        if node["role"]["value"] == "StaticText" {
            told.push_str(node["name"]["value"].as_str().unwrap_or_default());
            told.push('\n');
        }
        let children = node["childIds"].as_array().into_iter().flatten();
        below.extend(children.filter_map(|id| nodes.iter().find(|node| node["nodeId"] == *id)));
    }
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_saved_is_announced() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    let dialog = world.dialog().open().await;
    assert!(!announced(&world).await.contains("saved"));
    dialog.press("save").await;
    let said = format!(
        "{}.textContent === 'Nothing was changed.'",
        dialog.find("[data-part=saved]")
    );
    world.browser.until(said).await;
    assert!(announced(&world).await.contains("Nothing was changed."));
    dialog.press("opt-out-all").await.offers("copy").await;
    let told = announced(&world).await;
    assert!(
        told.contains("Your choice is saved and in force."),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_font_has_to_come_first() {
    let world = World::new(Gpc::On).await;
    let config = world.config_with(json!({ "notice": { "locale": "km" } }));
    world.visit("/", &world.markup().config(&config)).await;
    world.dialog().open().await;
    let fonts = "[document.fonts.size,
        performance.getEntriesByType('resource').filter(one => /\\.(woff2?|ttf|otf)|fonts/.test(one.name)).length,
        [...document.querySelector('[data-nosale-dialog]').shadowRoot.adoptedStyleSheets[0].cssRules]
          .filter(rule => /@font-face|@import|url\\(/.test(rule.cssText)).length]";
    assert_eq!(world.browser.js(fonts).await, json!([0, 0, 0]));
}
