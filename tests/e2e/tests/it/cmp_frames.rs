//! `__gpp` and `__uspapi` asked by messages from cross-origin frames.

use e2e::{Gpc, Markup, PARTNER, Page, World, wait};
use serde_json::{Value, json};

/// Another host that no rule names.
const CDN: &str = "cdn.localhost";

/// A reader in a frame: finds who has the locator, does what the page orders, and passes on to the
/// page whatever it hears.
const CLIENT: &str = r#"<!doctype html><title>client</title><script>
  const name = window.name;
  function find(locator) {
    for (let frame = window; ; frame = frame.parent) {
      try { if (frame.frames[locator]) return frame; } catch {}
      if (frame === frame.parent) return null;
    }
  }
  let deaf = false;
  const pass = message => top.postMessage({ from: name, ...message }, "*");
  const send = (message, locator = "__gppLocator") => find(locator).postMessage(message, "*");
  const ask = (__gppCall, text) => send(text ? JSON.stringify({ __gppCall }) : { __gppCall });
  addEventListener("message", ({ data, source }) => {
    if (data && typeof data === "object" && "order" in data) {
      pass({ done: data.number, result: new Function(data.order)() });
    } else if (!deaf) {
      pass({ heard: { data, text: typeof data === "string", owner: source === find("__gppLocator") } });
    }
  });
</script>"#;

/// The page's side: orders, and what the frames passed on.
const PAGE: &str = r#"<script>
  window.heard = {};
  window.done = {};
  window.errors = [];
  addEventListener("error", ({ message }) => errors.push(message));
  addEventListener("unhandledrejection", ({ reason }) => errors.push(String(reason)));
  addEventListener("message", ({ data }) => {
    if (typeof data?.from !== "string") return;
    if (data.heard) (heard[data.from] ||= []).push(data.heard);
    else done[data.done] = { result: data.result };
  });
  const answerOf = (...call) => { let data; __gpp(call[0], answer => { data = answer }, ...call.slice(1)); return data; };
</script>"#;

/// Frames of other origins: two siblings, one without an origin, and one inside another.
const FRAMES: &str = r#"
  <iframe title="near" name="near" src="http://partner.localhost:{port}/client"></iframe>
  <iframe title="bystander" name="bystander" src="http://partner.localhost:{port}/client"></iframe>
  <iframe title="sealed" name="sealed" sandbox="allow-scripts" src="http://cdn.localhost:{port}/client"></iframe>
  <iframe title="outer" name="outer" src="http://partner.localhost:{port}/outer"></iframe>"#;

pub(crate) const NEAR: &str = "frames.near";
pub(crate) const BYSTANDER: &str = "frames.bystander";
pub(crate) const SEALED: &str = "frames.sealed";
pub(crate) const INNER: &str = "frames.outer[0]";

/// Opens a page with the frames.
pub(crate) async fn visit(world: &World, markup: Markup) {
    let outer =
        r#"<iframe title="inner" name="inner" src="http://cdn.localhost:{port}/client"></iframe>"#;
    world.put(PARTNER, "/client", Page::html(CLIENT));
    world.put(CDN, "/client", Page::html(CLIENT));
    world.put(PARTNER, "/outer", Page::html(format!("{CLIENT}{outer}")));
    world.visit("/", &markup.head(PAGE).body(FRAMES)).await;
}

/// Has a frame run statements, and gives what they return once they are done.
pub(crate) async fn order(world: &World, frame: &str, statements: &str) -> Value {
    let post = format!(
        "(window.number = (window.number ?? 0) + 1, \
          {frame}.postMessage({{ order: {}, number }}, '*'), number)",
        json!(statements)
    );
    let number = world.browser.js(post).await;
    let done = world.browser.until(format!("window.done[{number}]")).await;
    done["result"].clone()
}

/// Waits until a frame has heard `count` messages since the last time, and takes them.
pub(crate) async fn heard(world: &World, name: &str, count: usize) -> Vec<Value> {
    let enough = format!("(heard.{name} ?? []).length >= {count}");
    world.browser.until(enough).await;
    let taken = format!("(heard.{name} ?? []).splice(0)");
    let taken = world.browser.js(taken).await;
    let taken = taken.as_array().unwrap();
    assert_eq!(taken.len(), count, "{name} heard {taken:?}");
    for message in taken {
        assert_eq!(
            message["owner"], true,
            "{name} heard somebody else: {message}"
        );
    }
    taken.clone()
}

