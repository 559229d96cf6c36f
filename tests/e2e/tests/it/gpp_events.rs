//! What listeners of `__gpp` hear, in which order, and what they may do meanwhile.

use e2e::{Gpc, Keys, Markup, World};
use serde_json::{Value, json};

/// Notes every event, and what is wrong with one: its data must be what `ping` answers at that
/// moment, and whatever is said to be ready must be what `status()` says.
const NOTE: &str = r#"<script>
  window.heard = [];
  window.wrong = [];
  const answerOf = (...call) => { let data; __gpp(call[0], answer => { data = answer }, ...call.slice(1)); return data; };
  __gpp("addEventListener", ({ eventName, listenerId, data, pingData }, success) => {
    heard.push(`${eventName} ${data}`);
    const blame = what => wrong.push(`${eventName} ${data}: ${what}`);
    if (success !== true) blame("no success");
    if (listenerId !== 1000) blame(`listener ${listenerId}`);
    if (JSON.stringify(pingData) !== JSON.stringify(answerOf("ping"))) blame("ping says otherwise");
    if (eventName === "signalStatus" && data !== pingData.signalStatus) blame(pingData.signalStatus);
    if (eventName === "cmpDisplayStatus" && data !== pingData.cmpDisplayStatus) blame(pingData.cmpDisplayStatus);
    if (eventName === "sectionChange" && pingData.signalStatus !== "not ready") blame("ready in mid-change");
    if (pingData.signalStatus === "ready" && pingData.gppString !== nosale.status().gpp) blame("status() says otherwise");
  });
  document.addEventListener("nosale:change", () => heard.push("nosale:change"));
</script>"#;

const NOT_READY: &str = "signalStatus not ready";
const READY: &str = "signalStatus ready";
const CHANGED: &str = "sectionChange usca";
const VISIBLE: &str = "cmpDisplayStatus visible";
const HIDDEN: &str = "cmpDisplayStatus hidden";

/// Waits for the events that followed the last ones, and asserts that they are these.
async fn hears(world: &World, when: &str, events: &[&str]) {
    let enough = format!("heard.length >= {}", events.len());
    world.browser.until(enough).await;
    let heard = world.browser.js("heard.splice(0)").await;
    assert_eq!(heard, json!(events), "{when}");
    assert_eq!(world.browser.js("wrong").await, json!([]), "{when}");
}

/// Asserts that nothing followed.
async fn hears_no_more(world: &World, when: &str) {
    world.settle().await;
    hears(world, when, &[]).await;
}

