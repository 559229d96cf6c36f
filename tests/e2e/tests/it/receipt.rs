//! After a choice: what was recorded, when, and under which number; and what the dialog says of it.

use std::fs;

use e2e::{Gpc, Launch, World, wait};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_gives_a_receipt_to_keep() {
    let folder = tempfile::TempDir::new().unwrap();
    let world = World::with(Launch {
        prefs: vec![("download.default_directory", json!(folder.path()))],
        ..Launch::default()
    })
    .await;
    world.visit("/", &world.markup()).await;
    let dialog = world.dialog().open().await;
    let receipt = dialog.find("[data-part=receipt]");
    assert_eq!(
        world
            .browser
            .js(format!("{receipt}.checkVisibility()"))
            .await,
        false
    );

    dialog
        .flip("sale")
        .await
        .press("save")
        .await
        .offers("copy")
        .await;
    let row = world.collector.stored(1).await.remove(0);
    let text = world.browser.js(format!("{receipt}.innerText")).await;
    let text = text.as_str().unwrap();
    let number = row.event["id"].as_str().unwrap();
    assert!(
        text.contains("Opted out: Sale of my personal information"),
        "{text}"
    );
    assert!(!text.contains("Sharing"), "only what was chosen: {text}");
    assert!(text.contains(number), "{text}");
    let year = world.browser.js("String(new Date().getFullYear())").await;
    assert!(text.contains(year.as_str().unwrap()), "{text}");
    let said = format!("{}.textContent", dialog.find("[role=status]"));
    assert_eq!(
        world.browser.js(said).await,
        "Your choice is saved and in force."
    );

    dialog.press("download").await;
    let file = wait::until("the file", async || {
        let file = folder.path().join(format!("receipt-{number}.json"));
        serde_json::from_str::<Value>(&fs::read_to_string(file).ok()?).ok()
    });
    let file = file.await;
    assert_eq!(file["id"], row.event["id"]);
    assert_eq!(file["purposes"], row.event["data"]["purposes"]);

    let permission = json!({ "permission": { "name": "clipboard-write" }, "setting": "granted" });
    world.browser.cdp("Browser.setPermission", permission).await;
    dialog.press("copy").await;
    let told = dialog.find("[data-part=saved]");
    world
        .browser
        .until(format!("/copied|Copying/.test({told}.textContent)"))
        .await;

    // The next look at the dialog begins anew.
    dialog.press("close").await.closed().await;
    world.dialog().open().await;
    assert_eq!(
        world
            .browser
            .js(format!("{receipt}.checkVisibility()"))
            .await,
        false
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_cannot_be_copied_says_so() {
    let world = World::new(Gpc::Absent).await;
    let without =
        "<script>Object.defineProperty(navigator, 'clipboard', { value: undefined })</script>";
    world.visit("/", &world.markup().head(without)).await;
    let dialog = world.dialog().open().await.press("opt-out-all").await;
    dialog.offers("copy").await.press("copy").await;
    let told = dialog.find("[data-part=saved]");
    world
        .browser
        .until(format!(
            "{told}.textContent.startsWith('Copying did not work')"
        ))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clicks_opt_out_and_the_dialog_says_what_that_covers() {
    let world = World::new(Gpc::Absent).await;
    let config = world.config_with(json!({
        "account": { "id": "account-1" },
        "notice": { "policyUrl": "/privacy", "sentence": "Advertising pays for the news." },
    }));
    world.visit("/", &world.markup().config(&config)).await;
    // One click on the link, one on the button.
    world.dialog().open().await.press("opt-out-all").await;
    world
        .recorded("an opt-out", |record| record.choices == "ooooo")
        .await;
    let dialog = world.dialog();
    let shown = async |name: &str| {
        let part = dialog.find(&format!("[data-if={name}]"));
        world.browser.js(format!("!{part}.hidden")).await == json!(true)
    };
    assert!(shown("account").await && !shown("no_account").await);
    assert!(shown("gpc_off").await && !shown("gpc_on").await && !shown("since").await);
    let list = format!("{}.innerText", dialog.find("[data-part=vendors]"));
    dialog.unfold().await;
    let list = world.browser.js(list).await;
    let list = list.as_str().unwrap();
    assert!(
        list.contains("tracker: blocked now") && list.contains("video: blocked now"),
        "{list}"
    );
    assert!(list.contains("Targeted advertising: 1 company"), "{list}");
    let text = dialog.text().await;
    assert!(text.contains("Advertising pays for the news."), "{text}");
    let policy = format!("{}.getAttribute('href')", dialog.find("[data-part=policy]"));
    assert_eq!(world.browser.js(policy).await, "/privacy");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_is_shown_with_its_day_and_its_conflict() {
    let world = World::new(Gpc::On).await;
    world.store("1.1750000000.ccc--.1.US-CA.-.-").await;
    world.visit("/", &world.markup()).await;
    let dialog = world.dialog().open().await;
    let shown = |name: &str| {
        format!(
            "{}.innerText",
            dialog.find(&format!("[data-if={name}]:not([hidden])"))
        )
    };
    let conflict = world.browser.js(shown("conflict")).await;
    assert!(
        conflict.as_str().unwrap().contains("signal came later"),
        "{conflict}"
    );
    let since = format!("{}.textContent", dialog.find("[data-part=since]"));
    let since = world.browser.js(since).await;
    let year = world.browser.js("String(new Date().getFullYear())").await;
    assert!(
        since.as_str().unwrap().contains(year.as_str().unwrap()),
        "{since}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_industry_tools_say_what_they_do_not_do() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    let dialog = world.dialog().open().await;
    let links = format!(
        "[...{}.querySelectorAll('a[target]')].map(link => [link.host, link.rel, link.parentElement.textContent])",
        dialog.find("dialog")
    );
    let links = world.browser.js(links).await;
    let links = links.as_array().unwrap();
    assert_eq!(links.len(), 7);
    for link in links {
        let (host, rel) = (link[0].as_str().unwrap(), link[1].as_str().unwrap());
        // Which is "noopener", too (HTML, link types).
        assert_eq!(rel, "noreferrer", "{host}");
        assert!(
            !host.contains("networkadvertising"),
            "the NAI's page is closed"
        );
        let text = link[2].as_str().unwrap();
        assert!(
            text.contains(" not ") || text.contains(" only "),
            "{host}: {text}"
        );
    }
}
