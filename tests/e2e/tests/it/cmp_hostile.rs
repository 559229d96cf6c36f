//! Messages that mean harm, and far too many of them.

use e2e::{Gpc, TRACKER, World};
use serde_json::json;

use crate::cmp_frames::{BYSTANDER, INNER, NEAR, SEALED, heard, order, reply, silence, visit};

#[tokio::test(flavor = "multi_thread")]
async fn hostile_messages_change_nothing() {
    let world = World::new(Gpc::On).await;
    visit(&world, world.markup()).await;
    world
        .recorded("the signal", |record| record.signal_on())
        .await;
    world.collector.stored(1).await;
    world
        .browser
        .until("nosale.status().reports.pending === 0")
        .await;
    let before = world.status().await;

    // What can be cloned at all is sent; each is one message.
    let odd = r#"deaf = true;
        const post = (...messages) => { for (const message of messages) for (const locator of ["__gppLocator", "__uspapiLocator"]) try { send(message, locator); } catch {} };
        const both = what => [{ __gppCall: what }, { __uspapiCall: what }, { __gppCall: what, __uspapiCall: what }];
        const nest = (depth, seed) => { for (let turn = 0; turn < depth; turn++) seed = turn % 2 ? [seed] : { __gppCall: seed }; return seed; };
        const cyclic = {}; cyclic.__gppCall = cyclic; cyclic.__uspapiCall = cyclic; cyclic.command = cyclic; cyclic.self = [cyclic];
        const values = [null, undefined, 0, -1, NaN, 1e308, true, "", "ping", "x".repeat(20000), [], {}, ["ping"], 10n, new Date(), /x/, new Map([[1, 2]]),
          new Set(), new Error("odd"), new ArrayBuffer(1 << 20), new Uint8Array(4), new Blob(["x"]), new Boolean(true), new Number(1), new String("ping"),
          Object(1n), nest(50, 1), nest(1500, 1), cyclic, Object.create(null), { length: 1e9 }, new Array(1000000)];
        post(...values);
        for (const value of values) {
          post(...both(value));
          for (const command of ["ping", "addEventListener", "removeEventListener", "hasSection", "getSection", "getField", "getUSPData", "registerDeletion", "__proto__", "constructor", value]) {
            post(...both({ command, parameter: value, version: "1.1", callId: value }));
            post(...both({ command, version: value }));
            post(...both({ command, callback: value, parameter: cyclic, callId: cyclic }));
          }
        }
        return "sent";"#;
    assert_eq!(order(&world, NEAR, odd).await, "sent");

    let text = r#"deaf = true;
        const post = (...messages) => { for (const message of messages) send(message); };
        const megabytes = "x".repeat(5 << 20);
        post(megabytes, JSON.stringify({ __gppCall: { command: "ping", callId: megabytes } }), JSON.stringify({ __uspapiCall: { command: "getUSPData", version: 1, callId: megabytes } }));
        post({ __gppCall: { command: megabytes, parameter: megabytes, version: megabytes } }, { __gppCall: { command: "getField", parameter: megabytes } });
        post("[".repeat(1 << 20), "[".repeat(9000), "[".repeat(4500) + "]".repeat(4500), '{"__gppCall":'.repeat(700) + "1" + "}".repeat(700));
        for (const inner of ["", "{", "null", "7", '"ping"', "[]", "{}", '{"command":null}', '{"command":["ping"]}', '{"command":{}}', '{"command":"ping","version":{}}',
            '{"command":"ping","version":[],"parameter":[[]]}', '{"command":"addEventListener","parameter":{"length":1e9}}', '{"command":"removeEventListener","parameter":1000}',
            '{"__proto__":{"command":"ping"}}', '{"command":"getField","parameter":"__proto__.polluted"}'])
          post(`{"__gppCall":${inner}}`, `{"__uspapiCall":${inner}}`, `{"__gppCall"${inner}`, inner);
        post('{"__proto__":{"__gppCall":{"command":"ping"},"polluted":true}}', "__gppCall", "\u0000{}", '{"__gppReturn":{"returnValue":null,"success":true,"callId":0}}');
        return "sent";"#;
    assert_eq!(order(&world, INNER, text).await, "sent");

    // Thousands at once: noise, and calls that would be honest if there were fewer.
    let flood = "deaf = true;
        for (let turn = 0; turn < 5000; turn++) {
          send(turn % 2 ? { __gppCall: { command: 'ping', version: '1.1', callId: turn } } : 'noise ' + turn);
          send(JSON.stringify({ __gppCall: { command: 'addEventListener', callId: turn } }));
        }
        return 'sent';";
    world
        .browser
        .exec("window.ticks = 0; setInterval(() => { ticks += 1 }, 10)")
        .await;
    assert_eq!(order(&world, SEALED, flood).await, "sent");

    // An honest frame is answered, and the page goes on.
    for text in [false, true] {
        order(
            &world,
            BYSTANDER,
            &format!("ask({{ command: 'ping', version: '1.1', callId: 7 }}, {text})"),
        )
        .await;
        let replies = heard(&world, "bystander", 1).await;
        let given = reply(&replies[0], text, "__gppReturn");
        assert_eq!(
            (&given["success"], &given["callId"]),
            (&json!(true), &json!(7))
        );
        assert_eq!(given["returnValue"]["gppString"], before["gpp"]);
    }
    let ticks = world.browser.js("ticks").await;
    world.browser.until(format!("ticks > {ticks}")).await;
    let direct = "(() => { let data; __uspapi('getUSPData', 1, answer => { data = answer; }); return data.uspString; })()";
    assert_eq!(world.browser.js(direct).await, before["usp"]);

    assert_eq!(world.status().await, before);
    assert_eq!(
        world.decision("sale").await,
        json!({ "allowed": false, "because": "gpc" })
    );
    assert_eq!(world.ask(TRACKER).await, "TypeError");
    assert_eq!(
        world.browser.js("[errors, ({}).polluted ?? null]").await,
        json!([[], null])
    );
    let console = world.browser.console().await;
    assert!(!console.errs(&["nosale"]), "{console}");
    silence(&world, "bystander").await;
    assert_eq!(world.collector.rows().len(), 1, "nothing was reported");

    // With so many listeners, a change still is one.
    let rows = "nosale.optOut(['profiling']), nosale.setContext({ jurisdiction: 'US-VA' })";
    world.browser.exec(rows).await;
    assert_eq!(world.status().await["gpp"], "DBABRg~BVUAACA");
    assert_eq!(world.browser.js("errors").await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_same_origin_frame_with_traps_in_it_stops_nobody() {
    let world = World::new(Gpc::Absent).await;
    world.put(
        e2e::WWW,
        "/frame",
        e2e::Page::html("<script>parent.postMessage({ __gppCall: { command: 'addEventListener', callId: 1 } }, '*'); parent.waiting = false;</script>"),
    );
    let body = r#"<script>window.waiting = true;</script><iframe title="frame" name="inside" src="/frame"></iframe>"#;
    world.visit("/", &world.markup().body(body)).await;
    world.browser.until("!waiting").await;
    world.settle().await;
    let trap = "Object.defineProperty(frames.inside, 'closed', { get() { __gpp('addEventListener', () => {}); return false; } });
        frames.inside.postMessage = () => { throw new Error('no post'); };";
    world.browser.exec(trap).await;
    world.browser.js("nosale.optOut()").await;
    let ping = world
        .browser
        .js("new Promise(resolve => __gpp('ping', resolve))")
        .await;
    assert_eq!(ping["gppString"], "DBABBg~BVUAAACA.QA");
    assert_eq!(ping["signalStatus"], "ready");
}