/// Asserts that all that was posted so far is settled, and a frame has heard nothing.
pub(crate) async fn silence(world: &World, name: &str) {
    world.settle().await;
    heard(world, name, 0).await;
}

/// The reply in a message, whose form must be that of the request.
#[track_caller]
pub(crate) fn reply(message: &Value, text: bool, wrapper: &str) -> Value {
    assert_eq!(message["text"], text, "the form of the request: {message}");
    let data = match message["data"].as_str() {
        Some(data) => serde_json::from_str(data).unwrap(),
        None => message["data"].clone(),
    };
    let keys: Vec<&String> = data.as_object().unwrap().keys().collect();
    assert_eq!(keys, [wrapper], "{data}");
    data[wrapper].clone()
}

fn answered(return_value: Value, call_id: Value) -> Value {
    json!({ "returnValue": return_value, "success": true, "callId": call_id })
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_of_any_depth_get_answers_in_the_form_they_asked() {
    let world = World::new(Gpc::On).await;
    visit(&world, world.markup()).await;

    for name in ["__gppLocator", "__uspapiLocator"] {
        let locators = format!(
            "[...document.querySelectorAll('iframe[name={name}]')].map(frame => \
             [frame.hasAttribute('src'), frame.getClientRects().length, frame.parentNode === document.body])"
        );
        assert_eq!(
            world.browser.js(locators).await,
            json!([[false, 0, true]]),
            "{name}"
        );
    }

    let ping = world.browser.js("answerOf('ping')").await;
    assert_eq!(ping["gppString"], "DBABBg~BVUAAACA.YA");
    for (frame, name) in [(NEAR, "near"), (INNER, "inner"), (SEALED, "sealed")] {
        for text in [false, true] {
            let calls = format!(
                "ask({{ command: 'ping', version: '1.1', callId: 'a' }}, {text});
                 ask({{ command: 'getField', parameter: 'usca.SaleOptOut', version: '1.1', callId: 'b' }}, {text});
                 ask({{ command: 'hasSection', parameter: 'usca', callId: 'c' }}, {text});
                 ask({{ command: 'getSection', parameter: 'usva', callId: 'd' }}, {text});
                 ask({{ command: 'no such', callId: 'e' }}, {text});
                 ask({{ command: 'ping', version: '9', callId: 'f' }}, {text});"
            );
            order(&world, frame, &calls).await;
            let replies: Vec<Value> = heard(&world, name, 6)
                .await
                .iter()
                .map(|message| reply(message, text, "__gppReturn"))
                .collect();
            let refused = |id: &str| json!({ "returnValue": null, "success": false, "callId": id });
            let expected = json!([
                answered(ping.clone(), json!("a")),
                answered(json!(1), json!("b")),
                answered(json!(true), json!("c")),
                answered(json!(null), json!("d")),
                refused("e"),
                refused("f"),
            ]);
            assert_eq!(json!(replies), expected, "{name}, text: {text}");
        }
    }

    // Readers tell replies apart by an id of whatever kind.
    let ids =
        json!([0, "", "text", 12.5, -1, false, true, null, [1, "two"], { "three": { "four": 4 } }]);
    for text in [false, true] {
        let calls = format!(
            "for (const callId of {ids}) ask({{ command: 'hasSection', parameter: 'usca', callId }}, {text});"
        );
        order(&world, NEAR, &calls).await;
        let replies: Vec<Value> = heard(&world, "near", 10)
            .await
            .iter()
            .map(|message| reply(message, text, "__gppReturn")["callId"].clone())
            .collect();
        assert_eq!(json!(replies), ids, "text: {text}");
    }

    for name in ["near", "inner", "sealed", "bystander", "outer"] {
        silence(&world, name).await;
    }
    let console = world.browser.console().await;
    assert_eq!(console.complaints(), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_us_privacy_string_is_given_to_frames() {
    let world = World::new(Gpc::Absent).await;
    visit(&world, world.markup()).await;
    for (frame, name) in [(NEAR, "near"), (INNER, "inner")] {
        for text in [false, true] {
            // The orders to delete must stay without a reply.
            let calls = format!(
                "const ask = __uspapiCall => send({text} ? JSON.stringify({{ __uspapiCall }}) : {{ __uspapiCall }}, '__uspapiLocator');
                 ask({{ command: 'getUSPData', version: 1, callId: 0 }});
                 ask({{ command: 'registerDeletion', version: 1, callId: 1 }});
                 ask({{ command: 'performDeletion', version: 1, callId: 2, parameter: ['an-id'] }});
                 ask({{ command: 'getUSPData', version: 3, callId: 'wrong' }});
                 ask({{ command: 'ping', version: 1, callId: '' }});
                 ask({{ command: 'getUSPData', version: 1, callId: 'last' }});"
            );
            order(&world, frame, &calls).await;
            let replies: Vec<Value> = heard(&world, name, 4)
                .await
                .iter()
                .map(|message| reply(message, text, "__uspapiReturn"))
                .collect();
            let data = || json!({ "version": 1, "uspString": "1YNN" });
            let refused = |id: &str| json!({ "returnValue": null, "success": false, "callId": id });
            let expected = json!([
                answered(data(), json!(0)),
                refused("wrong"),
                refused(""),
                answered(data(), json!("last")),
            ]);
            assert_eq!(json!(replies), expected, "{name}, text: {text}");
        }
    }
    world.browser.exec("nosale.optOut()").await;
    let call = "send({ __uspapiCall: { command: 'getUSPData', version: 1, callId: 5 } }, '__uspapiLocator')";
    order(&world, NEAR, call).await;
    let replies = heard(&world, "near", 1).await;
    let given = reply(&replies[0], false, "__uspapiReturn");
    assert_eq!(given["returnValue"]["uspString"], "1YYN");
    for name in ["near", "inner", "bystander", "outer"] {
        silence(&world, name).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn listeners_in_frames_hear_of_changes_and_are_theirs_alone() {
    let world = World::new(Gpc::Absent).await;
    visit(&world, world.markup()).await;
    let own = world
        .browser
        .js("(window.own = [], answerOf('addEventListener').listenerId)")
        .await;

    let listen = async |frame: &str, name: &str, id: Value, text: bool| {
        let call =
            format!("ask({{ command: 'addEventListener', version: '1.1', callId: {id} }}, {text})");
        order(&world, frame, &call).await;
        let told = heard(&world, name, 1).await;
        let told = reply(&told[0], text, "__gppReturn");
        assert_eq!(
            (&told["success"], &told["callId"]),
            (&json!(true), &id),
            "{name}"
        );
        assert_eq!(
            told["returnValue"]["eventName"], "listenerRegistered",
            "{name}"
        );
        assert_eq!(told["returnValue"]["data"], true, "{name}");
        told["returnValue"]["listenerId"].clone()
    };
    let near = listen(NEAR, "near", json!(5), false).await;
    let inner = listen(INNER, "inner", json!(""), true).await;
    assert_ne!(near, inner);
    assert_ne!(near, own);

    let changes = [
        "signalStatus not ready",
        "sectionChange usca",
        "signalStatus ready",
    ];
    let hears_change = async |name: &str, id: Value, text: bool, string: &str| {
        let told: Vec<Value> = heard(&world, name, changes.len())
            .await
            .iter()
            .map(|message| reply(message, text, "__gppReturn"))
            .collect();
        for (told, change) in told.iter().zip(changes) {
            assert_eq!(
                (&told["success"], &told["callId"]),
                (&json!(true), &id),
                "{name}"
            );
            let event = &told["returnValue"];
            let name = format!(
                "{} {}",
                event["eventName"].as_str().unwrap(),
                event["data"].as_str().unwrap()
            );
            assert_eq!(name, change);
        }
        assert_eq!(
            told[2]["returnValue"]["pingData"]["gppString"], string,
            "{name}"
        );
    };
    world.browser.exec("nosale.optOut(['sale'])").await;
    hears_change("near", json!(5), false, "DBABBg~BVYAAACA.QA").await;
    hears_change("inner", json!(""), true, "DBABBg~BVYAAACA.QA").await;

    // A sibling of the same origin cannot end what is not its own.
    let remove = async |frame: &str, name: &str, listener: &Value, text: bool| {
        let call = format!(
            "ask({{ command: 'removeEventListener', parameter: {listener}, version: '1.1', callId: 'x' }}, {text})"
        );
        order(&world, frame, &call).await;
        let told = heard(&world, name, 1).await;
        let told = reply(&told[0], text, "__gppReturn");
        assert_eq!(told["callId"], "x");
        told["returnValue"]["data"].clone()
    };
    for text in [false, true] {
        for listener in [&near, &inner, &own] {
            let removed = remove(BYSTANDER, "bystander", listener, text).await;
            assert_ne!(removed, true, "listener {listener}, text: {text}");
        }
    }
    world.browser.exec("nosale.optOut(['sharing'])").await;
    hears_change("near", json!(5), false, "DBABBg~BVUAAACA.QA").await;
    hears_change("inner", json!(""), true, "DBABBg~BVUAAACA.QA").await;
    let still = format!("answerOf('removeEventListener', {own}).data");
    assert_eq!(
        world.browser.js(still).await,
        true,
        "the page's own was kept"
    );

    // Its own it can, and a frame that is gone stops nobody.
    assert_eq!(remove(NEAR, "near", &near, false).await, true);
    assert_eq!(remove(NEAR, "near", &near, false).await, false);
    listen(BYSTANDER, "bystander", json!(1), false).await;
    world
        .browser
        .exec("document.querySelector('[name=bystander]').remove()")
        .await;
    world
        .browser
        .exec("nosale.setContext({ jurisdiction: 'none' })")
        .await;
    hears_change("inner", json!(""), true, "DBAA").await;
    for name in ["near", "inner", "bystander", "sealed", "outer"] {
        silence(&world, name).await;
    }
    let console = world.browser.console().await;
    assert_eq!(console.complaints(), Vec::<&str>::new());
    assert_eq!(world.browser.js("errors").await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_has_a_hundred_listeners_at_most() {
    let world = World::new(Gpc::Absent).await;
    visit(&world, world.markup()).await;
    let many = "window.ready = 0;
        deaf = true;
        addEventListener('message', ({ data }) => {
          const event = data?.__gppReturn?.returnValue;
          if (event?.eventName === 'signalStatus' && event.data === 'ready') ready += 1;
        });
        for (let callId = 0; callId < 150; callId++) ask({ command: 'addEventListener', callId });";
    order(&world, NEAR, many).await;
    let listen = "ask({ command: 'addEventListener', callId: 'mine' })";
    order(&world, SEALED, listen).await;
    heard(&world, "sealed", 1).await;
    world.browser.exec("nosale.optOut()").await;
    heard(&world, "sealed", 3).await;

    wait::until("a hundred were told", async || {
        (order(&world, NEAR, "return ready").await == 100).then_some(())
    })
    .await;
    world.settle().await;
    assert_eq!(order(&world, NEAR, "return ready").await, 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_on_styles_leaves_the_locators() {
    let world = World::new(Gpc::Absent).await;
    world.put(PARTNER, "/client", Page::html(CLIENT));
    let frame = r#"<iframe title="near" name="near" src="http://partner.localhost:{port}/client"></iframe>"#;
    let markup = world.markup().head(PAGE).body(frame);
    world.visit_under("style-src 'self'", "/", &markup).await;

    for name in ["__gppLocator", "__uspapiLocator"] {
        let locators = format!(
            "[...document.querySelectorAll('iframe[name={name}]')].map(frame => frame.getClientRects().length)"
        );
        assert_eq!(
            world.browser.js(locators).await,
            json!([0]),
            "{name} is there and hidden"
        );
    }
    order(
        &world,
        NEAR,
        "ask({ command: 'hasSection', parameter: 'usca', callId: 1 })",
    )
    .await;
    let replies = heard(&world, "near", 1).await;
    assert_eq!(
        reply(&replies[0], false, "__gppReturn"),
        answered(json!(true), json!(1))
    );
    let console = world.browser.console().await;
    assert!(!console.says(&["style-src"]), "{console}");
}
