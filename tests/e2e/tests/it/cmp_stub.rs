//! A stub that stands as `__gpp` before nosale, whole or broken, and is taken over.

use e2e::{Gpc, Markup, PARTNER, Page, TRACKER, World};
use serde_json::{Value, json};

/// Does what the IAB's stub does: keeps listeners and what it cannot answer for the tool to come.
const STUB: &str = r#"<script>
  (() => {
    const locate = () => {
      if (window.frames["__gppLocator"]) return;
      if (!document.body) { setTimeout(locate, 10); return; }
      const frame = document.createElement("iframe");
      frame.style.display = "none";
      frame.name = "__gppLocator";
      document.body.append(frame);
    };
    const ping = () => ({
      gppVersion: "1.1", cmpStatus: "stub", cmpDisplayStatus: "hidden", signalStatus: "not ready",
      supportedAPIs: ["7:usnat", "8:usca"], cmpId: 0, sectionList: [], applicableSections: [0],
      gppString: "", parsedSections: {},
    });
    window.__gpp = function () {
      const gpp = window.__gpp;
      gpp.queue = gpp.queue || [];
      gpp.events = gpp.events || [];
      const [command, callback, parameter] = arguments;
      if (!arguments.length || (arguments.length === 1 && command === "queue")) return gpp.queue;
      if (arguments.length === 1 && command === "events") return gpp.events;
      if (command === "ping") callback(ping(), true);
      else if (command === "addEventListener") {
        gpp.lastId = (gpp.lastId || 0) + 1;
        gpp.events.push({ id: gpp.lastId, callback, parameter });
        callback({ eventName: "listenerRegistered", listenerId: gpp.lastId, data: true, pingData: ping() }, true);
      } else if (command === "removeEventListener") {
        const place = gpp.events.findIndex(one => one.id == parameter);
        if (place >= 0) gpp.events.splice(place, 1);
        callback({ eventName: "listenerRemoved", listenerId: parameter, data: place >= 0, pingData: ping() }, true);
      } else if (command === "hasSection") callback(false, true);
      else if (command === "getSection" || command === "getField") callback(null, true);
      else gpp.queue.push([].slice.apply(arguments));
    };
    window.__gpp.queue = [];
    window.__gpp.events = [];
    addEventListener("message", event => {
      let request;
      try { request = typeof event.data === "string" ? JSON.parse(event.data) : event.data; } catch { return; }
      const call = request && typeof request === "object" && request.__gppCall;
      if (!call) return;
      window.__gpp(call.command, (returnValue, success) => {
        const reply = { __gppReturn: { returnValue, success, callId: call.callId } };
        event.source?.postMessage(typeof event.data === "string" ? JSON.stringify(reply) : reply, "*");
      }, "parameter" in call ? call.parameter : null, "version" in call ? call.version : "1.1");
    });
    locate();
  })();
  window.told = [];
  const listen = name => (event, success) => told.push([name, event.listenerId, `${event.eventName} ${event.data}`, success]);
  const note = name => (data, success) => told.push([name, data && data.cmpStatus ? data.cmpStatus : data, success]);
  const answerOf = (...call) => { let data; __gpp(call[0], answer => { data = answer }, ...call.slice(1)); return data; };
</script>"#;

const MODULE: &str = r#"<script src="/nosale.js"></script>"#;

/// A page whose head has a stub, then those statements, then the module.
fn stubbed(markup: Markup, statements: &str) -> Markup {
    markup.tag(&format!("{STUB}<script>{statements}</script>{MODULE}"))
}

