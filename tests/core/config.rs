//! The config: what is read, and every way it can be wrong.

use nosale::config::{
    Config, Contact, GateMode, Json, LinkKind, MAX_DEPTH, Mspa, NoticeMode, Position, Problem,
    Theme, read, read_context, read_purposes,
};
use nosale::policy::{
    Age, CatalogueEntry, GpcScope, Mode, Purpose, Purposes, SensitiveKind, SensitiveKinds, Vendor,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn from_value(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(value) => Json::Number(value.as_f64().unwrap()),
        Value::String(value) => Json::Text(value.clone()),
        Value::Array(items) => Json::List(items.iter().map(from_value).collect()),
        Value::Object(members) => Json::Object(
            members
                .iter()
                .map(|(key, value)| (key.clone(), from_value(value)))
                .collect(),
        ),
    }
}

fn read_value(value: Value) -> (Config, Vec<Problem>) {
    read(&from_value(&value))
}

#[track_caller]
fn read_right(value: Value) -> Config {
    let (config, problems) = read_value(value);
    assert_eq!(problems, []);
    config
}

#[test]
fn nothing_said_is_the_default() {
    let config = read_right(json!({}));
    assert_eq!(config, Config::default());
    assert_eq!(config.purposes, Purposes::OF_GPC);
    assert_eq!(config.signals.gpc_scope, GpcScope::Everywhere);
    assert!(config.signals.keep_earlier && !config.signals.consent_despite_signal);
    assert_eq!(
        (config.revision, config.record.days, config.gate.mode),
        (1, 365, GateMode::Listed)
    );
    assert!(config.endpoint.is_none());
}

#[test]
fn null_stands_for_absent() {
    assert_eq!(
        read_right(json!({ "jurisdiction": null, "gate": null, "notice": { "locale": null } })),
        Config::default()
    );
}

#[test]
fn stand_ins() {
    let config = read_right(json!({ "vendors": [
        { "name": "meta_pixel", "standIns": true },
        { "name": "tiktok_pixel" },
        { "name": "ads", "rules": ["ads.example"], "standIns": ["adq", "$ads.push_1"] },
        { "name": "none", "rules": ["none.example"], "standIns": false },
    ] }));
    let names: Vec<&[_]> = config
        .vendors
        .iter()
        .map(|vendor| &vendor.stand_ins[..])
        .collect();
    assert_eq!(names, [&["fbq"][..], &[], &["adq", "$ads.push_1"], &[]]);
}

