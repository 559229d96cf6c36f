//! The dialog and the message for everybody: no violation that axe knows of, in every state, theme
//! and script; nothing cut, nothing too small, also enlarged, without colours and without motion.

use e2e::{Gpc, Keys, Launch, OPTED_OUT, Problems, World};
use serde_json::{Value, json};

/// What is looked at in each theme.
#[derive(Clone, Copy, Debug)]
enum State {
    Choices,
    Sections,
    Saved,
    Confirm,
}

const STATES: [State; 4] = [
    State::Choices,
    State::Sections,
    State::Saved,
    State::Confirm,
];

/// Each script once; `soak` takes every language.
const SCRIPTS: [&str; 5] = ["es", "zh-Hans", "ar", "ru", "hi"];

async fn reach(world: &World, state: State) {
    let dialog = world.dialog();
    match state {
        State::Choices => {
            dialog.open().await;
        }
        State::Sections => dialog.unfold().await,
        State::Saved => {
            dialog.press("opt-out-all").await;
            dialog.offers("copy").await;
        }
        State::Confirm => {
            dialog.press("allow-all").await.offers("confirm").await;
        }
    }
}

fn config(world: &World, theme: &str, locale: &str) -> Value {
    world.config_with(json!({
        "purposes": ["sale", "sharing", "targeted_advertising", "profiling", "sensitive_data"],
        "notice": {
            "theme": theme, "locale": locale, "policyUrl": "/privacy",
            "sentence": "Advertising pays for two thirds of our newsroom.",
            "contacts": ["email", "post", "phone", "text"], "offlineForm": true,
        },
    }))
}

async fn screen(world: &World, width: u32, height: u32) {
    let screen =
        json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    world
        .browser
        .cdp("Emulation.setDeviceMetricsOverride", screen)
        .await;
}

async fn media(world: &World, name: &str, value: &str) {
    let media = json!({ "features": [{ "name": name, "value": value }] });
    world.browser.cdp("Emulation.setEmulatedMedia", media).await;
}