/// What was told under a name, without the name.
fn of(told: &Value, name: &str) -> Vec<Value> {
    let told = told.as_array().unwrap().iter();
    told.filter(|entry| entry[0] == name)
        .map(|entry| json!(entry.as_array().unwrap()[1..]))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stub_is_taken_over_with_its_listeners_and_its_queue() {
    let world = World::new(Gpc::Absent).await;
    let client = r#"<script>
        addEventListener("message", event => parent.postMessage({ reply: event.data }, "*"));
        parent.postMessage({ __gppCall: { command: "ping", version: "1.1", callId: "only" } }, "*");
      </script>"#;
    world.put(PARTNER, "/client", Page::html(client));
    let before = r#"
        __gpp("addEventListener", listen("first"));
        __gpp("addEventListener", listen("gone"));
        __gpp("addEventListener", listen("second"));
        __gpp("removeEventListener", () => {}, 2);
        told.length = 0;
        __gpp("getVendorData", note("unknown"), 7);
        (function () { __gpp.queue.push(arguments); })("getField", note("field"), "usca.SaleOptOut", "1.1");
        __gpp.queue.push(["ping", note("ping")]);
        __gpp.queue.push(["addEventListener", listen("queued")]);
        __gpp.queue.push(["hasSection", note("section"), "usca"]);
        window.kept = __gpp;
        addEventListener("message", ({ data }) => { if (data.reply) (window.replies ||= []).push(data.reply); });"#;
    let next = r#"<script>
        window.early = JSON.parse(JSON.stringify(told));
        told.length = 0;
        window.empty = [__gpp(), __gpp("queue"), __gpp("events")];
        window.replaced = __gpp !== kept;
      </script>"#;
    let frame = r#"<iframe title="client" src="http://partner.localhost:{port}/client"></iframe>"#;
    let markup = stubbed(world.markup(), before).head(next).body(frame);
    world.visit("/", &markup).await;

    let early = world.browser.js("early").await;
    let replayed: Vec<&Value> = early
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry[0] != "first" && entry[0] != "second")
        .filter(|entry| entry[0] != "queued" || entry[2] == "listenerRegistered true")
        .collect();
    let registered = replayed[3][1].as_u64().unwrap();
    assert!(registered >= 1000, "nosale's own ids: {registered}");
    let expected = json!([
        ["unknown", null, false],
        ["field", 2, true],
        ["ping", "loaded", true],
        ["queued", registered, "listenerRegistered true", true],
        ["section", true, true],
    ]);
    assert_eq!(json!(replayed), expected, "the queue, in order");
    for (name, id) in [("first", 1), ("second", 3)] {
        let events = [
            json!([id, "cmpStatus loaded", true]),
            json!([id, "signalStatus ready", true]),
        ];
        assert_eq!(of(&early, name), events);
    }
    assert_eq!(of(&early, "gone"), Vec::<Value>::new());
    assert_eq!(world.browser.js("replaced").await, true);
    assert_eq!(world.browser.js("empty").await, json!([[], [], []]));

    world.browser.exec("nosale.optOut()").await;
    let told = world.browser.js("told.splice(0)").await;
    for (name, id) in [("first", 1), ("second", 3), ("queued", registered)] {
        let events = [
            json!([id, "signalStatus not ready", true]),
            json!([id, "sectionChange usca", true]),
            json!([id, "signalStatus ready", true]),
        ];
        assert_eq!(of(&told, name), events);
    }
    let removed = "answerOf('removeEventListener', 1).data";
    assert_eq!(world.browser.js(removed).await, true);
    let added = world
        .browser
        .js("answerOf('addEventListener').listenerId")
        .await;
    assert!(added.as_u64().unwrap() > registered);
    world
        .browser
        .exec("nosale.setContext({ jurisdiction: 'none' })")
        .await;
    let told = world.browser.js("told").await;
    assert_eq!(of(&told, "first"), Vec::<Value>::new(), "it was removed");
    assert_eq!(of(&told, "second").len(), 3);

    // The stub has its own handler of messages: a second one would answer twice.
    let frames = "document.querySelectorAll('iframe[name=__gppLocator]').length";
    assert_eq!(world.browser.js(frames).await, 1);
    world.browser.until("window.replies").await;
    world.settle().await;
    let replies = world.browser.js("replies").await;
    assert_eq!(replies.as_array().unwrap().len(), 1, "{replies}");
    let reply = &replies[0]["__gppReturn"];
    assert_eq!(reply["callId"], "only");
    assert_eq!(reply["success"], true);
    assert_eq!(reply["returnValue"]["cmpStatus"], "loaded");
    let console = world.browser.console().await;
    assert!(!console.warns(&["__gpp"]), "{console}");
    assert!(!console.errs(&["nosale"]), "{console}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_of_the_stub_may_ask_and_leave_as_it_is_told() {
    let world = World::new(Gpc::On).await;
    let before = r#"
        __gpp("addEventListener", event => {
          if (event.eventName !== "cmpStatus") return;
          told.push(["asked", answerOf("ping").gppString, answerOf("getField", "usca.Gpc")]);
          told.push(["left", answerOf("removeEventListener", event.listenerId).data]);
        });
        __gpp("addEventListener", event => { if (event.eventName !== "listenerRegistered") throw new Error("boom of a kept listener"); });
        __gpp("addEventListener", listen("behind"));
        told.length = 0;
        __gpp.queue.push(["ping", () => { throw new Error("boom of a queued call"); }]);
        __gpp.queue.push(["ping", note("ping")]);"#;
    world.visit("/", &stubbed(world.markup(), before)).await;
    let told = world.browser.js("told").await;
    assert_eq!(of(&told, "asked"), [json!(["DBABBg~BVUAAACA.YA", true])]);
    assert_eq!(of(&told, "left"), [json!([true])]);
    assert_eq!(of(&told, "ping"), [json!(["loaded", true])]);
    let events = [
        json!([3, "cmpStatus loaded", true]),
        json!([3, "signalStatus ready", true]),
    ];
    assert_eq!(of(&told, "behind"), events);
    let console = world.browser.console().await;
    assert!(console.errs(&["boom of a kept listener"]), "{console}");
    assert!(console.says(&["boom of a queued call"]), "{console}");
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_entries_are_skipped_with_a_warning() {
    let world = World::new(Gpc::Absent).await;
    let before = r#"
        const hostile = () => { throw new Error("hostile"); };
        __gpp.queue.push(
          ["ping", note("one")], null, 7, "text", true, undefined, {}, [], [null], [{}], [7],
          Object.defineProperty([1, 2], 0, { get: hostile }),
          new Proxy([], { get: hostile, has: hostile, ownKeys: hostile }),
          { get length() { return hostile(); } },
          ["ping"], ["ping", "no function"],
          ["hasSection", note("two"), "usca"], Symbol("odd"), 1n, () => {},
          ["getField", note("three"), "usca.Gpc"]);
        __gpp.events.push(
          null, 7, "text", {}, { id: 5 }, { id: 6, callback: "no function" },
          { id: 7, get callback() { return hostile(); } },
          new Proxy({}, { get: hostile, has: hostile, ownKeys: hostile }),
          { id: 8, callback: listen("eight"), parameter: null },
          { id: "odd", callback: 7 },
          { id: 9, callback: listen("nine") },
          { id: 1e300, callback: () => {} }, { id: NaN, callback: () => {} }, { id: Infinity, callback: () => {} });"#;
    world.visit("/", &stubbed(world.markup(), before)).await;
    let told = world.browser.js("told").await;
    let names: Vec<&Value> = told
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry[0])
        .collect();
    let calls: Vec<&&Value> = names
        .iter()
        .filter(|name| **name != "eight" && **name != "nine")
        .collect();
    assert_eq!(
        json!(calls),
        json!(["one", "two", "three"]),
        "in order: {told}"
    );
    for (name, id) in [("eight", 8), ("nine", 9)] {
        let events = [
            json!([id, "cmpStatus loaded", true]),
            json!([id, "signalStatus ready", true]),
        ];
        assert_eq!(of(&told, name), events, "{told}");
    }
    let console = world.browser.console().await;
    assert!(console.warns(&["nosale", "__gpp"]), "{console}");
    assert!(!console.errs(&["nosale"]), "{console}");
    let ids = "new Set([1, 2, 3].map(() => answerOf('addEventListener').listenerId)).size";
    assert_eq!(world.browser.js(ids).await, 3, "a new number for each");
    world.browser.exec("nosale.optOut()").await;
    assert_eq!(
        world
            .browser
            .js("answerOf('getField', 'usca.SaleOptOut')")
            .await,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_that_is_none_is_skipped() {
    let world = World::new(Gpc::On).await;
    // What is done to the stub, and whether that is worth a warning.
    let cases = [
        ("__gpp.queue = 7", true),
        ("__gpp.queue = 'text'", true),
        ("__gpp.queue = { length: 1e15 }", true),
        ("__gpp.queue.length = 4294967295", true),
        (
            "__gpp.queue = new Proxy([], { get() { throw new Error('hostile') } })",
            true,
        ),
        (
            "Object.defineProperty(__gpp, 'queue', { get() { throw new Error('hostile') } })",
            true,
        ),
        ("__gpp.events = 7", true),
        ("__gpp.events = { length: 1e15 }", true),
        (
            "Object.defineProperty(__gpp, 'events', { get() { throw new Error('hostile') } })",
            true,
        ),
        (
            "const gone = Proxy.revocable([], {}); gone.revoke(); __gpp.queue = gone.proxy",
            true,
        ),
        ("__gpp.queue = null; __gpp.events = undefined", false),
        (
            "Object.freeze(__gpp); Object.freeze(__gpp.queue); Object.freeze(__gpp.events)",
            false,
        ),
        ("__gpp.lastId = 'odd'", false),
    ];
    let mut wrong = Vec::new();
    for (number, (statement, warned)) in cases.into_iter().enumerate() {
        let before = world.browser.console().await.complaints().len();
        let markup = stubbed(world.markup(), statement);
        world.visit(&format!("/{number}"), &markup).await;
        let ping = world.browser.js("answerOf('ping')").await;
        assert_eq!(ping["cmpStatus"], "loaded", "{statement}");
        assert_eq!(ping["gppString"], "DBABBg~BVUAAACA.YA", "{statement}");
        assert_eq!(world.ask(TRACKER).await, "TypeError", "{statement}");
        let console = world.browser.console().await;
        let complaints = &console.complaints()[before..];
        let about = complaints.iter().filter(|line| line.contains("__gpp"));
        let count = about.count();
        // Enough to find the fault, and not a console full of it.
        if (count > 0) != warned || count > 20 {
            wrong.push(format!("{statement}: {count} warnings"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    world.nothing_reached(TRACKER).await;
}
