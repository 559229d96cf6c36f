//! `__gpp`: every command, answered at once from the very next tag on.

use e2e::{Gpc, World};
use serde_json::{Value, json};

/// Calls `__gpp`, and gives what the callback had been called with when the call returned.
pub(crate) const ASK: &str = r#"<script>
  function ask(command, ...rest) {
    const answers = [];
    const note = (...answer) => answers.push(answer.map(one => one === undefined ? "undefined" : one));
    const returned = __gpp(command, note, ...rest);
    return { answers: [...answers], returned: typeof returned };
  }
  const answerOf = (...call) => ask(...call).answers[0][0];
</script>"#;

/// What [`ASK`] gives where the callback was called once, and the call gave nothing back.
fn once(data: Value, success: bool) -> Value {
    json!({ "answers": [[data, success]], "returned": "undefined" })
}

/// California's section where nothing is denied.
fn usca() -> Value {
    json!({
        "Version": 1,
        "SaleOptOutNotice": 1, "SharingOptOutNotice": 1, "SensitiveDataLimitUseNotice": 1,
        "SaleOptOut": 2, "SharingOptOut": 2,
        "SensitiveDataProcessing": [0, 0, 0, 0, 0, 0, 0, 0, 0],
        "KnownChildSensitiveDataConsents": [0, 0],
        "PersonalDataConsents": 0,
        "MspaCoveredTransaction": 2, "MspaOptOutOptionMode": 0, "MspaServiceProviderMode": 0,
    })
}

/// What is written without the publisher's switch for unstable sections.
pub(crate) fn stable_apis() -> Vec<&'static str> {
    vec![
        "7:usnat", "8:usca", "9:usva", "10:usco", "11:usut", "12:usct", "13:usfl", "14:usmt",
        "15:usor", "16:ustx", "17:usde", "18:usia", "19:usne", "20:usnh", "21:usnj", "22:ustn",
        "23:usmn",
    ]
}

fn ping() -> Value {
    json!({
        "gppVersion": "1.1",
        "cmpStatus": "loaded",
        "cmpDisplayStatus": "hidden",
        "signalStatus": "ready",
        "supportedAPIs": stable_apis(),
        "cmpId": 1,
        "cmpVersion": 1,
        "sectionList": [8],
        "applicableSections": [8],
        "gppString": "DBABBg~BVoAAACA.QA",
        "parsedSections": { "usca": [usca(), { "SubsectionType": 1, "Gpc": false }] },
    })
}