/// Every state in one language: looked at by axe, and at 320 px for what is cut.
async fn assert_usable(world: &World, theme: &str, locale: &str) {
    let markup = world.markup().config(&config(world, theme, locale));
    let problems = Problems(&world.browser);
    world.visit("/", &markup).await;
    for state in STATES {
        reach(world, state).await;
        let found = problems.axe().await;
        assert!(found.is_empty(), "{locale}, {theme}, {state:?}: {found:#?}");
        screen(world, 320, 256).await;
        let cut = problems.cut().await;
        assert!(cut.is_empty(), "{locale}, {state:?} at 320 px: {cut:#?}");
        let small = problems.small().await;
        assert!(small.is_empty(), "{locale}, {state:?}: {small:#?}");
        world
            .browser
            .cdp("Emulation.clearDeviceMetricsOverride", json!({}))
            .await;
    }
    let lang = "document.querySelector('[data-nosale-dialog]').lang";
    assert_eq!(world.browser.js(lang).await, locale);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_kept_out_in_light() {
    let world = World::new(Gpc::Absent).await;
    assert_usable(&world, "light", "en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_kept_out_in_dark() {
    let world = World::new(Gpc::Absent).await;
    assert_usable(&world, "dark", "en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_kept_out_in_other_scripts() {
    let world = World::new(Gpc::Absent).await;
    for locale in SCRIPTS {
        assert_usable(&world, "auto", locale).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "some minutes; `cargo xtask soak` runs it"]
async fn soak_nobody_is_kept_out_in_any_language() {
    let world = World::new(Gpc::Absent).await;
    for locale in nosale_locales() {
        for theme in ["light", "dark"] {
            assert_usable(&world, theme, &locale).await;
        }
    }
}

/// The languages by their files.
pub fn nosale_locales() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/locales");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the texts")
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            name.strip_suffix(".json").map(str::to_owned)
        })
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn the_message_of_a_signal_keeps_nobody_out() {
    let world = World::new(Gpc::On).await;
    for (scheme, ground) in [("light", "rgb(255, 255, 255)"), ("dark", "rgb(30, 31, 35)")] {
        media(&world, "prefers-color-scheme", scheme).await;
        world.browser.exec("localStorage?.clear()").await;
        world
            .browser
            .exec("document.cookie = 'nosale=; Domain=publisher.localhost; Path=/; Max-Age=0'")
            .await;
        world.visit("/", &world.markup()).await;
        let message = world.dialog().find(".message");
        world.browser.until(&message).await;
        let colour = format!("getComputedStyle({message}).backgroundColor");
        assert_eq!(world.browser.js(colour).await, ground);
        let problems = Problems(&world.browser);
        let found = problems.axe().await;
        assert!(found.is_empty(), "{scheme}: {found:#?}");
        world.dialog().open().await;
        let found = problems.axe().await;
        assert!(found.is_empty(), "{scheme}, the dialog: {found:#?}");
        world.open_bare().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn forced_colours_leave_every_state_visible() {
    let world = World::new(Gpc::Absent).await;
    media(&world, "forced-colors", "active").await;
    world.visit("/", &world.markup()).await;
    let dialog = world.dialog().open().await.flip("sale").await;
    let ground = async |name: &str| {
        let switch = dialog.find(&format!("[name={name}]"));
        world
            .browser
            .js(format!(
                "(switch_ => [getComputedStyle(switch_).backgroundColor, getComputedStyle(switch_).borderTopWidth,
                   getComputedStyle(switch_, '::before').backgroundColor])({switch})"
            ))
            .await
    };
    let (off, on) = (ground("sale").await, ground("sharing").await);
    assert_ne!(off[0], on[0], "on and off look different");
    for one in [&off, &on] {
        assert_ne!(one[0], one[2], "the knob is seen on its ground: {one}");
        assert_ne!(one[1], "0px", "{one}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_for_who_asks_for_that() {
    let world = World::new(Gpc::Absent).await;
    media(&world, "prefers-reduced-motion", "reduce").await;
    world.visit("/", &world.markup()).await;
    let dialog = world.dialog().open().await;
    let moving = format!(
        "getComputedStyle({}, '::before').transitionDuration",
        dialog.find("[name=sale]")
    );
    assert_eq!(world.browser.js(&moving).await, "0s");
    media(&world, "prefers-reduced-motion", "no-preference").await;
    assert_ne!(
        world.browser.js(&moving).await,
        "0s",
        "for the others it does"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_may_be_twice_as_large() {
    // The visitor's own setting counts, and not what the page makes of it.
    let world = World::with(Launch {
        prefs: vec![("webkit.webprefs.default_font_size", json!(32))],
        ..Launch::default()
    })
    .await;
    let small = "<style>html { font-size: 62.5% } body { font-size: 1rem }</style>";
    world.visit("/", &world.markup().head(small)).await;
    screen(&world, 640, 480).await;
    let dialog = world.dialog().open().await;
    let size = format!("getComputedStyle({}).fontSize", dialog.find("dialog"));
    assert_eq!(world.browser.js(size).await, "32px");
    world.dialog().unfold().await;
    let cut = Problems(&world.browser).cut().await;
    assert!(cut.is_empty(), "{cut:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switch_that_cannot_turn_says_why() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup()).await;
    let dialog = world.dialog().open().await;
    let switch = dialog.find("[name=sale]");
    world.browser.exec(format!("{switch}.focus()")).await;
    let focus = format!("{switch}.getRootNode().activeElement === {switch}");
    assert_eq!(world.browser.js(focus).await, true, "it takes the focus");
    world.browser.press(&[Keys::Space]).await;
    let saved = format!(
        "{}.textContent.includes('signal')",
        dialog.find("[data-part=saved]")
    );
    world.browser.until(saved).await;
    assert!(!dialog.is_on("sale").await, "it did not turn");

    let nodes = crate::dialog::tree(&world).await;
    assert!(
        nodes.iter().any(|node| node.0 == "switch" && node.2),
        "assistive tools hear that it cannot be changed: {nodes:?}"
    );
    let status = nodes.iter().filter(|node| node.0 == "status").count();
    assert!(status >= 1, "a live region: {nodes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_buttons_are_never_dimmed() {
    for gpc in [Gpc::Absent, Gpc::On] {
        let world = World::new(gpc).await;
        if gpc == Gpc::Absent {
            world.store(OPTED_OUT).await;
        }
        world.visit("/", &world.markup()).await;
        let dialog = world.dialog().open().await;
        let look = |action: &str| {
            format!(
                "(button => {{ const style = getComputedStyle(button), box = button.getBoundingClientRect();
                   return [style.color, style.backgroundColor, style.border, style.font, style.opacity, style.cursor,
                     button.disabled, button.ariaDisabled, box.width, box.height, box.top]; }})({})",
                dialog.find(&format!("[data-do={action}]"))
            )
        };
        let out = world.browser.js(look("opt-out-all")).await;
        assert_eq!(out, world.browser.js(look("allow-all")).await, "{gpc:?}");
        assert_eq!(out[4], "1");
        assert_eq!(out[6], false);
    }
}