#[test]
fn everything_said() {
    let config = read_right(json!({
        "jurisdiction": "US-CO",
        "purposes": ["sale", "profiling"],
        "revision": 7,
        "signals": { "gpcScope": "where_required", "consentDespiteSignal": true, "keepEarlier": false },
        "account": { "optOut": ["sale"], "id": "a-1", "parentalConsent": true },
        "age": "13to15",
        "record": { "cookieDomain": "publisher.example", "days": 400 },
        "endpoint": { "url": "https://privacy.publisher.example/v1/events", "credentials": "include",
            "preflight": false, "persist": true, "path": true },
        "vendors": ["meta_pixel", { "name": "ads", "rules": ["ads.example/tag?id=1"], "purposes": ["sale"],
            "cookies": ["_ads*"], "storage": ["ads"], "sockets": true, "mode": "signal" },
            { "name": "short", "hosts": ["short.example"] }],
        "gate": { "mode": "strict", "allow": ["cdn.example"] },
        "gpp": { "cmpId": 31, "cmpVersion": 2, "mspa": "service_provider", "noticesGiven": false,
            "sensitiveData": ["health", "precise_location"], "unstableSections": true, "uspCookie": true },
        "notice": { "link": "do_not_sell", "limitLink": true, "mode": "frictionless", "theme": "dark", "locale": "es",
            "policyUrl": "/privacy", "optOutUrl": "https://publisher.example/opt-out", "contacts": ["post", "email", "post"], "position": "top_start",
            "sentence": "Advertising pays for the news.", "offlineForm": true },
    }));
    assert_eq!(config.jurisdiction.unwrap().code, "US-CO");
    assert_eq!(
        config.purposes,
        Purposes::of(&[Purpose::Sale, Purpose::Profiling])
    );
    assert_eq!(config.revision, 7);
    assert_eq!(config.signals.gpc_scope, GpcScope::WhereRequired);
    assert!(config.signals.consent_despite_signal && !config.signals.keep_earlier);
    assert_eq!(config.account.opt_out, Purposes::of(&[Purpose::Sale]));
    assert_eq!(
        (
            config.account.id.as_deref(),
            config.account.parental_consent
        ),
        (Some("a-1"), Some(true))
    );
    assert_eq!(config.age, Some(Age::From13To15));
    assert_eq!(
        (config.record.cookie_domain.as_deref(), config.record.days),
        (Some("publisher.example"), 400)
    );
    let endpoint = config.endpoint.unwrap();
    assert!(
        endpoint.include_credentials && !endpoint.preflight && endpoint.persist && endpoint.path
    );
    let [pixel, ads, short] = config.vendors.try_into().unwrap();
    assert_eq!(
        Some(pixel),
        CatalogueEntry::by_name("meta_pixel").map(Vendor::from)
    );
    assert_eq!(
        (ads.name.as_ref(), ads.mode, ads.sockets, ads.rules.len()),
        ("ads", Mode::Signal, true, 1)
    );
    assert_eq!(
        (short.name.as_ref(), short.mode, short.purposes),
        ("short", Mode::Block, Purposes::OF_GPC)
    );
    assert_eq!(
        (config.gate.mode, config.gate.allow),
        (GateMode::Strict, vec!["cdn.example".to_owned()])
    );
    assert_eq!(
        (config.gpp.cmp_id, config.gpp.cmp_version, config.gpp.mspa),
        (31, 2, Mspa::ServiceProvider)
    );
    assert!(config.gpp.unstable_sections && config.gpp.usp_cookie && !config.gpp.notices_given);
    assert_eq!(
        config.gpp.sensitive_data,
        SensitiveKinds::of(&[SensitiveKind::Health, SensitiveKind::Location])
    );
    let notice = config.notice;
    assert_eq!(
        (notice.link, notice.mode, notice.theme),
        (LinkKind::DoNotSell, NoticeMode::Frictionless, Theme::Dark)
    );
    assert_eq!(notice.limit_link, Some(true));
    assert!(notice.offline_form);
    assert_eq!(notice.contacts, [Contact::Post, Contact::Email]);
    assert_eq!(notice.position, Position::TopStart);
    assert_eq!(notice.locale, Some("es"));
}

/// A mistake, the path and the words that its message must have, and whether what holds instead
/// protects.
type Mistake = (Value, &'static str, &'static str, fn(&Config) -> bool);

