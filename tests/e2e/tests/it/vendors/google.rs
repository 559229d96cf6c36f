//! Google's tags and the tag manager: consent mode in `dataLayer`, and what a container is told.

use e2e::{Gpc, Markup, Page, World};
use serde_json::{Value, json};

const GTAG: &str = include_str!("../../../../data/snippets/gtag.html");
const GTM: &str = include_str!("../../../../data/snippets/gtm.html");
const HOST: &str = "www.googletagmanager.com";

/// Everything in `dataLayer`: commands, which must be `arguments` objects, as lists.
const LAYER: &str = "dataLayer.map(entry =>
    Object.prototype.toString.call(entry) === '[object Arguments]' ? [...entry] : entry)";

fn consent(what: &str, value: &str, analytics: Option<&str>) -> Value {
    let mut values =
        json!({ "ad_storage": value, "ad_user_data": value, "ad_personalization": value });
    if let Some(analytics) = analytics {
        values["analytics_storage"] = json!(analytics);
    }
    json!(["consent", what, values])
}

/// The commands of one name in `dataLayer`.
async fn commands(world: &World, name: &str) -> Vec<Value> {
    let layer = world.browser.js(LAYER).await;
    let layer = layer.as_array().unwrap().clone();
    layer.into_iter().filter(|entry| entry[0] == name).collect()
}

async fn events(world: &World) -> Vec<Value> {
    let events = "dataLayer.filter(entry => `${entry.event}`.startsWith('nosale_'))";
    world.browser.js(events).await.as_array().unwrap().clone()
}

async fn world(gpc: Gpc) -> World {
    let world = World::among_vendors(gpc).await;
    for path in ["/gtag/js", "/gtm.js"] {
        world.put(HOST, path, Page::script("window.ran = true;"));
    }
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn the_default_is_denied_before_any_command() {
    let world = world(Gpc::On).await;
    for snippet in [GTAG, GTM] {
        world.visit("/", &Markup::new().head(snippet)).await;
        world.browser.until("window.ran").await;
        let layer = world.browser.js(LAYER).await;
        assert_eq!(layer[0], consent("default", "denied", Some("denied")));
        assert_eq!(layer[1], json!(["set", "ads_data_redaction", true]));
        assert_eq!(layer[2], json!(["set", "restricted_data_processing", true]));
        assert_eq!(
            layer[3],
            json!(["set", "allow_ad_personalization_signals", false])
        );
        assert_eq!(layer[4], json!(["set", "allow_google_signals", false]));
        let own = if snippet == GTAG {
            &layer[5][0]
        } else {
            &layer[5]["event"]
        };
        assert_eq!(*own, if snippet == GTAG { "js" } else { "gtm.js" });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn analytics_goes_on_where_the_publisher_answers_for_it() {
    let world = world(Gpc::On).await;
    let config = json!({ "vendors": [{ "name": "google_analytics", "mode": "allow" }] });
    world
        .visit("/", &Markup::new().config(&config).head(GTAG))
        .await;
    let told = commands(&world, "consent").await;
    assert_eq!(told, [consent("default", "denied", None)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_said_where_nothing_is_denied_and_each_change_after() {
    let world = world(Gpc::Absent).await;
    world.visit("/", &Markup::new().head(GTAG)).await;
    assert_eq!(commands(&world, "consent").await, Vec::<Value>::new());
    world.browser.exec("nosale.optOut(['sharing'])").await;
    world.browser.exec("nosale.optOut()").await;
    world
        .browser
        .js("nosale.optIn(undefined, { confirmed: true }).then(() => true)")
        .await;
    let told = commands(&world, "consent").await;
    assert_eq!(
        told,
        [
            consent("update", "denied", Some("denied")),
            consent("update", "granted", Some("granted")),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_of_another_tool_does_not_lift_an_opt_out_and_counts_after_it() {
    let world = world(Gpc::Absent).await;
    let other = "<script>gtag('consent', 'default', { ad_storage: 'denied', ad_user_data: 'granted' });</script>";
    world
        .visit("/", &Markup::new().head(GTAG).head(other))
        .await;
    world.browser.exec("nosale.optOut()").await;
    let grant = "gtag('consent', 'update', { ad_user_data: 'granted', ad_personalization: 'granted', functionality_storage: 'granted' })";
    world.browser.exec(grant).await;
    let told = commands(&world, "consent").await;
    let last = &told.last().unwrap()[2];
    assert_eq!(
        (&last["ad_user_data"], &last["ad_personalization"]),
        (&json!("denied"), &json!("denied"))
    );
    assert_eq!(
        last["functionality_storage"], "granted",
        "nosale has no say in it"
    );

    world
        .browser
        .js("nosale.optIn(undefined, { confirmed: true }).then(() => true)")
        .await;
    let told = commands(&world, "consent").await;
    let last = &told.last().unwrap()[2];
    assert_eq!(
        last["ad_storage"], "denied",
        "the other tool still denies it"
    );
    assert_eq!(last["ad_user_data"], "granted");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_container_is_told_when_the_page_is_ready_and_of_each_change() {
    let world = world(Gpc::On).await;
    world
        .visit(
            "/",
            &Markup::new()
                .config(&json!({ "jurisdiction": "US-CA" }))
                .head(GTM),
        )
        .await;
    let ready = world
        .browser
        .until("dataLayer.find(entry => entry.event === 'nosale_ready')")
        .await;
    assert_eq!(
        ready["nosale"],
        json!({ "sale": "denied", "sharing": "denied", "targeted_advertising": "denied",
            "profiling": "allowed", "sensitive_data": "allowed" })
    );
    world.browser.exec("nosale.optOut()").await;
    let told = events(&world).await;
    let names: Vec<&Value> = told.iter().map(|message| &message["event"]).collect();
    assert_eq!(names, ["nosale_ready", "nosale_change"]);
    assert_eq!(told[1]["nosale"]["profiling"], "denied");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_the_list_gets_none() {
    let world = world(Gpc::On).await;
    world.visit("/", &Markup::new()).await;
    world
        .browser
        .until("document.readyState === 'complete'")
        .await;
    world.browser.exec("nosale.optOut()").await;
    assert_eq!(
        world.browser.js("typeof window.dataLayer").await,
        "undefined"
    );
}
