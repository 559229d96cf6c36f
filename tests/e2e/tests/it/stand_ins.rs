//! Stand-ins: functions that do nothing, for pages that call a blocked vendor's.

use e2e::{Gpc, Markup, OPTED_OUT, TRACKER, World};
use serde_json::{Value, json};

/// A page that calls what its vendors would define.
const CALLS: &str = r#"<script>
    window.caught = [];
    for (const call of [() => fbq("track", "x"), () => trk.track("x"), () => trk.page(), () => trkq("x")])
      try { caught.push(typeof call()) } catch (error) { caught.push(error.name) }
    window.afterwards = true;
</script>"#;

fn config(world: &World, stand_ins: &Value) -> Markup {
    let tracker = json!({ "name": "tracker", "hosts": [TRACKER], "purposes": ["sale"],
        "standIns": ["trk.track", "trk.page", "trkq"] });
    let pixel = json!({ "name": "meta_pixel", "standIns": stand_ins });
    Markup::new().config(&world.config_with(json!({ "vendors": [tracker, pixel] })))
}

const OURS: &str = "['fbq', 'trk', 'trkq'].map(name => typeof window[name])";

#[tokio::test(flavor = "multi_thread")]
async fn they_swallow_calls_while_their_vendor_is_blocked() {
    let world = World::new(Gpc::On).await;
    world
        .visit("/", &config(&world, &json!(true)).head(CALLS))
        .await;
    let nothing = json!(["undefined", "undefined", "undefined", "undefined"]);
    assert_eq!(world.browser.js("caught").await, nothing);
    // Off unless wanted.
    world
        .visit("/off", &config(&world, &json!(false)).head(CALLS))
        .await;
    assert_eq!(world.browser.js("caught[0]").await, "ReferenceError");
    assert_eq!(world.browser.js("caught[3]").await, "undefined");
}

#[tokio::test(flavor = "multi_thread")]
async fn they_are_absent_while_nothing_is_denied() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &config(&world, &json!(true))).await;
    let none = json!(["undefined", "undefined", "undefined"]);
    assert_eq!(world.browser.js(OURS).await, none);
    world.browser.exec("nosale.optOut()").await;
    assert_eq!(
        world.browser.js(OURS).await,
        json!(["function", "object", "function"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn they_go_before_held_tags_run() {
    let world = World::new(Gpc::Absent).await;
    world.store(OPTED_OUT).await;
    // As Meta's own: it does nothing where its function is there already.
    let snippet = r#"<script type="text/plain" data-vendor="tracker">
        window.found = typeof window.trkq;
        if (!window.trkq) { window.trkq = () => "real"; }
    </script>"#;
    world
        .visit("/", &config(&world, &json!(true)).body(snippet))
        .await;
    assert_eq!(world.browser.js("typeof trkq").await, "function");
    let allow = "nosale.optIn(undefined, { confirmed: true }).then(() => true)";
    world.browser.js(allow).await;
    assert_eq!(world.browser.until("window.found").await, "undefined");
    assert_eq!(world.browser.js("trkq()").await, "real");
    // What the vendor has put there itself stays.
    world.browser.exec("nosale.optOut()").await;
    assert_eq!(world.browser.js("trkq()").await, "real");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_defines_wins() {
    let world = World::new(Gpc::On).await;
    let before =
        r#"<script>window.fbq = () => "before";</script><script src="/nosale.js"></script>"#;
    let after = r#"<script>window.trk = { track: () => "after" }; function trkq() { return "declared" }</script>"#;
    let markup = config(&world, &json!(true)).tag(before).head(after);
    world.visit("/", &markup).await;
    let told = world.browser.js("[fbq(), trk.track(), trkq()]").await;
    assert_eq!(told, json!(["before", "after", "declared"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_named() {
    let world = World::new(Gpc::On).await;
    let vendors = json!([
        { "name": "tracker", "hosts": [TRACKER], "standIns": true },
        { "name": "other", "hosts": ["other.example"], "standIns": ["a.b.c", "alert(1)", "good"] },
    ]);
    let config = world.config_with(json!({ "vendors": vendors }));
    world.visit("/", &Markup::new().config(&config)).await;
    for place in [
        "vendors[0].standIns",
        "vendors[1].standIns[0]",
        "vendors[1].standIns[1]",
    ] {
        world
            .browser
            .said(place, |console| console.errs(&["nosale", place]))
            .await;
    }
    assert_eq!(world.browser.js("typeof good").await, "function");
}
