//! What a page keeps with the signal on: restricted advertisements and counts, and no identifier.

use e2e::{Arrival, Gpc, Launch, Markup, WWW, World, clients};
use serde_json::json;

const AD_SERVER: &str = "adserver.localhost";

#[tokio::test(flavor = "multi_thread")]
async fn stored_ids_are_cleared_and_prebid_keeps_none() {
    let world = World::without_collector(Launch {
        gpc: Gpc::On,
        ..Launch::default()
    })
    .await;
    world.site.put(WWW, "/prebid.js", clients::prebid());
    world.open_bare().await;
    world
        .browser
        .exec(
            "localStorage.setItem('_sharedID', 'old'); localStorage.setItem('id5id', 'old');
               document.cookie = '_pubcid=old; Path=/'; localStorage.setItem('theme', 'dark')",
        )
        .await;
    let setup = r#"<script>
        window.pbjs = { que: [] };
        pbjs.que.push(() => { window.first = pbjs.getConfig('deviceAccess'); pbjs.setConfig({ userSync: { syncDelay: 0,
          userIds: [{ name: "sharedId", storage: { type: "html5", name: "_sharedID", expires: 30 } }] } }); });
        </script><script src="/prebid.js"></script>"#;
    world.visit("/", &Markup::new().head(setup)).await;
    world.browser.until("window.first !== undefined").await;
    assert_eq!(
        world.browser.js("first").await,
        false,
        "before the page's own commands"
    );
    world
        .browser
        .js("pbjs.getUserIdsAsync().then(() => true)")
        .await;
    let kept = "[Object.keys(localStorage).filter(key => !key.startsWith('nosale')).sort(), document.cookie.includes('_pubcid')]";
    assert_eq!(world.browser.js(kept).await, json!([["theme"], false]));
}

/// The demo newspaper as it is: its advertisement and its page count.
async fn front_page(gpc: Gpc) -> (World, Arrival, Arrival) {
    let world = World::new(gpc).await;
    world.open("/").await;
    let ad = world.reached(AD_SERVER, "/gampad/ads.svg").await;
    let count = world.reached(AD_SERVER, "/g/collect").await;
    let shown = "document.querySelector('#sold-ad img')?.naturalWidth > 0";
    world.browser.until(shown).await;
    world.settle().await;
    (world, ad, count)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newspaper_keeps_a_restricted_advertisement_and_its_count() {
    let (world, ad, count) = front_page(Gpc::On).await;
    assert_eq!(ad.query, "iu=sold-ad&rdp=1&npa=1");
    assert!(count.query.contains("en=page_view") && count.query.contains("gcs=G100"));
    assert!(count.query.contains("npa=1"), "{}", count.query);
    let everything = world.site.arrivals(AD_SERVER);
    for arrival in &everything {
        let said = format!(
            "{} {} {:?}",
            arrival.query,
            arrival.body,
            arrival.header("cookie")
        );
        for id in ["cid=", "ppid=", "cookie=", "Some("] {
            assert!(!said.contains(id), "{} {said}", arrival.path);
        }
    }
    let kept = world.browser.js("document.cookie").await;
    for name in ["_ga", "__gads", "_trk"] {
        assert!(!kept.as_str().unwrap().contains(name), "{kept}");
    }
    world.nothing_reached("tracker.localhost").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newspapers_tags_know_a_visitor_who_is_not_opted_out() {
    let (world, ad, count) = front_page(Gpc::Absent).await;
    assert!(ad.query.contains("ppid=reader-7c1f0f3b2a") && !ad.query.contains("rdp"));
    assert!(count.query.contains("cid=GA1") && count.query.contains("gcs=G111"));
    let kept = world.browser.js("document.cookie").await;
    assert!(kept.as_str().unwrap().contains("_ga="), "{kept}");
    world.browser.exec("nosale.optOut()").await;
    let kept = world.browser.js("document.cookie").await;
    assert!(!kept.as_str().unwrap().contains("_ga="), "{kept}");
}
