//! The visitor's language: how it is found, and what happens where its file does not come.

use e2e::{Gpc, Launch, Markup, Page, WWW, World};
use serde_json::{Value, json};

const LINK: &str = "document.querySelector('footer [data-nosale]')";

fn in_language(world: &World, lang: &str) -> Markup {
    world
        .markup()
        .tag(&format!(
            r#"<script>document.documentElement.lang = "{lang}"</script><script src="/nosale.js"></script>"#
        ))
}

fn text(locale: &str, key: &str) -> String {
    let file = format!(
        "{}/../../www/locales/{locale}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let texts: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    texts[key].as_str().unwrap().to_owned()
}

async fn asked_for(world: &World) -> Value {
    let names = "performance.getEntriesByType('resource').map(entry => entry.name.split('/locales/')[1]?.split('?')[0]).filter(name => name)";
    world.browser.js(names).await
}

#[tokio::test(flavor = "multi_thread")]
async fn english_asks_for_no_file() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &in_language(&world, "en-GB")).await;
    world.dialog().open().await;
    assert_eq!(asked_for(&world).await, json!([]));
    let host = "document.querySelector('[data-nosale-dialog]')";
    let told = world.browser.js(format!("[{host}.lang, {host}.dir]")).await;
    assert_eq!(told, json!(["en", "ltr"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_of_the_page_goes_first() {
    let world = World::with(Launch {
        args: vec!["--lang=de".into(), "--accept-lang=fr-CA,de".into()],
        ..Launch::default()
    })
    .await;
    for (lang, locale) in [
        ("es-MX", "es"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh", "zh-Hans"),
        ("fil", "tl"),
    ] {
        world.visit("/", &in_language(&world, lang)).await;
        world.browser.until(LINK).await;
        assert_eq!(
            asked_for(&world).await,
            json!([format!("{locale}.json")]),
            "{lang}"
        );
        let link = world.browser.js(format!("{LINK}.textContent")).await;
        let link = link.as_str().unwrap().trim();
        let own = text(locale, "your_privacy_choices");
        assert_eq!(
            link,
            format!("Your Privacy Choices ({own})"),
            "the legal title stays"
        );
        let dialog = world.dialog().open().await;
        let said = dialog.text().await;
        assert!(
            said.contains(&text(locale, "opt_out_all")),
            "{lang}: {said}"
        );
        assert!(!said.contains("Opt out of all"), "{lang}");
    }
    // The page's language is one that nosale does not speak: then the browser's count.
    world.visit("/", &in_language(&world, "it")).await;
    world.browser.until(LINK).await;
    let languages = world.browser.js("navigator.languages[0]").await;
    assert!(languages.as_str().unwrap().starts_with("fr"), "{languages}");
    assert_eq!(asked_for(&world).await, json!(["fr.json"]));

    // The config goes before both.
    let config = world.config_with(json!({ "notice": { "locale": "de" } }));
    world
        .visit("/", &in_language(&world, "es").config(&config))
        .await;
    world.browser.until(LINK).await;
    assert_eq!(asked_for(&world).await, json!(["de.json"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn right_to_left_runs_right_to_left() {
    let world = World::new(Gpc::On).await;
    for locale in ["ar", "fa", "he"] {
        world.visit("/", &in_language(&world, locale)).await;
        let dialog = world.dialog().open().await;
        let side = "(box => box('[name=sale]').left < box('[for=sale]').left)
               (css => document.querySelector('[data-nosale-dialog]').shadowRoot.querySelector(css).getBoundingClientRect())";
        assert_eq!(
            world.browser.js(side).await,
            true,
            "{locale}: switches stand on the left"
        );
        let dialog = dialog.find("dialog");
        let told =
            format!("[{dialog}.getRootNode().host.lang, getComputedStyle({dialog}).direction]");
        let told = world.browser.js(told).await;
        assert_eq!(told, json!([locale, "rtl"]));
        let status = world.dialog().status().await;
        let own = text(locale, "honored");
        assert_eq!(status, format!("Opt-Out Request Honored ({own})"));
        let english = world.dialog().find("[data-part=status] bdi[lang=en]");
        assert_eq!(
            world.browser.js(format!("{english}.textContent")).await,
            "Opt-Out Request Honored"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_that_does_not_come_is_english() {
    let world = World::new(Gpc::Absent).await;
    let broken = [
        Page {
            status: 404,
            ..Page::html("no")
        },
        Page::html("{ not JSON"),
        Page::html("null"),
        Page::html("[]"),
        Page::html(r#"{ "opt_out_all": 7, "allow_all": { "a": 1 } }"#),
    ];
    for (turn, page) in broken.into_iter().enumerate() {
        world.put(WWW, "/locales/es.json", page);
        world.visit("/", &in_language(&world, "es")).await;
        world.browser.until(LINK).await;
        let link = world.browser.js(format!("{LINK}.textContent")).await;
        assert_eq!(
            link.as_str().unwrap().trim(),
            "Your Privacy Choices",
            "{turn}"
        );
        let said = world.dialog().open().await.text().await;
        assert!(
            said.contains("Opt out of all") && said.contains("Allow all"),
            "{turn}: {said}"
        );
        let lang = "document.querySelector('[data-nosale-dialog]').lang";
        assert_eq!(world.browser.js(lang).await, "en", "{turn}");
        world.dialog().press("opt-out-all").await;
        world
            .recorded("an opt-out", |record| record.choices == "ooooo")
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dates_and_plurals_follow_the_language() {
    let world = World::new(Gpc::On).await;
    for locale in ["ru", "hy", "km", "hmn", "ar"] {
        world.visit("/", &in_language(&world, locale)).await;
        let dialog = world.dialog().open().await;
        let since = world
            .browser
            .js(format!("{}.textContent", dialog.find("[data-part=since]")))
            .await;
        let since = since.as_str().unwrap().to_owned();
        assert!(!since.contains('{'), "{since}");
        let known = format!("Intl.DateTimeFormat.supportedLocalesOf('{locale}').length");
        let known = world.browser.js(known).await == json!(1);
        let iso = since
            .split(|letter: char| !letter.is_ascii_digit() && letter != '-')
            .any(|word| word.len() == 10 && word.matches('-').count() == 2);
        assert_eq!(iso, !known, "{locale}: {since}");
        let vendors = world
            .browser
            .js(format!(
                "{}.textContent",
                dialog.find("[data-part=vendors]")
            ))
            .await;
        let vendors = vendors.as_str().unwrap();
        assert!(
            !vendors.contains('{') && !vendors.contains("companies"),
            "{locale}: {vendors}"
        );
    }
    // Russian has a form of its own for some numbers.
    world.visit("/", &in_language(&world, "ru")).await;
    let dialog = world.dialog().open().await;
    let told = world
        .browser
        .js(format!(
            "(place => (count => [count, new Intl.PluralRules('ru').select(count), place.textContent])
               (place.querySelector('ul').children.length))({})",
            dialog.find("[data-part=vendors]")
        ))
        .await;
    let key = format!("vendors_count_{}", told[1].as_str().unwrap());
    let counted = text("ru", &key).replace("{count}", &told[0].to_string());
    assert!(told[2].as_str().unwrap().contains(&counted), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_frame_speaks_the_visitors_language() {
    let world = World::new(Gpc::On).await;
    let frame = r#"<iframe title="ad" width="400" height="200" data-vendor="video"
        data-src="http://video.localhost:{port}/embed"></iframe>"#;
    let page = in_language(&world, "fa").body(frame);
    world.visit("/", &page).await;
    let inside = "document.querySelector('iframe[title=ad]').contentDocument";
    let told = world
        .browser
        .until(format!(
            "{inside}.querySelector('button') && [{inside}.documentElement.lang, {inside}.documentElement.dir,
              {inside}.querySelector('p').textContent, {inside}.querySelector('button').textContent]"
        ))
        .await;
    let blocked = text("fa", "placeholder").replace("{name}", "video.localhost");
    let button = text("fa", "placeholder_button");
    assert_eq!(told, json!(["fa", "rtl", blocked, button]));
}