#[test]
fn what_can_be_sent_nowhere_is_not_asked() {
    for notice in [
        json!({ "offlineForm": true }),
        json!({ "contacts": ["email"] }),
        json!({ "offlineForm": true, "contacts": ["post", "text"] }),
    ] {
        let (config, problems) = read_value(json!({ "notice": notice }));
        assert!(!config.notice.offline_form && config.notice.contacts.is_empty());
        let [problem] = &problems[..] else {
            panic!("{problems:?}");
        };
        let message = problem.message();
        for part in ["endpoint", "notice.offlineForm", "the dialog has no forms"] {
            assert!(message.contains(part), "{message}");
        }
        let (config, problems) =
            read_value(json!({ "notice": notice, "endpoint": { "url": "/v1/events" } }));
        assert!(problems.is_empty(), "{problems:?}");
        assert!(config.notice.offline_form || !config.notice.contacts.is_empty());
    }
    let (_, problems) = read_value(json!({ "notice": { "offlineForm": false, "contacts": [] } }));
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn every_mistake_is_named_and_the_protective_default_holds() {
    let same: fn(&Config) -> bool = |config| *config == Config::default();
    let cases: Vec<Mistake> = vec![
        (
            json!("US-CA"),
            "config is \"US-CA\"",
            "expected an object",
            same,
        ),
        (json!([]), "config is a list", "expected an object", same),
        (
            json!({ "jurisdicton": "US-CA" }),
            "config: jurisdicton is an unknown key",
            "did you mean \"jurisdiction\"?",
            same,
        ),
        (
            json!({ "Purposes": ["sale"] }),
            "config: Purposes",
            "did you mean \"purposes\"?",
            same,
        ),
        (
            json!({ "completely": 1 }),
            "config: completely",
            "expected \"jurisdiction\", \"purposes\"",
            same,
        ),
        (
            json!({ "jurisdiction": "California" }),
            "jurisdiction is \"California\"",
            "two letters",
            |config| config.jurisdiction.unwrap().code == "US",
        ),
        (
            json!({ "jurisdiction": "us-ca" }),
            "jurisdiction is \"us-ca\"",
            "\"US\", applies",
            |config| config.jurisdiction.unwrap().code == "US",
        ),
        (
            json!({ "jurisdiction": 6 }),
            "jurisdiction is 6",
            "expected",
            |config| config.jurisdiction.unwrap().code == "US",
        ),
        (
            json!({ "purposes": "sale" }),
            "purposes is \"sale\"",
            "expected a list",
            same,
        ),
        (
            json!({ "purposes": ["sell"] }),
            "purposes[0] is \"sell\"",
            "did you mean \"sale\"?",
            same,
        ),
        (
            json!({ "purposes": ["sale", "targeted-advertising"] }),
            "purposes[1]",
            "did you mean \"targeted_advertising\"?",
            |config| config.purposes == Purposes::of(&[Purpose::Sale]),
        ),
        (
            json!({ "revision": "2" }),
            "revision is \"2\"",
            "a whole number from 0 to 4294967295",
            same,
        ),
        (
            json!({ "revision": -1 }),
            "revision is -1",
            "a whole number",
            same,
        ),
        (
            json!({ "revision": 1.5 }),
            "revision is a number with a fraction",
            "a whole number",
            same,
        ),
        (
            json!({ "revision": 1e30 }),
            "revision is a number",
            "a whole number",
            same,
        ),
        (
            json!({ "signals": { "gpcScope": "where_requierd" } }),
            "signals.gpcScope is \"where_requierd\"",
            "did you mean \"where_required\"?",
            same,
        ),
        (
            json!({ "signals": { "consentDespiteSignal": "true" } }),
            "signals.consentDespiteSignal",
            "expected true or false",
            same,
        ),
        (
            json!({ "signals": { "keepEarlier": 0 } }),
            "signals.keepEarlier is 0",
            "expected true or false",
            same,
        ),
        (
            json!({ "signals": { "gpcscope": "everywhere" } }),
            "signals.gpcscope",
            "did you mean \"gpcScope\"?",
            same,
        ),
        (
            json!({ "vendors": [{ "name": "own", "rules": ["own.example"], "standIns": true }] }),
            "vendors[0].standIns is true",
            "a list such as",
            |config| config.vendors[0].stand_ins.is_empty(),
        ),
        (
            json!({ "vendors": [{ "name": "own", "rules": ["own.example"], "standIns": ["1a", "a.b.c", "a..b", "__proto__", "a-b", "ok"] }] }),
            "vendors[0].standIns[4] is \"a-b\"",
            "name.method",
            |config| config.vendors[0].stand_ins == ["ok"],
        ),
        (
            json!({ "account": { "optOut": "yes" } }),
            "account.optOut is \"yes\"",
            "opted out of everything",
            |config| config.account.opt_out == Purposes::ALL,
        ),
        (
            json!({ "account": { "optOut": ["sale", "ads"] } }),
            "account.optOut[1] is \"ads\"",
            "opted out of everything",
            |config| config.account.opt_out == Purposes::ALL,
        ),
        (
            json!({ "account": { "parentalConsent": "yes" } }),
            "account.parentalConsent",
            "true or false",
            |config| config.account.parental_consent != Some(true),
        ),
        (
            json!({ "account": { "id": 17 } }),
            "account.id is 17",
            "a text",
            same,
        ),
        (
            json!({ "account": true }),
            "account is true",
            "opted out of everything",
            |config| config.account.opt_out == Purposes::ALL,
        ),
        (
            json!({ "account": { "opt_out": true } }),
            "account.opt_out is an unknown key",
            "did you mean \"optOut\"?",
            |config| config.account.opt_out == Purposes::ALL,
        ),
        (
            json!({ "purposes": [] }),
            "purposes is a list",
            "one purpose or more",
            same,
        ),
        (
            json!({ "endpoint": { "url": "https://name:word@a.example/" } }),
            "endpoint.url",
            "no report is sent",
            same,
        ),
        (
            json!({ "vendors": [{ "name": "a", "rules": ["a.example"] }, { "name": "a", "rules": ["b.example"] }] }),
            "vendors[1] is an object",
            "both apply",
            |config| config.vendors.len() == 2,
        ),
        (json!({ "age": 14 }), "age is 14", "under13", |config| {
            config.age == Some(Age::Under13)
        }),
        (
            json!({ "age": "13-15" }),
            "age is \"13-15\"",
            "did you mean \"13to15\"?",
            |config| config.age == Some(Age::Under13),
        ),
        (
            json!({ "record": { "days": 30 } }),
            "record.days is 30",
            "from 365 to 400",
            same,
        ),
        (
            json!({ "record": { "days": 3650 } }),
            "record.days is 3650",
            "from 365 to 400",
            same,
        ),
        (
            json!({ "record": { "cookieDomain": "https://publisher.example" } }),
            "record.cookieDomain",
            "\"auto\"",
            same,
        ),
        (
            json!({ "endpoint": "https://a.example" }),
            "endpoint is \"https://a.example\"",
            "an object",
            same,
        ),
        (
            json!({ "endpoint": { "credentials": "include" } }),
            "endpoint is an object",
            "member \"url\"",
            same,
        ),
        (
            json!({ "endpoint": { "url": "http://a.example/v1" } }),
            "endpoint.url",
            "http on loopback only",
            same,
        ),
        (
            json!({ "endpoint": { "url": "http://localhost@a.example/v1" } }),
            "endpoint.url",
            "no report is sent",
            same,
        ),
        (
            json!({ "endpoint": { "url": "http://a.example\\.localhost/v1" } }),
            "endpoint.url",
            "no report is sent",
            same,
        ),
        (
            json!({ "endpoint": { "url": "//a.example/v1" } }),
            "endpoint.url",
            "https address",
            same,
        ),
        (
            json!({ "endpoint": { "url": "javascript:alert(1)" } }),
            "endpoint.url",
            "https address",
            same,
        ),
        (
            json!({ "endpoint": { "url": "https://a.example", "credentials": true } }),
            "endpoint.credentials is true",
            "\"omit\" or \"include\"",
            |config| {
                config
                    .endpoint
                    .as_ref()
                    .is_some_and(|endpoint| !endpoint.include_credentials)
            },
        ),
        (
            json!({ "vendors": "meta_pixel" }),
            "vendors is \"meta_pixel\"",
            "expected a list",
            same,
        ),
        (
            json!({ "vendors": ["meta"] }),
            "vendors[0] is \"meta\"",
            "give it with its rules, as in dist/catalogue.json",
            same,
        ),
        (
            json!({ "vendors": ["meta_pixle"] }),
            "vendors[0]",
            "did you mean \"meta_pixel\"?",
            same,
        ),
        (
            json!({ "vendors": [{ "rules": ["a.example"] }] }),
            "vendors[0] is an object",
            "member \"name\"",
            same,
        ),
        (
            json!({ "vendors": [{ "name": "ads", "rules": ["https://a.example"] }] }),
            "vendors[0].rules[0]",
            "without a scheme",
            |config| config.vendors[0].rules.len() == 1,
        ),
        (
            json!({ "vendors": [{ "name": "ads" }] }),
            "vendors[0] is an object",
            "member \"rules\"",
            |config| config.vendors[0].mode == Mode::Block,
        ),
        (
            json!({ "vendors": [{ "name": "ads", "rules": ["a.example"], "mode": "allowed" }] }),
            "vendors[0].mode",
            "did you mean \"allow\"?",
            |config| config.vendors[0].mode == Mode::Block,
        ),
        (
            json!({ "vendors": [{ "name": "ads", "rules": ["a.example"], "purposes": ["ads"] }] }),
            "vendors[0].purposes[0]",
            "every purpose",
            |config| config.vendors[0].purposes == Purposes::ALL,
        ),
        (
            json!({ "vendors": [{ "name": "ads", "rules": ["a.example"], "purposes": [] }] }),
            "vendors[0].purposes is a list",
            "one purpose or more",
            |config| config.vendors[0].purposes == Purposes::ALL,
        ),
        (
            json!({ "vendors": [{ "name": "ads", "rules": ["a.example"], "purposes": "sale" }] }),
            "vendors[0].purposes is \"sale\"",
            "expected a list",
            |config| config.vendors[0].purposes == Purposes::ALL,
        ),
        (
            json!({ "gate": { "mode": "none" } }),
            "gate.mode is \"none\"",
            "\"inert\", \"listed\" or \"strict\"",
            same,
        ),
        (
            json!({ "gate": { "allow": ["https://a.example"] } }),
            "gate.allow[0]",
            "a host name",
            same,
        ),
        (
            json!({ "gpp": { "cmpId": 0 } }),
            "gpp.cmpId is 0",
            "from 1 to 4095",
            same,
        ),
        (
            json!({ "gpp": { "mspa": "yes" } }),
            "gpp.mspa is \"yes\"",
            "\"none\"",
            same,
        ),
        (
            json!({ "gpp": { "noticesGiven": "yes" } }),
            "gpp.noticesGiven is \"yes\"",
            "no notice counts as given",
            |config| !config.gpp.notices_given,
        ),
        (
            json!({ "gpp": { "sensitiveData": ["heath"] } }),
            "gpp.sensitiveData[0] is \"heath\"",
            "did you mean \"health\"?",
            |config| config.gpp.sensitive_data == SensitiveKinds::ALL,
        ),
        (
            json!({ "gpp": { "sensitiveData": "health" } }),
            "gpp.sensitiveData is \"health\"",
            "a list",
            |config| config.gpp.sensitive_data == SensitiveKinds::ALL,
        ),
        (
            json!({ "notice": { "link": "do-not-sell" } }),
            "notice.link",
            "did you mean \"do_not_sell\"?",
            same,
        ),
        (
            json!({ "notice": { "policyUrl": "javascript:alert(1)" } }),
            "notice.policyUrl",
            "http or https",
            same,
        ),
        (
            json!({ "notice": { "policyUrl": "Java\tScript:alert(1)" } }),
            "notice.policyUrl",
            "http or https",
            same,
        ),
        (
            json!({ "notice": { "optOutUrl": "data:text/html,x" } }),
            "notice.optOutUrl",
            "http or https",
            same,
        ),
        (
            json!({ "notice": { "theme": "Dark" } }),
            "notice.theme is \"Dark\"",
            "did you mean \"dark\"?",
            same,
        ),
        (
            json!({ "notice": { "sentence": "x".repeat(2001) } }),
            "notice.sentence is \"xxxxxxxx",
            "1 to 2000 bytes",
            same,
        ),
        (
            json!({ "notice": { "contacts": [{}] } }),
            "notice.contacts[0] is an object",
            "\"email\", \"post\", \"phone\" or \"text\"",
            same,
        ),
        (
            json!({ "notice": { "contacts": ["e-mail"] } }),
            "notice.contacts[0] is \"e-mail\"",
            "did you mean \"email\"?",
            same,
        ),
        (
            json!({ "notice": { "locale": "jp" } }),
            "notice.locale is \"jp\"",
            "did you mean \"ja\"?",
            same,
        ),
        (
            json!({ "notice": { "locale": 7 } }),
            "notice.locale is 7",
            "the page's language applies",
            same,
        ),
        (
            json!({ "notice": { "theme": "drak" } }),
            "notice.theme is \"drak\"",
            "did you mean \"dark\"?",
            same,
        ),
        (
            json!({ "notice": { "position": "bottom-start" } }),
            "notice.position is \"bottom-start\"",
            "did you mean \"bottom_start\"?",
            same,
        ),
        (
            json!({ "notice": { "limitLink": "yes" } }),
            "notice.limitLink is \"yes\"",
            "true or false",
            |config| config.notice.limit_link.is_none(),
        ),
    ];
    assert!(cases.len() >= 30);
    for (value, path, words, protects) in cases {
        let (config, problems) = read_value(value.clone());
        let messages: Vec<String> = problems.iter().map(Problem::message).collect();
        let named = messages
            .iter()
            .any(|message| message.contains(path) && message.contains(words));
        assert!(named, "{value}: {messages:#?}");
        assert!(protects(&config), "{value}: {config:#?}");
    }
}

#[test]
fn one_mistake_spoils_nothing_else() {
    let (config, problems) = read_value(json!({
        "jurisdiction": "US-CO", "gate": { "mode": 1, "allow": ["a.example"] }, "age": "13to15", "nonsense": true,
    }));
    assert_eq!(problems.len(), 2);
    assert_eq!(config.jurisdiction.unwrap().code, "US-CO");
    assert_eq!(
        (config.gate.mode, config.gate.allow.len(), config.age),
        (GateMode::Listed, 1, Some(Age::From13To15))
    );
}

#[test]
fn endpoints_that_are_right() {
    for url in [
        "https://a.example/v1",
        "/privacy/events",
        "http://localhost/v1",
        "http://127.0.0.1:8787/v1/events",
        "http://[::1]:8787/",
        "http://collector.localhost:1/",
    ] {
        let config = read_right(json!({ "endpoint": { "url": url } }));
        assert_eq!(config.endpoint.unwrap().url, url);
    }
}

#[test]
fn context_takes_both_ways_to_say_a_thing() {
    for value in [
        json!({ "jurisdiction": "US-CA", "account": { "id": "a", "optOut": true }, "age": "under13" }),
        json!({ "jurisdiction": "US-CA", "account": { "id": "a", "optedOut": true }, "ageBand": "under13" }),
    ] {
        let (context, problems) = read_context(&from_value(&value));
        assert_eq!(problems, []);
        assert_eq!(context.jurisdiction.unwrap().code, "US-CA");
        assert_eq!(context.account.unwrap().opt_out, Purposes::ALL);
        assert_eq!(context.age, Some(Age::Under13));
    }
    let (context, problems) = read_context(&from_value(&json!({ "state": "US-CA" })));
    assert_eq!(context, nosale::config::Context::default());
    assert!(
        problems[0].message().contains("context.state"),
        "{problems:?}"
    );
}

#[test]
fn two_ways_to_say_an_opt_out_add_up() {
    let value = json!({ "account": { "optOut": true, "optedOut": false } });
    let (context, problems) = read_context(&from_value(&value));
    assert_eq!(problems, []);
    assert_eq!(context.account.unwrap().opt_out, Purposes::ALL);
}

#[test]
fn purposes_by_name_and_by_list() {
    assert_eq!(
        read_purposes(&from_value(&json!("sale"))),
        Ok(Purposes::of(&[Purpose::Sale]))
    );
    assert_eq!(
        read_purposes(&from_value(&json!(["sale", "sharing"])))
            .unwrap()
            .iter()
            .count(),
        2
    );
    assert!(read_purposes(&from_value(&json!(["sale", "x"]))).is_err());
    assert!(read_purposes(&from_value(&json!(7))).is_err());
    assert!(read_purposes(&from_value(&json!([]))).is_err());
}

#[test]
fn attributes_fill_what_the_json_leaves_open() {
    let mut json = from_value(
        &json!({ "jurisdiction": "US-CA", "endpoint": { "preflight": false }, "gate": 3 }),
    );
    json.add(&["jurisdiction"], Json::Text("US-CO".into()));
    json.add(&["endpoint", "url"], Json::Text("/events".into()));
    json.add(&["notice", "locale"], Json::Text("es".into()));
    json.add(&["gate", "mode"], Json::Text("strict".into()));
    let (config, problems) = read(&json);
    assert_eq!(config.jurisdiction.unwrap().code, "US-CA");
    let endpoint = config.endpoint.unwrap();
    assert_eq!(
        (endpoint.url.as_str(), endpoint.preflight),
        ("/events", false)
    );
    assert_eq!(config.notice.locale, Some("es"));
    assert_eq!(problems.len(), 1, "the number in place of gate is named");
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<f64>().prop_map(Json::Number),
        "\\PC{0,20}".prop_map(Json::Text),
        Just(Json::TooDeep),
    ];
    leaf.prop_recursive(MAX_DEPTH as u32, 60, 6, |inner| {
        let key = prop_oneof![
            "\\PC{0,12}",
            proptest::sample::select(vec![
                "jurisdiction",
                "purposes",
                "signals",
                "account",
                "age",
                "record",
                "endpoint",
                "vendors",
                "gate",
                "gpp",
                "notice",
                "url",
                "name",
                "rules",
                "mode",
                "optOut",
                "days",
            ])
            .prop_map(str::to_owned),
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Json::List),
            proptest::collection::vec((key, inner), 0..6).prop_map(Json::Object),
        ]
    })
}

proptest! {
    #[test]
    fn anything_is_read_without_a_panic(json in any_json()) {
        let (config, problems) = read(&json);
        prop_assert!(config.record.days >= 365);
        prop_assert!(!config.purposes.is_empty());
        for problem in problems {
            prop_assert!(problem.message().len() < 4096);
        }
        let _ = read_context(&json);
        let _ = read_purposes(&json);
    }
}
