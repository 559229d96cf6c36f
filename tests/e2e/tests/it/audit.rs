//! `nosale.audit()`: what happened on a page, as evidence.

use e2e::{Gpc, Markup, PARTNER, TRACKER, VIDEO, WWW, World};
use serde_json::{Value, json};

async fn audit(world: &World) -> Value {
    world.settle().await;
    world.browser.js("nosale.audit()").await
}

/// Of each entry of a list its host, vendor, way and count.
fn brief(list: &Value) -> Vec<Value> {
    let entries = list["entries"].as_array().unwrap();
    let brief = entries
        .iter()
        .map(|one| json!([one["host"], one["vendor"], one["way"], one["count"]]));
    brief.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_blocked_is_listed_with_its_vendor_and_time() {
    let world = World::new(Gpc::On).await;
    world.page("/a", &world.markup());
    world.open("/a?q=1").await;
    for host in [TRACKER, TRACKER, VIDEO, PARTNER] {
        world.ask(host).await;
    }
    let audit = audit(&world).await;
    assert_eq!(
        brief(&audit["blocked"]),
        [
            json!([TRACKER, "tracker", "fetch", 2]),
            json!([VIDEO, "video", "fetch", 1])
        ]
    );
    let first = &audit["blocked"]["entries"][0];
    assert_eq!(first["url"], world.site.url(TRACKER, "/collect"));
    assert_eq!(first["purposes"], json!(["sale", "sharing"]));
    let (started, time) = (
        audit["started"].as_f64().unwrap(),
        first["time"].as_f64().unwrap(),
    );
    assert!(0.0 < started && started < time, "{started} {time}");
    assert_eq!(audit["page"], world.url("/a"));
    assert_eq!(audit["status"], world.status().await);
    assert_eq!(
        audit["status"]["purposes"]["sale"],
        json!({ "allowed": false, "because": "gpc" })
    );
    assert_eq!(brief(&audit["leaks"]), Vec::<Value>::new());
    assert_eq!(audit["policies"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn unmarked_markup_that_leaks_is_told() {
    for mode in ["listed", "strict"] {
        let world = World::new(Gpc::On).await;
        let gate = json!({ "mode": mode, "allow": [PARTNER] });
        let config = world.config_with(json!({ "gate": gate }));
        let body = r#"<img alt="" src="http://tracker.localhost:{port}/pixel.gif?id=1">
            <iframe src="http://tracker.localhost:{port}/frame"></iframe>
            <img alt="" src="http://partner.localhost:{port}/pixel.gif">"#;
        world
            .visit("/", &Markup::new().config(&config).body(body))
            .await;
        world.reached(TRACKER, "/pixel.gif").await;
        let audit = audit(&world).await;
        let leaks = brief(&audit["leaks"]);
        let image = json!([TRACKER, "tracker", "img", 1]);
        let frame = json!([TRACKER, "tracker", "iframe", 1]);
        assert!(leaks.contains(&image), "{leaks:?}");
        // The policy stops the frame, which the browser asks for later.
        assert_eq!(leaks.contains(&frame), mode == "listed", "{leaks:?}");
        assert_eq!(
            world.arrivals(TRACKER, "/frame").is_empty(),
            mode == "strict"
        );
        let url = world.site.url(TRACKER, "/pixel.gif?id=1");
        let leaked = audit["leaks"]["entries"].as_array().unwrap();
        assert!(leaked.iter().any(|one| one["url"] == url));
        let partner = json!([PARTNER, null, "", 1]);
        let hosts = brief(&audit["hosts"]);
        assert!(
            hosts
                .iter()
                .any(|host| host[0] == partner[0] && host[1] == partner[1]),
            "{hosts:?}"
        );
        assert!(!hosts.iter().any(|host| host[0] == WWW), "{hosts:?}");
        if mode == "strict" {
            let refused = brief(&audit["refused"]);
            let frame = json!([TRACKER, "tracker", "frame-src", 1]);
            assert!(refused.contains(&frame), "{refused:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_permitted_when_it_left_is_no_leak() {
    let world = World::new(Gpc::Absent).await;
    let body = r#"<img alt="" src="http://tracker.localhost:{port}/pixel.gif">"#;
    world.visit("/", &world.markup().body(body)).await;
    world.reached(TRACKER, "/pixel.gif").await;
    world.browser.exec("nosale.optOut()").await;
    let audit = audit(&world).await;
    assert_eq!(brief(&audit["leaks"]), Vec::<Value>::new());
    assert!(brief(&audit["hosts"]).contains(&json!([TRACKER, "tracker", "", 1])));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_stays_small_on_a_page_that_never_stops_asking() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup()).await;
    let url = world.site.url(TRACKER, "/collect?");
    world
        .browser
        .exec(format!("for (let turn = 0; turn < 1000; turn++) navigator.sendBeacon('{url}' + turn + 'x'.repeat(10000))"))
        .await;
    let audit = audit(&world).await;
    let blocked = &audit["blocked"];
    assert_eq!(
        (
            blocked["entries"].as_array().unwrap().len(),
            &blocked["more"]
        ),
        (100, &json!(900))
    );
    assert!(
        audit.to_string().len() < 100_000,
        "{}",
        audit.to_string().len()
    );
    assert_eq!(audit["status"]["gate"]["blocked"], 1000);
    world.nothing_reached(TRACKER).await;
}
