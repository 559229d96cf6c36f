//! What a page keeps with the signal on: restricted advertisements and counts, and no identifier.

use e2e::{Gpc, Launch, Markup, WWW, World, clients};
use serde_json::json;

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

    let back = "nosale.status().purposes.sale.allowed";
    assert_eq!(world.browser.js(back).await, false);
}
