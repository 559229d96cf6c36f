//! Other tools that answer `__gpp` with a fault, and pages that put several there.

use e2e::{Gpc, PARTNER, Page, TRACKER, World};
use serde_json::{Value, json};

/// A European section, as a consent tool writes it, alone and beside California's with the signal.
const EUROPE: &str = "DBABMA~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA";
const BOTH: &str = "DBACNMA~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA~BVUAAACA.YA";

/// A tool whose answers a page can change, and that counts what it is asked.
const TOOL: &str = r#"<script>
  window.said = {
    gppVersion: "1.1", cmpStatus: "loaded", cmpDisplayStatus: "hidden", signalStatus: "ready", supportedAPIs: ["2:tcfeuv2"], cmpId: 31,
    sectionList: [2], applicableSections: [2], gppString: "DBABMA~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA", parsedSections: { tcfeuv2: [{ Version: 2 }] },
  };
  window.asked = [];
  window.listeners = [];
  window.tool = (command, callback, parameter) => {
    asked.push(command);
    if (command === "ping") callback({ ...said }, true);
    else if (command === "addEventListener") listeners.push(callback);
    else callback?.(parameter ?? null, true);
  };
  window.speak = (eventName, data) => listeners.forEach(listener => listener({ eventName, listenerId: 1, data, pingData: { ...said } }, true));
  window.heard = [];
  const listen = () => __gpp("addEventListener", ({ eventName, data }) => heard.push(`${eventName} ${data}`));
  const answerOf = (...call) => { let data; __gpp(call[0], answer => { data = answer }, ...call.slice(1)); return data; };
</script>"#;

/// A page on which that tool stands before nosale.
async fn beside(world: &World, jurisdiction: Option<&str>) {
    let config = world.config_with(json!({ "jurisdiction": jurisdiction }));
    let tag = format!("{TOOL}<script>__gpp = tool</script><script src=\"/nosale.js\"></script>");
    let page = e2e::Markup::new().config(&config).tag(&tag);
    world.visit("/", &page).await;
}

