//! What the strings say, wherever they are read: `status()`, `__gpp`, reports.

use e2e::{Gpc, Markup, World};
use serde_json::{Value, json};

use crate::gpp_api::{ASK, stable_apis};

/// A jurisdiction, and what is said there of a visitor about whom nothing is known, and of one
/// whose signal is on: the section's id, the string and the US Privacy string.
const STRINGS: [(&str, i32, [&str; 2], [&str; 2]); 6] = [
    (
        "US-CA",
        8,
        ["DBABBg~BVoAAACA.QA", "DBABBg~BVUAAACA.YA"],
        ["1YNN", "1YYN"],
    ),
    (
        "US",
        7,
        ["DBABLA~CVVqAAAAAACA.QA", "DBABLA~CVVVAAAAAACA.YA"],
        ["1YNN", "1YYN"],
    ),
    (
        "US-CO",
        10,
        ["DBABJg~BVoAAIA.QA", "DBABJg~BVUAAIA.YA"],
        ["1---", "1---"],
    ),
    // Virginia's section has no place for the signal.
    (
        "US-VA",
        9,
        ["DBABRg~BVoAACA", "DBABRg~BVUAACA"],
        ["1---", "1---"],
    ),
    // Maryland's own section has two layouts that cannot read each other.
    (
        "US-MD",
        7,
        ["DBABLA~CVVqAAAAAACA.QA", "DBABLA~CVVVAAAAAACA.YA"],
        ["1---", "1---"],
    ),
    ("none", -1, ["DBAA", "DBAA"], ["1---", "1---"]),
];

async fn strings(gpc: Gpc) {
    let world = World::new(gpc).await;
    for (jurisdiction, id, strings, usps) in STRINGS {
        let config = world.config_with(json!({ "jurisdiction": jurisdiction }));
        let (path, one) = (format!("/{jurisdiction}"), usize::from(gpc == Gpc::On));
        world
            .visit(&path, &Markup::new().config(&config).head(ASK))
            .await;

        let status = world.status().await;
        let ping = world.browser.js("answerOf('ping')").await;
        assert_eq!(status["gpp"], strings[one], "{jurisdiction}, {gpc:?}");
        assert_eq!(status["usp"], usps[one], "{jurisdiction}, {gpc:?}");
        assert_eq!(status["gppSections"], json!([id]), "{jurisdiction}");
        assert_eq!(ping["gppString"], status["gpp"], "{jurisdiction}");
        assert_eq!(ping["applicableSections"], json!([id]), "{jurisdiction}");
        assert_eq!(ping["signalStatus"], "ready", "{jurisdiction}");

        let held = Vec::from_iter((id > 0).then_some(id));
        assert_eq!(ping["sectionList"], json!(held), "{jurisdiction}");
        let parsed = ping["parsedSections"].as_object().unwrap();
        assert_eq!(parsed.len(), held.len(), "{jurisdiction}: {parsed:?}");
        for (name, parts) in parsed {
            assert!(
                stable_apis().contains(&format!("{id}:{name}").as_str()),
                "{id} is {name}"
            );
            let opt_out = if gpc == Gpc::On { 1 } else { 2 };
            assert_eq!(parts[0]["SaleOptOut"], opt_out, "{jurisdiction}");
            assert_eq!(parts[0]["MspaCoveredTransaction"], 2, "{jurisdiction}");
            if name == "usva" {
                assert_eq!(parts.as_array().unwrap().len(), 1);
            } else {
                let signal = json!({ "SubsectionType": 1, "Gpc": gpc == Gpc::On });
                assert_eq!(parts[1], signal, "{jurisdiction}");
            }
        }
    }
    if gpc == Gpc::On {
        let rows = world.collector.stored(1).await;
        let data = &rows[0].event["data"];
        let (_, _, gpp, usp) = STRINGS[0];
        assert_eq!(rows[0].kind(), "nosale.signal");
        assert_eq!(
            (&data["gpp"], &data["usp"]),
            (&json!(gpp[1]), &json!(usp[1]))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_signal_the_strings_say_not_opted_out() {
    strings(Gpc::Absent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_signal_off_the_strings_say_not_opted_out() {
    strings(Gpc::Off).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_signal_on_the_strings_say_opted_out() {
    strings(Gpc::On).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_publishers_settings_reach_the_answers() {
    let world = World::new(Gpc::Absent).await;
    let visit = async |jurisdiction: &str, gpp: Value| {
        let config = world.config_with(json!({ "jurisdiction": jurisdiction, "gpp": gpp }));
        world
            .visit("/", &Markup::new().config(&config).head(ASK))
            .await;
        let status = world.status().await;
        let ping = world.browser.js("answerOf('ping')").await;
        assert_eq!(ping["gppString"], status["gpp"]);
        (ping, status)
    };

    let (ping, status) = visit("US-CA", json!({ "cmpId": 42, "mspa": "opt_out_option" })).await;
    assert_eq!(ping["cmpId"], 42);
    assert_eq!(status["gpp"], "DBABBg~BVoAAABY.QA");
    assert_eq!(status["usp"], "1YNY");

    let (ping, status) = visit("US-CA", json!({ "mspa": "service_provider" })).await;
    assert_eq!(ping["cmpId"], 1);
    assert_eq!(status["gpp"], "DBABBg~BVoAAABk.QA");
    assert_eq!(status["usp"], "1YNY");

    let (_, status) = visit("US-CA", json!({ "noticesGiven": false })).await;
    assert_eq!(status["gpp"], "DBABBg~BqAAAACA.QA", "no notice, no opt-out");
    assert_eq!(status["usp"], "1NNN");
    let told = world.browser.js("(nosale.optOut(), nosale.status())").await;
    assert_eq!(
        told["gpp"], "DBABBg~BqUAAACA.QA",
        "the opt-out holds all the same"
    );
    assert_eq!(told["usp"], "1NYN");
    world.open_bare().await;
    world
        .browser
        .cdp("Network.clearBrowserCookies", json!({}))
        .await;
    world.browser.exec("localStorage.clear()").await;

    let (ping, status) = visit("US-MD", json!({ "unstableSections": true })).await;
    assert_eq!(status["gpp"], "DBABEYA~BhWg.QA");
    assert_eq!(ping["applicableSections"], json!([24]));
    let mut apis = stable_apis();
    apis.extend(["24:usmd", "25:usin", "26:usky", "27:usri"]);
    assert_eq!(ping["supportedAPIs"], json!(apis));
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_carry_the_strings_of_their_moment() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup()).await;
    let mut told = Vec::new();
    for statement in [
        "nosale.optOut(['sale'])",
        "nosale.optOut(['sharing'])",
        "nosale.setContext({ jurisdiction: 'US-CO' }), nosale.optOut()",
    ] {
        let status = format!("({statement}, nosale.status())");
        told.push(world.browser.js(status).await);
        world.collector.stored(told.len()).await;
    }
    let rows = world.collector.stored(told.len()).await;
    let gpp: Vec<&Value> = told.iter().map(|status| &status["gpp"]).collect();
    assert_eq!(
        gpp,
        [
            "DBABBg~BVYAAACA.QA",
            "DBABBg~BVUAAACA.QA",
            "DBABJg~BVUAAIA.QA"
        ]
    );
    let usp: Vec<&Value> = told.iter().map(|status| &status["usp"]).collect();
    assert_eq!(usp, ["1YYN", "1YYN", "1---"]);
    for (row, status) in rows.iter().zip(&told) {
        let data = &row.event["data"];
        assert_eq!(
            (&data["gpp"], &data["usp"]),
            (&status["gpp"], &status["usp"])
        );
    }
}