async fn field(world: &World, name: &str) -> Value {
    let call = format!("answerOf('getField', {})", json!(name));
    world.browser.js(call).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_is_told_before_the_call_returns() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup().head(NOTE)).await;
    hears(&world, "at the start", &["listenerRegistered true"]).await;

    let heard = "(nosale.optOut(['sale']), [...heard])";
    let told = [NOT_READY, CHANGED, READY, "nosale:change"];
    assert_eq!(world.browser.js(heard).await, json!(told));
    hears(&world, "an opt-out of sales", &told).await;
    assert_eq!(field(&world, "usca.SaleOptOut").await, 1);
    assert_eq!(field(&world, "usca.SharingOptOut").await, 2);

    world.browser.exec("nosale.optOut()").await;
    hears(&world, "an opt-out of all", &told).await;
    assert_eq!(field(&world, "usca.SharingOptOut").await, 1);

    // Another choice of the same changes no section.
    world.browser.exec("nosale.optOut()").await;
    world.settle().await;
    let heard = world
        .browser
        .js("heard.filter(event => event.startsWith('sectionChange'))");
    assert_eq!(heard.await, json!([]));
    let ping = world.browser.js("answerOf('ping')").await;
    assert_eq!(ping["signalStatus"], "ready");
    assert_eq!(ping["gppString"], "DBABBg~BVUAAACA.QA");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dialog_is_told_as_it_opens_saves_and_closes() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup().head(NOTE)).await;
    hears(&world, "at the start", &["listenerRegistered true"]).await;

    let dialog = world.dialog().open().await;
    hears(&world, "it opens", &[NOT_READY, VISIBLE]).await;
    let ping = world.browser.js("answerOf('ping')").await;
    assert_eq!(ping["cmpDisplayStatus"], "visible");
    assert_eq!(ping["signalStatus"], "not ready");
    assert_eq!(ping["cmpStatus"], "loaded");

    dialog.flip("sale").await;
    hears_no_more(&world, "a switch alone changes nothing").await;
    dialog.press("save").await;
    hears(&world, "saved", &[CHANGED, READY, "nosale:change"]).await;
    assert!(dialog.is_open().await, "it stays open and says so");
    dialog.press("opt-out-all").await;
    let again = [NOT_READY, CHANGED, READY, "nosale:change"];
    hears(&world, "another choice", &again).await;
    dialog.press("close").await.closed().await;
    let closed = [NOT_READY, HIDDEN, READY];
    hears(&world, "closed after a choice", &closed).await;
    hears_no_more(&world, "at the end").await;

    let ping = world.browser.js("answerOf('ping')").await;
    assert_eq!(ping["cmpDisplayStatus"], "hidden");
    assert_eq!(ping["gppString"], "DBABBg~BVUAAACA.QA");
    assert_eq!(world.status().await["gpp"], ping["gppString"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialog_that_changes_nothing_is_told_too() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup().head(NOTE)).await;
    hears(&world, "at the start", &["listenerRegistered true"]).await;

    let dialog = world.dialog().open().await;
    hears(&world, "opened by the link", &[NOT_READY, VISIBLE]).await;
    dialog.flip("sale").await;
    world.browser.press(&[Keys::Escape]).await;
    dialog.closed().await;
    hears(&world, "closed by a key", &[HIDDEN, READY]).await;

    world.browser.exec("nosale.open()").await;
    dialog.opened().await;
    hears(&world, "opened by the page", &[NOT_READY, VISIBLE]).await;
    dialog.press("close").await.closed().await;
    hears(&world, "closed by its button", &[HIDDEN, READY]).await;

    // A choice of the page's own while the dialog is open.
    dialog.open().await;
    hears(&world, "opened again", &[NOT_READY, VISIBLE]).await;
    world.browser.exec("nosale.optOut()").await;
    hears(
        &world,
        "chosen meanwhile",
        &[CHANGED, READY, "nosale:change"],
    )
    .await;
    dialog.press("close").await.closed().await;
    hears(&world, "closed", &[NOT_READY, HIDDEN, READY]).await;
    hears_no_more(&world, "at the end").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_section_comes_and_goes_with_the_jurisdiction() {
    let world = World::new(Gpc::Absent).await;
    let config = world.config_with(json!({ "jurisdiction": null }));
    world
        .visit("/", &Markup::new().config(&config).head(NOTE))
        .await;
    hears(&world, "at the start", &["listenerRegistered true"]).await;

    let moves = [
        (
            "US-CA",
            vec!["sectionChange usca", "sectionChange usnat"],
            json!([8]),
            json!(["usca"]),
        ),
        ("none", vec!["sectionChange usca"], json!([-1]), json!([])),
        (
            "US-VA",
            vec!["sectionChange usva"],
            json!([9]),
            json!(["usva"]),
        ),
    ];
    for (jurisdiction, sections, applicable, parsed) in moves {
        let context = format!("nosale.setContext({{ jurisdiction: '{jurisdiction}' }})");
        world.browser.exec(&context).await;
        let heard = "heard.splice(0).filter(event => event !== 'nosale:change')";
        let heard = world.browser.js(heard).await;
        let mut heard: Vec<&str> = heard
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        assert_eq!(heard.pop(), Some(READY), "{jurisdiction}");
        assert_eq!(heard.first(), Some(&NOT_READY), "{jurisdiction}");
        // The sections may come in any order.
        heard[1..].sort_unstable();
        assert_eq!(heard[1..], sections, "{jurisdiction}");
        assert_eq!(world.browser.js("wrong").await, json!([]), "{jurisdiction}");

        let ping = world.browser.js("answerOf('ping')").await;
        assert_eq!(ping["applicableSections"], applicable, "{jurisdiction}");
        assert_eq!(
            world.status().await["gppSections"],
            applicable,
            "{jurisdiction}"
        );
        let names = world
            .browser
            .js("Object.keys(answerOf('ping').parsedSections)")
            .await;
        assert_eq!(names, parsed, "{jurisdiction}");
        for name in ["usca", "usnat", "usva"] {
            let has = format!("answerOf('hasSection', '{name}')");
            let held = parsed.as_array().unwrap().contains(&json!(name));
            assert_eq!(world.browser.js(has).await, held, "{jurisdiction}: {name}");
            assert_eq!(
                field(&world, &format!("{name}.SaleOptOut")).await,
                if held { json!(2) } else { Value::Null },
                "{jurisdiction}: {name}"
            );
        }

        world.browser.exec(&context).await;
        let heard = "heard.filter(event => event.startsWith('section'))";
        assert_eq!(world.browser.js(heard).await, json!([]), "no news");
        world.browser.exec("heard.length = 0").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_choice_of_another_tab_is_told_here() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup().head(NOTE)).await;
    hears(&world, "at the start", &["listenerRegistered true"]).await;
    let here = world.browser.tab().await;
    world.browser.open_tab().await;
    world.open("/").await;
    world.browser.exec("nosale.optOut()").await;

    world.browser.switch(&here).await;
    let told = [NOT_READY, CHANGED, READY, "nosale:change"];
    hears(&world, "the other tab opted out", &told).await;
    assert_eq!(field(&world, "usca.SaleOptOut").await, 1);
    hears_no_more(&world, "at the end").await;
}

/// Registers a listener under a name: notes its events in `told`, then calls `what`.
const LISTEN: &str = r#"<script>
  window.told = {};
  function listen(name, what) {
    __gpp("addEventListener", (event, success) => {
      const text = `${event.eventName} ${event.data}`;
      (told[name] ||= []).push(text);
      (window.strings ||= {})[name] = event.pingData.gppString;
      what?.(text, event);
    });
  }
</script>"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_that_throws_stops_no_other() {
    let world = World::new(Gpc::Absent).await;
    let listeners = r#"<script>
        const late = what => text => { if (text !== "listenerRegistered true") throw what(); };
        listen("first");
        listen("error", late(() => new Error("boom of a listener")));
        listen("null", late(() => null));
        listen("symbol", late(() => Symbol("odd")));
        listen("hostile", late(() => ({ toString() { throw 1 }, get message() { throw 2 } })));
        listen("last");
        document.addEventListener("nosale:change", () => { window.changed = true });
      </script>"#;
    let markup = world.markup().head(LISTEN).head(listeners);
    world.visit("/", &markup).await;
    assert_eq!(world.browser.js("nosale.optOut().kind").await, "opt_out");
    let told = world.browser.js("told").await;
    for name in ["first", "error", "null", "symbol", "hostile", "last"] {
        let events = json!(["listenerRegistered true", NOT_READY, CHANGED, READY]);
        assert_eq!(told[name], events, "{name}");
    }
    assert_eq!(world.browser.js("window.changed").await, true);
    assert_eq!(world.decision("sale").await["allowed"], false);
    let said = |console: &e2e::Console| console.errs(&["boom of a listener"]);
    world.browser.said("what was thrown", said).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn listeners_may_leave_and_come_inside_an_event() {
    let world = World::new(Gpc::Absent).await;
    let listeners = r#"<script>
        const drop = id => __gpp("removeEventListener", event => { window.dropped = (window.dropped ?? 0) + event.data }, id);
        listen("leaver", (text, event) => { if (text === "signalStatus not ready") drop(event.listenerId); });
        listen("remover", text => {
          if (text !== "signalStatus not ready" || told.newcomer) return;
          drop(victim);
          listen("newcomer");
        });
        let victim;
        listen("victim", (text, event) => { victim = event.listenerId; });
        listen("last");
      </script>"#;
    let markup = world.markup().head(LISTEN).head(listeners);
    world.visit("/", &markup).await;
    world.browser.exec("nosale.optOut()").await;

    let told = world.browser.js("told").await;
    let all = json!(["listenerRegistered true", NOT_READY, CHANGED, READY]);
    assert_eq!(
        told["leaver"],
        json!(["listenerRegistered true", NOT_READY])
    );
    assert_eq!(told["remover"], all);
    assert_eq!(told["victim"], json!(["listenerRegistered true"]));
    assert_eq!(told["last"], all);
    let newcomer = told["newcomer"].as_array().unwrap();
    assert_eq!(newcomer.first(), Some(&json!("listenerRegistered true")));
    assert_eq!(newcomer.last(), Some(&json!(READY)));
    assert_eq!(world.browser.js("dropped").await, 2, "both are answered");
    let console = world.browser.console().await;
    assert_eq!(console.complaints(), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_may_opt_out_at_any_event() {
    let world = World::new(Gpc::Absent).await;
    for moment in [NOT_READY, CHANGED, READY] {
        world.open_bare().await;
        world
            .browser
            .cdp("Network.clearBrowserCookies", json!({}))
            .await;
        world.browser.exec("localStorage.clear()").await;
        let listeners = format!(
            r#"<script>
              listen("before");
              let once = true;
              listen("chooser", text => {{
                if (once && text === "{moment}") {{ once = false; nosale.optOut(["sharing"]); window.inner = nosale.status().gpp; }}
              }});
              listen("behind");
            </script>"#
        );
        let markup = world.markup().head(LISTEN).head(&listeners);
        world.visit("/", &markup).await;
        world.browser.exec("nosale.optOut(['sale'])").await;

        let string = "DBABBg~BVUAAACA.QA";
        assert_eq!(world.status().await["gpp"], string, "{moment}");
        assert_eq!(world.browser.js("inner").await, string, "{moment}");
        let told = world.browser.js("told").await;
        for name in ["before", "chooser", "behind"] {
            let mut events: Vec<&str> = told[name].as_array().unwrap()[1..]
                .iter()
                .map(|event| event.as_str().unwrap())
                .collect();
            // A change that begins inside another may say again that nothing is ready.
            events.dedup();
            assert_eq!(events.first(), Some(&NOT_READY), "{moment}, {name}");
            assert_eq!(events.last(), Some(&READY), "{moment}, {name}");
            assert!(
                events.ends_with(&[CHANGED, READY]),
                "{moment}, {name}: {events:?}"
            );
            let last = world.browser.js(format!("strings.{name}")).await;
            assert_eq!(last, string, "{moment}, {name}: what was told last");
        }
        if moment == NOT_READY {
            // The inner change was told whole, and the outer, which is overtaken, no further.
            let whole = json!(["listenerRegistered true", NOT_READY, CHANGED, READY]);
            assert_eq!(told["behind"], whole);
        }
        let ready = |name: &str| {
            let events = told[name].as_array().unwrap();
            events.iter().filter(|event| *event == READY).count()
        };
        let first = if moment == READY { 2 } else { 1 };
        assert_eq!((ready("chooser"), ready("behind")), (first, 1), "{moment}");
    }
    let console = world.browser.console().await;
    assert_eq!(console.complaints(), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_out_inside_an_opt_in_is_what_readers_hear() {
    let world = World::new(Gpc::Absent).await;
    let chooser = r#"<script>
        __gpp("addEventListener", ({ eventName, data }) => { if (data === "not ready" && window.armed) { armed = false; nosale.optOut(); } });
      </script>"#;
    world
        .visit("/", &world.markup().head(NOTE).head(chooser))
        .await;
    world
        .browser
        .js("(nosale.optOut(), armed = true, nosale.optIn(undefined, { confirmed: true }))")
        .await;
    let ping = world.browser.js("answerOf('ping')").await;
    assert_eq!(ping["gppString"], "DBABBg~BVUAAACA.QA");
    assert_eq!(ping["signalStatus"], "ready");
    assert_eq!(world.status().await["gpp"], ping["gppString"]);
    assert_eq!(world.decision("sale").await["allowed"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialog_that_the_page_throws_out_is_told_as_gone() {
    let world = World::new(Gpc::Absent).await;
    world.visit("/", &world.markup().head(NOTE)).await;
    world.browser.js("nosale.open()").await;
    let before = ["listenerRegistered true", NOT_READY, VISIBLE];
    hears(&world, "the dialog opens", &before).await;
    world
        .browser
        .exec("document.querySelector('[data-nosale-dialog]').remove()")
        .await;
    hears(&world, "the page throws it out", &[HIDDEN, READY]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_that_throws_stops_no_opt_out() {
    let world = World::new(Gpc::Absent).await;
    let page = r#"<script>
        __gpp("addEventListener", ({ eventName }) => { if (eventName !== "listenerRegistered") throw new Error("boom"); });
        console.error = console.warn = () => { throw new Error("no console"); };
      </script>"#;
    world
        .visit("/", &world.markup().head(page).head(NOTE_LATE))
        .await;
    let receipt = world.browser.js("nosale.optOut()").await;
    assert_eq!(receipt["kind"], "opt_out");
    assert_eq!(world.browser.js("last").await, "DBABBg~BVUAAACA.QA");
    let row = &world.collector.stored(1).await[0];
    assert_eq!(row.event["id"], receipt["id"], "and it is reported");
}

/// Keeps the string of the last event.
const NOTE_LATE: &str = r#"<script>
  __gpp("addEventListener", ({ pingData }) => { window.last = pingData.gppString; });
</script>"#;