async fn ping(world: &World) -> Value {
    world.browser.js("answerOf('ping')").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_that_has_failed_or_hangs_does_not_silence_the_opt_out() {
    let world = World::new(Gpc::On).await;
    beside(&world, Some("US-CA")).await;
    let both = ping(&world).await;
    assert_eq!(both["gppString"], BOTH);
    assert_eq!(both["signalStatus"], "ready");

    // Who is known to be in California need not wait for Europe's consent.
    world
        .browser
        .exec("said.signalStatus = 'not ready'; said.cmpStatus = 'loading'")
        .await;
    assert_eq!(ping(&world).await["signalStatus"], "ready");
    assert_eq!(ping(&world).await["gppString"], BOTH);

    world.browser.exec("said.cmpStatus = 'error'").await;
    let alone = ping(&world).await;
    assert_eq!(alone["cmpStatus"], "loaded");
    assert_eq!(alone["gppString"], "DBABBg~BVUAAACA.YA");
    assert_eq!(alone["signalStatus"], "ready");

    // Whose state is not known may be in Europe.
    beside(&world, None).await;
    world.browser.exec("said.signalStatus = 'not ready'").await;
    assert_eq!(ping(&world).await["signalStatus"], "not ready");
    world.browser.exec("said.signalStatus = 'ready'").await;
    assert_eq!(ping(&world).await["signalStatus"], "ready");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_string_that_cannot_be_read_is_left_out_whole() {
    let world = World::new(Gpc::On).await;
    beside(&world, Some("US-CA")).await;
    world.browser.exec("said.gppString = 'garbage!'").await;
    let told = ping(&world).await;
    assert_eq!(told["gppString"], "DBABBg~BVUAAACA.YA");
    assert_eq!(told["sectionList"], json!([8]));
    let parsed = told["parsedSections"].as_object().unwrap();
    assert_eq!(parsed.keys().collect::<Vec<_>>(), ["usca"]);

    // One bad section of the same name costs no other.
    let bad = EUROPE.replace("DBABMA", "DBACNMA") + "~A";
    let set = format!("said.gppString = {}", json!(bad));
    world.browser.exec(set).await;
    assert_eq!(ping(&world).await["gppString"], BOTH);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_that_answers_late_is_kept() {
    let world = World::new(Gpc::On).await;
    let late = "<script>__gpp = (command, callback) => void setTimeout(tool, 0, command, callback)</script>";
    let tag = format!("{TOOL}{late}<script src=\"/nosale.js\"></script>");
    world.visit("/", &world.markup().tag(&tag)).await;
    world
        .browser
        .until(format!("answerOf('ping').gppString === {}", json!(BOTH)))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_is_listened_to_once_however_often_it_comes() {
    let world = World::new(Gpc::On).await;
    let page = world.markup().head(TOOL).head("<script>listen()</script>");
    world.visit("/", &page).await;
    world
        .browser
        .exec("for (let turn = 0; turn < 5; turn++) __gpp = tool")
        .await;
    let joined = [
        "listenerRegistered true",
        "signalStatus not ready",
        "signalStatus ready",
    ];
    assert_eq!(world.browser.js("heard.splice(0)").await, json!(joined));
    assert_eq!(ping(&world).await["gppString"], BOTH);
    world
        .browser
        .exec("speak('sectionChange', 'tcfeuv2')")
        .await;
    let once = ["sectionChange tcfeuv2"];
    assert_eq!(world.browser.js("heard.splice(0)").await, json!(once));

    // A tool that another has replaced is no longer passed on.
    let other = "__gpp = (command, callback, parameter) => command === 'ping' ? callback({ ...said, cmpId: 32 }, true) : undefined";
    world.browser.exec(other).await;
    world
        .browser
        .exec("heard.length = 0; speak('sectionChange', 'tcfeuv2')")
        .await;
    assert_eq!(world.browser.js("heard").await, json!([]));
    assert_eq!(ping(&world).await["cmpId"], 32);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tools_own_commands_are_for_the_page_alone() {
    let world = World::new(Gpc::On).await;
    // The tool has until the page is read to place a locator, and to answer.
    let frame = r#"<script>
        addEventListener("message", ({ data }) => { if (data?.__gppReturn) parent.postMessage({ answer: data.__gppReturn }, "*"); });
        const looking = setInterval(() => {
          if (!parent.frames["__gppLocator"]) return;
          clearInterval(looking);
          parent.postMessage({ __gppCall: { command: "setConsent", parameter: { all: true }, callId: "harm" } }, "*");
          parent.postMessage({ __gppCall: { command: "getField", parameter: "tcfeuv2.Version", callId: "look" } }, "*");
        }, 10);
      </script>"#;
    world.put(PARTNER, "/frame", Page::html(frame));
    let tag = format!(
        "{TOOL}<script>__gpp = tool; window.answers = []; addEventListener('message', ({{ data }}) => {{ if (data.answer) answers.push(data.answer); }});</script><script src=\"/nosale.js\"></script>"
    );
    let body = r#"<iframe title="frame" src="http://partner.localhost:{port}/frame"></iframe>"#;
    world.visit("/", &world.markup().tag(&tag).body(body)).await;
    world.browser.until("answers.length === 2").await;
    let answers = world.browser.js("answers").await;
    let refused = json!({ "returnValue": null, "success": false, "callId": "harm" });
    assert_eq!(answers[0], refused);
    let found = json!({ "returnValue": "tcfeuv2.Version", "success": true, "callId": "look" });
    assert_eq!(answers[1], found, "the tool's own section is looked into");
    let asked = world.browser.js("asked.includes('setConsent')").await;
    assert_eq!(asked, false);

    // A script of the page reaches them, and its own mistakes are its own.
    assert_eq!(world.browser.js("answerOf('setConsent', 7)").await, 7);
    world
        .browser
        .exec("__gpp('getSection', () => { throw new Error('boom of a reader'); }, 'tcfeuv2')")
        .await;
    let console = world.browser.console().await;
    assert!(console.errs(&["boom of a reader"]), "{console}");
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_tools_deletions_are_not_ordered_through_nosale() {
    let world = World::new(Gpc::On).await;
    let earlier = "<script>window.__uspapi = (command, version, callback) => callback?.(null, false)</script>";
    let tag = format!("{earlier}<script src=\"/nosale.js\"></script>");
    let next = "<script>
        window.deleted = 0;
        __uspapi('registerDeletion', 1, () => { deleted += 1; });
        __uspapi = (command, version, callback) => callback?.(null, false);
        __uspapi('registerDeletion', 1, () => { deleted += 1; });
        __uspapi('performDeletion', 1, null, ['id']);
        __uspapi('getUSPData', 1, data => { window.usp = data.uspString; });
      </script>";
    world.visit("/", &world.markup().tag(&tag).head(next)).await;
    assert_eq!(world.browser.js("usp").await, "1YYN");
    world.settle().await;
    assert_eq!(world.browser.js("deleted").await, 0);
}
