//! The publisher's mistakes: each is named, and the protective default applies.

use e2e::{Gpc, Markup, TRACKER, World};
use serde_json::json;

const INERT: &str = r#"<script type="text/plain" data-purpose="sale"
    src="http://tracker.localhost:{port}/tag.js"></script>"#;

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_in_the_config_are_named() {
    let world = World::new(Gpc::On).await;
    // A config, and what the console's error must say of it.
    let cases: &[(&str, &[&str])] = &[
        (
            r#"{ "endpont": { "url": "/e" } }"#,
            &["endpont", "\"endpoint\""],
        ),
        (
            r#"{ "gate": { "mode": "strickt" } }"#,
            &["gate.mode", "strickt", "\"strict\""],
        ),
        (
            r#"{ "vendors": [{ "name": "a", "hosts": ["a.example"] }, { "name": "b", "hosts": ["b.example"], "mode": "deny" }] }"#,
            &["vendors[1].mode", "deny", "\"block\""],
        ),
        (
            r#"{ "jurisdiction": "US-XX" }"#,
            &["jurisdiction", "US-XX", "\"US\""],
        ),
        (
            r#"{ "endpoint": { "url": "http://collector.example/" } }"#,
            &["endpoint.url", "https"],
        ),
        (
            r#"{ "signals": { "consentDespiteSignal": "yes" } }"#,
            &["signals.consentDespiteSignal", "yes", "true or false"],
        ),
        (
            r#"{ "purposes": ["sale", "shareing"] }"#,
            &["purposes[1]", "shareing", "\"sharing\""],
        ),
        (r#"{ "jurisdiction": "US-CA", }"#, &["config", "JSON"]),
        (r#"["sale"]"#, &["config", "object"]),
    ];
    for (config, words) in cases {
        world
            .visit("/", &Markup::new().config_text(config).body(INERT))
            .await;
        let mut all = vec!["nosale"];
        all.extend_from_slice(words);
        world
            .browser
            .said(&format!("{all:?}"), |console| console.errs(&all))
            .await;
        let decision = world.decision("sale").await;
        assert_eq!(
            decision,
            json!({ "allowed": false, "because": "gpc" }),
            "{config}"
        );
    }
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_calls_are_told_and_change_nothing() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    for call in [
        "nosale.optOut(['shareing'])",
        "nosale.setContext({ jurisdicton: 'US-CA' })",
    ] {
        world
            .browser
            .exec(format!(
                "try {{ {call} }} catch (error) {{ console.error('nosale', String(error)) }}"
            ))
            .await;
    }
    world
        .browser
        .said("the purpose", |console| {
            console.errs(&["nosale", "shareing", "sharing"])
        })
        .await;
    world
        .browser
        .said("the key", |console| {
            console.errs(&["nosale", "jurisdicton", "jurisdiction"])
        })
        .await;
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": true, "because": "default" })
    );
    assert_eq!(world.record().await, None);
}
