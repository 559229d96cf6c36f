//! Pictures of every state, theme and language, on one HTML page for people to look at.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use e2e::{Gpc, World};
use serde_json::json;

use crate::access::nosale_locales;

fn folder() -> PathBuf {
    env::var_os("NOSALE_SCREENSHOTS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/screenshots"),
        PathBuf::from,
    )
}

/// A contact sheet that grows picture by picture.
struct Sheet {
    folder: PathBuf,
    html: String,
}

impl Sheet {
    fn new() -> Sheet {
        let folder = folder();
        fs::create_dir_all(&folder).unwrap();
        let html = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>nosale: every state</title>\
            <style>body { font: 14px sans-serif } section { display: flex; flex-wrap: wrap; gap: 12px; align-items: start }\
            figure { margin: 0; width: 300px } img { width: 100%; border: 1px solid #999 }</style>\n";
        Sheet {
            folder,
            html: html.to_owned(),
        }
    }

    fn heading(&mut self, text: &str) {
        writeln!(self.html, "</section><h2>{text}</h2><section>").unwrap();
    }

    async fn take(&mut self, world: &World, name: &str) {
        let file = format!("{name}.png");
        fs::write(self.folder.join(&file), world.browser.screenshot().await).unwrap();
        writeln!(
            self.html,
            "<figure><img loading=\"lazy\" src=\"{file}\" alt=\"\"><figcaption>{name}</figcaption></figure>"
        )
        .unwrap();
    }

    fn finish(self) {
        fs::write(self.folder.join("index.html"), self.html).unwrap();
    }
}

async fn screen(world: &World, width: u32, height: u32) {
    let screen =
        json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    world
        .browser
        .cdp("Emulation.setDeviceMetricsOverride", screen)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "pictures for people; `cargo xtask soak screenshots` takes them"]
async fn soak_screenshots() {
    let world = World::new(Gpc::Absent).await;
    let mut sheet = Sheet::new();
    for locale in nosale_locales() {
        sheet.heading(&locale);
        for theme in ["light", "dark"] {
            let config = world.config_with(json!({
                "purposes": ["sale", "sharing", "targeted_advertising", "profiling", "sensitive_data"],
                "notice": {
                    "theme": theme, "locale": locale, "policyUrl": "/privacy",
                    "contacts": ["email", "post", "phone", "text"], "offlineForm": true,
                },
            }));
            screen(&world, 800, 900).await;
            world.visit("/", &world.markup().config(&config)).await;
            let dialog = world.dialog().open().await;
            let name = |state: &str| format!("{locale}-{theme}-{state}");
            sheet.take(&world, &name("choices")).await;
            dialog.press("opt-out-all").await.offers("copy").await;
            sheet.take(&world, &name("saved")).await;
            dialog.press("allow-all").await.offers("confirm").await;
            sheet.take(&world, &name("confirm")).await;
            dialog.press("keep").await.offers("save").await;
            // The sections, but not the whole catalogue in one of them.
            let sections = "document.querySelector('[data-nosale-dialog]').shadowRoot
                .querySelectorAll('details[part]').forEach(section => { section.open = true })";
            world.browser.exec(sections).await;
            dialog.press("offline").await;
            screen(&world, 320, 3900).await;
            sheet.take(&world, &name("narrow")).await;
        }
    }
    sheet.heading("other screens");
    let config = world.config_with(json!({ "notice": { "locale": "en" } }));
    world.page("/", &world.markup().config(&config));
    for (name, features, width, height) in [
        (
            "forced-colours",
            json!([{ "name": "forced-colors", "value": "active" }]),
            800,
            900,
        ),
        ("zoom-400", json!([]), 320, 256),
        ("landscape", json!([]), 740, 360),
    ] {
        let media = json!({ "features": features });
        world.browser.cdp("Emulation.setEmulatedMedia", media).await;
        screen(&world, width, height).await;
        world.open("/").await;
        world.dialog().open().await.flip("sale").await;
        sheet.take(&world, name).await;
    }
    let signal = World::new(Gpc::On).await;
    sheet.heading("after a signal");
    screen(&signal, 800, 900).await;
    for locale in nosale_locales() {
        let config = signal.config_with(json!({ "notice": { "locale": locale } }));
        signal.open_bare().await;
        signal.browser.exec("localStorage.clear()").await;
        let forget = "document.cookie = 'nosale=; Domain=publisher.localhost; Path=/; Max-Age=0'";
        signal.browser.exec(forget).await;
        signal.visit("/", &signal.markup().config(&config)).await;
        let message = signal.dialog().find(".message");
        signal.browser.until(message).await;
        sheet.take(&signal, &format!("{locale}-message")).await;
        signal.dialog().open().await;
        sheet.take(&signal, &format!("{locale}-honored")).await;
    }
    sheet.finish();
}
