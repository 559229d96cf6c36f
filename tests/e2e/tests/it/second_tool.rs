//! Beside a European consent tool that owns `__gpp`: readers get its section and nosale's, whichever
//! of the two came first.

use e2e::{Gpc, Markup, WWW, World, clients};
use serde_json::{Value, json};

use crate::prebid::{self, Auction};

/// The tool as it stands in a page.
const TOOL: &str = r#"<script src="/second-tool.js"></script>"#;
const NOSALE: &str = r#"<script src="/nosale.js"></script>"#;

/// The header of a string with sections 2 and 8.
const HEADER: &str = "DBACNMA";

/// California's section, nothing opted out.
const OPEN: &str = "BVoAAACA.QA";
/// The same after an opt-out.
const OPTED_OUT: &str = "BVUAAACA.QA";
/// The same with the signal on.
const SIGNAL: &str = "BVUAAACA.YA";

/// A function for the page: what `__gpp` answers a command with, by the time that it returns.
const ASK: &str = r#"<script>
  window.ask = (command, parameter) => {
    let answer = [];
    __gpp(command, (...given) => (answer = given), parameter);
    return answer;
  };
</script>"#;

/// Statements that listen from here on, into a list: each event with the string of that moment.
fn listen(name: &str) -> String {
    format!(
        r#"window.{name} = [];
           __gpp("addEventListener", ({{ eventName, data, pingData }}) =>
             {name}.push([eventName, data, pingData.gppString]));"#
    )
}

fn serve_tool(world: &World) {
    world
        .site
        .put(WWW, "/second-tool.js", clients::second_tool());
}

/// The string that the page must tell: the tool's section as the tool writes it, then nosale's.
async fn united(world: &World, own: &str) -> String {
    let section = world.browser.js("secondTool.section()").await;
    let section = section.as_str().expect("a section of the tool's");
    format!("{HEADER}~{section}~{own}")
}

/// Asserts what every reader is told: by `status()`, by each command, and in a bid request.
async fn tells_both(world: &World, own: &str, case: &str) {
    let status = world.status().await;
    assert_eq!(status["gpp"], united(world, own).await, "{case}");
    assert_eq!(status["gppSections"], json!([2, 8]), "{case}");

    let ping = world.browser.js("ask('ping')[0]").await;
    assert_eq!(ping["gppString"], status["gpp"], "{case}");
    for list in ["sectionList", "applicableSections"] {
        assert_eq!(ping[list], json!([2, 8]), "{case}: {list}");
    }
    for api in ["2:tcfeuv2", "8:usca"] {
        let apis = ping["supportedAPIs"].as_array().expect("a list");
        let count = apis.iter().filter(|known| *known == api).count();
        assert_eq!(count, 1, "{case}: {api} in {apis:?}");
    }
    assert_eq!(ping["cmpId"], 31, "{case}: the tool stays the owner");
    let states = ["cmpStatus", "cmpDisplayStatus", "signalStatus"].map(|state| &ping[state]);
    assert_eq!(states, ["loaded", "hidden", "ready"], "{case}");

    let opt_out = if own == OPEN { 2 } else { 1 };
    let parsed = &ping["parsedSections"];
    assert_eq!(parsed["usca"][0]["SaleOptOut"], opt_out, "{case}");
    let answers = world
        .browser
        .js(r#"[
            ask("hasSection", "tcfeuv2"), ask("hasSection", "usca"),
            ask("getField", "tcfeuv2.VendorListVersion"), ask("getField", "usca.SaleOptOut"),
            ask("getSection", "tcfeuv2"), ask("getSection", "usca"),
            ask("ping")[0].parsedSections.tcfeuv2,
        ]"#)
        .await;
    let own_answers = world
        .browser
        .js(r#"[
            secondTool.ask("getSection", "tcfeuv2"),
            secondTool.ask("ping")[0].parsedSections.tcfeuv2,
        ]"#)
        .await;
    let expected = json!([
        [true, true],
        [true, true],
        [48, true],
        [opt_out, true],
        own_answers[0],
        [parsed["usca"], true],
        own_answers[1],
    ]);
    assert_eq!(answers, expected, "{case}");

    let auction = Auction::hold(world).await;
    auction.tells(&status, case);
    if own == OPEN {
        auction.is_personal(case);
    } else {
        auction.is_impersonal(case);
    }
}

/// Asserts that listeners hear of a change in a section: it opens and closes with `signalStatus`,
/// the section is named once, and at the end they read the string of both.
async fn hear(world: &World, listeners: &[&str], change: &str, section: &str, own: &str) {
    for name in listeners {
        world.browser.exec(format!("{name}.length = 0")).await;
    }
    world.browser.exec(change).await;
    let united = united(world, own).await;
    for name in listeners {
        let heard = world.browser.js(name).await;
        let events = heard.as_array().expect("a list");
        let case = format!("{name}, {change}: {heard}");
        let first = events.first().map(|event| [&event[0], &event[1]]);
        assert_eq!(
            first,
            Some([&json!("signalStatus"), &json!("not ready")]),
            "{case}"
        );
        let last = json!(["signalStatus", "ready", united]);
        assert_eq!(events.last(), Some(&last), "{case}");
        clients::note(&united);
        let changes = events.iter().filter(|event| event[0] == "sectionChange");
        let changes: Vec<&Value> = changes.map(|event| &event[1]).collect();
        assert_eq!(changes, [section], "{case}");
    }
}