async fn answers(world: &World, cases: &[(&str, Value, bool)]) {
    for (call, data, success) in cases {
        let answer = world.browser.js(format!("ask({call})")).await;
        assert_eq!(answer, once(data.clone(), *success), "__gpp({call})");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_script_gets_every_answer_at_once() {
    let world = World::new(Gpc::Absent).await;
    let next = r#"<script>
        window.first = JSON.parse(JSON.stringify({
          kind: typeof __gpp,
          status: nosale.status(),
          ping: ask("ping"),
          added: ask("addEventListener"),
          second: ask("addEventListener", null, "1.1"),
          removed: ask("removeEventListener", 1000),
          again: ask("removeEventListener", 1000),
          has: ask("hasSection", "usca"),
          section: ask("getSection", "usca"),
          field: ask("getField", "usca.SaleOptOut"),
        }));
      </script>"#;
    world.visit("/", &world.markup().head(ASK).head(next)).await;

    let first = world.browser.js("first").await;
    assert_eq!(first["kind"], "function");
    assert_eq!(first["ping"], once(ping(), true));
    let event = |name: &str, id: u32, data: bool| json!({ "eventName": name, "listenerId": id, "data": data, "pingData": ping() });
    let told = |name, id, data| once(event(name, id, data), true);
    assert_eq!(first["added"], told("listenerRegistered", 1000, true));
    assert_eq!(first["second"], told("listenerRegistered", 1001, true));
    assert_eq!(first["removed"], told("listenerRemoved", 1000, true));
    assert_eq!(first["again"], told("listenerRemoved", 1000, false));
    assert_eq!(first["has"], once(json!(true), true));
    let sections = json!([usca(), { "SubsectionType": 1, "Gpc": false }]);
    assert_eq!(first["section"], once(sections, true));
    assert_eq!(first["field"], once(json!(2), true));

    let status = &first["status"];
    let strings = (&status["gpp"], &status["gppSections"], &status["usp"]);
    let expected = (json!("DBABBg~BVoAAACA.QA"), json!([8]), json!("1YNN"));
    assert_eq!(strings, (&expected.0, &expected.1, &expected.2));
}

#[tokio::test(flavor = "multi_thread")]
async fn sections_and_fields_are_read_by_name() {
    let world = World::new(Gpc::On).await;
    world.visit("/", &world.markup().head(ASK)).await;
    let zeros = json!([0, 0, 0, 0, 0, 0, 0, 0, 0]);
    answers(
        &world,
        &[
            ("'hasSection', 'usca'", json!(true), true),
            ("'hasSection', 'usnat'", json!(false), true),
            ("'hasSection', 'tcfeuv2'", json!(false), true),
            ("'hasSection', 'usca.'", json!(false), true),
            ("'hasSection', 'constructor'", json!(false), true),
            ("'hasSection', ''", json!(false), true),
            ("'hasSection'", json!(null), false),
            ("'hasSection', 8", json!(null), false),
            ("'hasSection', ['usca']", json!(null), false),
            ("'getSection', 'usva'", json!(null), true),
            ("'getSection', 'usca.'", json!(null), true),
            ("'getSection', '__proto__'", json!(null), true),
            ("'getSection', null", json!(null), false),
            ("'getSection', {}", json!(null), false),
            ("'getField', 'usca.SaleOptOut'", json!(1), true),
            ("'getField', 'usca.Version'", json!(1), true),
            ("'getField', 'usca.MspaCoveredTransaction'", json!(2), true),
            ("'getField', 'usca.SensitiveDataProcessing'", zeros, true),
            ("'getField', 'usca.Gpc'", json!(true), true),
            ("'getField', 'usca.SubsectionType'", json!(1), true),
            (
                "'getField', 'usca.TargetedAdvertisingOptOut'",
                json!(null),
                true,
            ),
            ("'getField', 'usca.saleoptout'", json!(null), true),
            ("'getField', 'usca.constructor'", json!(null), true),
            ("'getField', 'usva.SaleOptOut'", json!(null), true),
            ("'getField', 'usca'", json!(null), true),
            ("'getField', 'usca.'", json!(null), true),
            ("'getField', '.'", json!(null), true),
            ("'getField', ''", json!(null), true),
            ("'getField'", json!(null), false),
            ("'getField', 1", json!(null), false),
        ],
    )
    .await;
    let same = "JSON.stringify(answerOf('getSection', 'usca')) \
                === JSON.stringify(answerOf('ping').parsedSections.usca)";
    assert_eq!(world.browser.js(same).await, true);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_wrongly_is_refused_without_harm() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup().head(ASK)).await;

    let none = || json!(null);
    answers(
        &world,
        &[
            ("'getGPPData'", none(), false),
            ("'getUSPData', 1", none(), false),
            ("'usca.anything'", none(), false),
            ("'PING'", none(), false),
            ("'constructor'", none(), false),
            ("''", none(), false),
            ("7", none(), false),
            ("null", none(), false),
            ("{}", none(), false),
            ("['ping']", none(), false),
            ("Symbol()", none(), false),
            (
                "{ toString() { throw new Error('hostile') } }",
                none(),
                false,
            ),
        ],
    )
    .await;
    for version in ["'1'", "'1.0'", "'1.1'", "1", "1.1", "null", "undefined"] {
        let call = format!("ask('hasSection', 'usca', {version})");
        let answer = world.browser.js(call).await;
        assert_eq!(answer, once(json!(true), true), "version {version}");
    }
    for version in [
        "'2'", "'1.2'", "2", "0", "NaN", "''", "'one'", "{}", "[1]", "true",
    ] {
        for command in ["ping", "addEventListener", "getSection"] {
            let call = format!("ask('{command}', 'usca', {version})");
            let answer = world.browser.js(call).await;
            assert_eq!(
                answer,
                once(json!(null), false),
                "{command}, version {version}"
            );
        }
    }

    // Without a callback there is nobody to answer, and nothing to register.
    let calls = "[undefined, null, 'text', 7, {}, []].flatMap(callback =>
        ['ping', 'addEventListener', 'hasSection', 'getSection', 'getField', 'no such'].map(
          command => typeof __gpp(command, callback, 'usca')))";
    let returned = world.browser.js(calls).await;
    assert_eq!(returned, json!(vec!["undefined"; 36]));
    let next = "answerOf('addEventListener').listenerId";
    assert_eq!(world.browser.js(next).await, 1000, "nobody was registered");
    let removed =
        "(__gpp('removeEventListener', null, 1000), answerOf('removeEventListener', 1000).data)";
    assert_eq!(
        world.browser.js(removed).await,
        false,
        "it was gone already"
    );

    for id in [
        "undefined",
        "null",
        "'1000'",
        "NaN",
        "-1",
        "1e300",
        "{}",
        "[1000]",
        "1000.5",
    ] {
        let call = format!(
            "ask('removeEventListener', {id}).answers.map(([event, success]) => \
                            [event.eventName, event.data, success])"
        );
        let told = world.browser.js(call).await;
        assert_eq!(
            told,
            json!([["listenerRemoved", false, true]]),
            "listener {id}"
        );
    }
    let empty = "[__gpp(), __gpp('queue'), __gpp('events')]";
    assert_eq!(world.browser.js(empty).await, json!([[], [], []]));

    let string = "answerOf('ping').gppString";
    assert_eq!(world.browser.js(string).await, world.status().await["gpp"]);
    let console = world.browser.console().await;
    assert_eq!(console.complaints(), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_handed_out_is_the_callers_own() {
    let world = World::new(Gpc::Absent).await;
    // What a reader does that flattens a section, and worse.
    let spoil = r#"<script>
        function plain(value, path = "") {
          if (typeof value !== "object" || value === null) return [];
          const wrong = [];
          const proto = Object.getPrototypeOf(value);
          if (proto !== Object.prototype && proto !== Array.prototype) wrong.push(path + " is no plain object");
          if (Object.isFrozen(value) || Object.isSealed(value) || !Object.isExtensible(value)) wrong.push(path + " is closed");
          for (const [key, one] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
            if (key === "length") continue;
            if (!("value" in one && one.writable && one.configurable && one.enumerable)) wrong.push(path + "." + key + " is special");
            wrong.push(...plain(one.value, path + "." + key));
          }
          return wrong;
        }
        function spoil(value) {
          if (typeof value !== "object" || value === null) return;
          Object.values(value).forEach(spoil);
          if (Array.isArray(value)) { value.push("spoilt"); value[0] = "spoilt"; return; }
          for (const key of Object.keys(value)) { if (typeof value[key] !== "object") value[key] = "spoilt"; else if (key.length % 2) delete value[key]; }
          value.spoilt = true;
        }
        const calls = [["ping"], ["getSection", "usca"], ["getField", "usca.SensitiveDataProcessing"], ["addEventListener"], ["removeEventListener", 7]];
        window.found = [];
        for (const call of calls) {
          found.push(...plain(answerOf(...call), call[0]));
          const before = JSON.stringify(answerOf(...call)).replace(/"listenerId":\d+/, "");
          spoil(answerOf(...call));
          const after = JSON.stringify(answerOf(...call)).replace(/"listenerId":\d+/, "");
          if (before !== after) found.push(call[0] + " was spoilt: " + after);
        }
        window.told = [];
        __gpp("addEventListener", event => { spoil(event); });
        __gpp("addEventListener", event => {
          found.push(...plain(event, event.eventName));
          told.push(JSON.stringify(event));
          spoil(event);
        });
        nosale.optOut();
      </script>"#;
    world
        .visit("/", &world.markup().head(ASK).head(spoil))
        .await;
    assert_eq!(world.browser.js("found").await, json!([]));
    let told = world.browser.js("told").await;
    let told = told.as_array().unwrap();
    assert!(told.len() > 3, "the change was told: {told:?}");
    for event in told {
        assert!(!event.as_str().unwrap().contains("spoilt"), "{event}");
    }
    let status = world.status().await;
    assert_eq!(status["gpp"], "DBABBg~BVUAAACA.QA");
    assert_eq!(
        world.browser.js("answerOf('ping').gppString").await,
        status["gpp"]
    );
}
