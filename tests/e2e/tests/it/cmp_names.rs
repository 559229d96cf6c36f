//! Pages that have something odd under the names of `__gpp` and `__uspapi`.

use e2e::{Gpc, TRACKER, World};
use serde_json::json;

/// What the page has as `__gpp`, or `__uspapi`, before nosale.
#[derive(PartialEq)]
enum Expect {
    /// The name is free: nosale answers.
    Answers,
    /// The name cannot be had: the console says why.
    SaysWhy,
    /// Either will do, but one of them.
    Either,
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_has_the_name_nosale_starts_and_the_gate_holds() {
    use Expect::{Answers, Either, SaysWhy};
    let world = World::new(Gpc::On).await;
    let odd = "const odd = (name, what) => Object.defineProperty(window, name, what);
               const hostile = () => { throw new Error('hostile') };";
    // NAME stands for `__gpp` and for `__uspapi`.
    let cases = [
        ("<script>window.NAME = 'text'</script>", Answers),
        ("<script>window.NAME = null</script>", Answers),
        ("<script>window.NAME = { queue: 7 }</script>", Answers),
        (r#"<meta id="NAME" name="odd">"#, Answers),
        (
            "<script>window.NAME = Object.freeze(() => {})</script>",
            Either,
        ),
        ("<script>window.NAME = hostile</script>", Either),
        (
            "<script>window.NAME = new Proxy(() => {}, { get: hostile, apply: hostile, has: hostile })</script>",
            Either,
        ),
        (
            "<script>window.NAME = (command, callback) => callback?.(7, true)</script>",
            Either,
        ),
        (
            "<script>window.NAME = (command, callback) => callback?.({ get cmpStatus() { return hostile() } }, true)</script>",
            Either,
        ),
        ("<script>window.NAME = class Odd {}</script>", Either),
        ("<script>odd('NAME', { value: 'text' })</script>", SaysWhy),
        (
            "<script>odd('NAME', { value: Object.freeze(() => {}) })</script>",
            SaysWhy,
        ),
        ("<script>odd('NAME', { value: hostile })</script>", SaysWhy),
        (
            "<script>odd('NAME', { get: () => 'text' })</script>",
            SaysWhy,
        ),
        (
            "<script>odd('NAME', { get: hostile, set: hostile })</script>",
            SaysWhy,
        ),
        (
            "<script>odd('NAME', { get: () => undefined, set: () => {} })</script>",
            SaysWhy,
        ),
    ];
    let ask = r#"<script>
        window.ran = true;
        window.cmp = "nobody";
        try { __gpp("ping", ping => { cmp = ping?.gppString ?? "nobody"; }); } catch {}
        window.usp = "nobody";
        try { __uspapi("getUSPData", 1, data => { usp = data?.uspString ?? "nobody"; }); } catch {}
      </script>"#;
    for (number, (odd_tag, expect)) in cases.into_iter().enumerate() {
        for name in ["__gpp", "__uspapi"] {
            let case = odd_tag.replace("NAME", name);
            let before = world.browser.console().await.complaints().len();
            let tag = format!("<script>{odd}</script>{case}<script src=\"/nosale.js\"></script>");
            let markup = world.markup().tag(&tag).head(ask);
            world.visit(&format!("/{name}/{number}"), &markup).await;

            assert_eq!(world.browser.js("window.ran").await, true, "{case}");
            let status = world.status().await;
            assert_eq!(status["gpp"], "DBABBg~BVUAAACA.YA", "{case}");
            assert_eq!(status["usp"], "1YYN", "{case}");
            assert_eq!(status["purposes"]["sale"]["because"], "gpc", "{case}");
            assert_eq!(world.ask(TRACKER).await, "TypeError", "{case}");

            let answers = world.browser.js("({ __gpp: cmp, __uspapi: usp })").await;
            let other = if name == "__gpp" { "__uspapi" } else { "__gpp" };
            let expected = |name: &str| {
                if name == "__gpp" {
                    "DBABBg~BVUAAACA.YA"
                } else {
                    "1YYN"
                }
            };
            assert_eq!(answers[other], expected(other), "{case}: the other name");
            let answered = answers[name] == expected(name);
            let console = world.browser.console().await;
            let complaints = &console.complaints()[before..];
            let said = complaints.iter().any(|line| line.contains(name));
            let right = match expect {
                Answers => answered,
                SaysWhy => !answered && said,
                Either => answered || said,
            };
            assert!(
                right,
                "{case}: {} answered, the console said {complaints:?}",
                answers[name]
            );
        }
    }
    world.nothing_reached(TRACKER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_may_wrap_the_functions_to_watch_them() {
    let world = World::new(Gpc::On).await;
    let wrap = r#"<script>
        window.watched = 0;
        for (const name of ["__gpp", "__uspapi"]) {
          const before = window[name];
          window[name] = function (...call) { watched += 1; return before.apply(this, call); };
        }
        window.told = [];
        __gpp("ping", (ping, success) => told.push([ping.gppString, success]));
        __gpp("addEventListener", ({ eventName, data }) => told.push(`${eventName} ${data}`));
        __uspapi("getUSPData", 1, (data, success) => told.push([data.uspString, success]));
        __uspapi("registerDeletion", 1, () => told.push("an order to delete"));
      </script>"#;
    world.visit("/", &world.markup().head(wrap)).await;
    let told = world.browser.js("told.splice(0)").await;
    let expected = json!([
        ["DBABBg~BVUAAACA.YA", true],
        "listenerRegistered true",
        ["1YYN", true],
    ]);
    assert_eq!(told, expected);

    let moved = "nosale.setContext({ jurisdiction: 'none' })";
    world.browser.exec(moved).await;
    let told = world.browser.js("told").await;
    let expected = [
        "signalStatus not ready",
        "sectionChange usca",
        "signalStatus ready",
    ];
    assert_eq!(told, json!(expected));
    let status = world.status().await;
    assert_eq!(status["gpp"], "DBAA");
    assert_eq!(status["purposes"]["sale"]["because"], "gpc");
    assert_eq!(world.ask(TRACKER).await, "TypeError");
    let watched = world.browser.js("watched").await;
    assert!(watched.as_u64().unwrap() < 100, "{watched} calls");
    let console = world.browser.console().await;
    assert_eq!(console.complaints(), Vec::<&str>::new());
}