/// A choice in the tool, one in nosale, and another in the tool: no change undoes another.
async fn hear_changes_of_both(world: &World, listeners: &[&str]) {
    let choice = "secondTool.choose([1, 2, 7])";
    hear(world, listeners, choice, "tcfeuv2", OPEN).await;
    let choice = "nosale.optOut()";
    hear(world, listeners, choice, "usca", OPTED_OUT).await;
    let choice = "secondTool.choose([])";
    hear(world, listeners, choice, "tcfeuv2", OPTED_OUT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_before_nosale_is_read_with_it() {
    let world = prebid::world(Gpc::Off).await;
    serve_tool(&world);
    let page = Markup::new()
        .config(&world.config())
        .tag(&[TOOL, NOSALE].concat())
        .head(ASK)
        .head(&format!("<script>{}</script>", listen("heard")))
        .head(&prebid::setup(&json!({})));
    world.visit("/", &page).await;
    tells_both(&world, OPEN, "at the start").await;
    hear_changes_of_both(&world, &["heard"]).await;
    tells_both(&world, OPTED_OUT, "after an opt-out").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_that_comes_after_nosale_is_read_with_it() {
    let world = prebid::world(Gpc::Off).await;
    serve_tool(&world);
    // Prebid and a listener find nosale alone.
    let page = world
        .markup()
        .head(ASK)
        .head(&format!("<script>{}</script>", listen("early")))
        .head(&prebid::setup(&json!({})));
    world.visit("/", &page).await;
    let auction = Auction::hold(&world).await;
    auction.tells(&world.status().await, "nosale alone");

    // Late, as tools come that a tag manager loads.
    let load = "document.head.append(Object.assign(document.createElement('script'), { src: '/second-tool.js' }))";
    world
        .browser
        .exec(format!("early.length = 0; {load}"))
        .await;
    world.browser.until("window.secondTool !== undefined").await;
    let heard = world.browser.js("early").await;
    let last = json!(["signalStatus", "ready", united(&world, OPEN).await]);
    let events = heard.as_array().expect("a list");
    assert_eq!(events.last(), Some(&last), "the tool's arrival: {heard}");

    tells_both(&world, OPEN, "once the tool is there").await;
    world.browser.exec(listen("late")).await;
    hear_changes_of_both(&world, &["early", "late"]).await;
    tells_both(&world, OPTED_OUT, "after an opt-out").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_signal_is_in_the_string_of_both_from_the_start() {
    let world = prebid::world(Gpc::On).await;
    serve_tool(&world);
    let first = r#"<script>__gpp("ping", data => { window.first = data.gppString; });</script>"#;
    for (path, tags) in [
        ("/before", [TOOL, NOSALE].concat()),
        ("/after", [NOSALE, TOOL].concat()),
    ] {
        let page = Markup::new()
            .config(&world.config())
            .tag(&tags)
            .head(first)
            .head(ASK)
            .head(&prebid::setup(&json!({})));
        world.visit(path, &page).await;
        let first = world.browser.js("first").await;
        assert_eq!(first, united(&world, SIGNAL).await, "{path}");
        tells_both(&world, SIGNAL, path).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_out_in_either_holds() {
    let opt_outs =
        "['SaleOptOut', 'SharingOptOut'].map(field => ask('getField', 'usca.' + field)[0])";
    for (gpc, cases) in [
        // The tool says otherwise than the signal.
        (Gpc::On, vec![(2, "", SIGNAL)]),
        // The visitor opted out there; then here, and the tool says otherwise.
        (
            Gpc::Off,
            vec![(1, "", OPTED_OUT), (2, "nosale.optOut()", OPTED_OUT)],
        ),
    ] {
        let world = prebid::world(gpc).await;
        serve_tool(&world);
        for (usca, choice, own) in cases {
            let case = format!("{gpc:?}, {usca} there, {choice:?}");
            let tool = format!(r#"<script src="/second-tool.js" data-usca="{usca}"></script>"#);
            let page = world
                .markup()
                .head(&tool)
                .head(ASK)
                .head(&prebid::setup(&json!({})));
            world.visit("/", &page).await;
            world.browser.exec(choice).await;
            assert_eq!(world.browser.js(opt_outs).await, json!([1, 1]), "{case}");
            let ping = world.browser.js("ask('ping')[0]").await;
            assert_eq!(ping["gppString"], united(&world, own).await, "{case}");
            assert_eq!(ping["sectionList"], json!([2, 8]), "{case}");
            let parsed = &ping["parsedSections"]["usca"][0];
            let parsed = [&parsed["SaleOptOut"], &parsed["SharingOptOut"]];
            assert_eq!(parsed, [1, 1], "{case}");
            let auction = Auction::hold(&world).await;
            auction.tells(&world.status().await, &case);
            auction.is_impersonal(&case);
        }
    }
}
