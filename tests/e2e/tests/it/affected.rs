//! "Who is affected": the vendors that the publisher names or that the page has met stand first; the
//! rest of the catalogue is there, behind its number.

use e2e::{Gpc, World};
use serde_json::{Value, json};

/// Of each purpose: its title, those that stand first, the summary of the rest and how many it has,
/// and whether that is closed.
const LISTED: &str = "(place => [...place.querySelectorAll('h3')].map(title => {
    const near = title.nextElementSibling, rest = near.nextElementSibling;
    return [title.textContent, [...near.children].map(item => item.textContent),
      rest?.querySelector('summary')?.textContent ?? null, rest?.querySelectorAll('li').length ?? 0, rest?.open ?? null];
  }))(document.querySelector('[data-nosale-dialog]').shadowRoot.querySelector('[data-part=vendors]'))";

async fn listed(world: &World) -> Value {
    world.dialog().open().await;
    world.browser.js(LISTED).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_stands_behind_its_number() {
    let world = World::new(Gpc::On).await;
    let config = world.config_with(json!({ "vendors": null, "purposes": ["sale"] }));
    world.visit("/", &world.markup().config(&config)).await;
    let sale = listed(&world).await[0].clone();
    assert_eq!(sale[0], "Sale of my personal information: 0 companies");
    assert_eq!(sale[1], json!([]));
    let rest = sale[3].as_u64().unwrap();
    assert!(rest > 50, "nobody is left out: {sale}");
    let more = format!("On the list, but not met on this page so far: {rest}");
    assert_eq!(sale[2], json!(more));
    assert_eq!(sale[4], false);
    world.dialog().press("close").await.closed().await;

    // One that a script asks for, and one whose tag waits in the page, are met.
    let tag = "document.body.insertAdjacentHTML('beforeend', '<script type=\"text/plain\" data-vendor=\"tiktok_pixel\"></script>')";
    world.browser.exec(tag).await;
    let ask = "fetch('https://connect.facebook.net/en_US/fbevents.js').catch(() => 'refused')";
    assert_eq!(world.browser.js(ask).await, "refused");
    let sale = listed(&world).await[0].clone();
    assert_eq!(sale[0], "Sale of my personal information: 2 companies");
    let near = sale[1].to_string();
    for name in ["meta pixel", "tiktok pixel"] {
        assert!(near.contains(name), "{near}");
    }
    assert!(near.contains("blocked now"), "{near}");
    assert_eq!(sale[3], rest - 2, "each once");
}

#[tokio::test(flavor = "multi_thread")]
async fn those_that_the_publisher_names_stand_first() {
    let world = World::new(Gpc::Absent).await;
    let mut config = world.config_with(json!({ "purposes": ["sale", "sharing"] }));
    let own = config["vendors"].as_array_mut().unwrap();
    own.push(json!({ "name": "off_one", "hosts": ["off.localhost"], "purposes": ["sale"], "mode": "off" }));
    world.visit("/", &world.markup().config(&config)).await;
    let told = listed(&world).await;
    assert_eq!(told[0][0], "Sale of my personal information: 1 company");
    assert_eq!(told[0][1], json!(["tracker: allowed now"]));
    assert!(told[0][3].as_u64().unwrap() > 50);
    assert_eq!(
        told.as_array().unwrap().len(),
        2,
        "by the purposes of the site"
    );
    world.dialog().press("opt-out-all").await;
    let stopped = format!("({LISTED})[0][1][0] === 'tracker: blocked now'");
    world.browser.until(stopped).await;
}
