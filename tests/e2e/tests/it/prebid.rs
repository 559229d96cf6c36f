//! Prebid as a real reader of `__gpp` and `__uspapi`: what its bidders are told, and what it then
//! leaves undone.
//!
//! The pages have nosale first, then Prebid with two bidders at the permitted partner: one that
//! sends plain OpenRTB, one whose answers name pixels that synchronize ids. The publisher knows
//! the visitor's interests, an id and a place, and keeps an id of its own, so that there is
//! something to withhold.

use e2e::{Gpc, Launch, Markup, PARTNER, Page, WWW, World, clients};
use serde_json::{Value, json};

/// Where the permitted partner takes OpenRTB.
const OPENRTB: &str = "/openrtb";
/// Where it takes the other bidder's requests.
const AMX: &str = "/amx";
/// The pixel by which it synchronizes ids.
const PIXEL: &str = "/pixel/a";

/// Hosts of frames within frames; neither is a vendor.
const OUTER: &str = "outer.localhost";
const INNER: &str = "inner.localhost";

/// Where the visitor is, more precisely than a town.
const LATITUDE: f64 = 37.774_929;

/// Prebid's configuration, its one place for an ad, and `auction()`.
const SETUP: &str = r#"<script>
  window.pbjs = { que: [] };
  pbjs.que.push(() => {
    pbjs.setConfig({
      consentManagement: {consent},
      userSync: {
        syncDelay: 0,
        auctionDelay: 15000,
        userIds: [{ name: "sharedId", storage: { type: "html5", name: "shared-id", expires: 30 } }],
      },
      ortb2: {
        user: { keywords: "running", eids: [{ source: "publisher.localhost", uids: [{ id: "reader-7" }] }] },
        device: { geo: { lat: 37.774929, lon: -122.419416 } },
      },
    });
    const partner = "http://partner.localhost:{port}";
    pbjs.addAdUnits({
      code: "top",
      mediaTypes: { banner: { sizes: [[300, 250]] } },
      bids: [
        { bidder: "sparteo", params: { networkId: "7", endpoint: partner + "/openrtb" } },
        { bidder: "amx", params: { endpoint: partner + "/amx" } },
      ],
    });
  });
  window.auction = () => new Promise(done => pbjs.que.push(() =>
    pbjs.requestBids({ timeout: 15000, bidsBackHandler: () => done(true) })));
</script>
<script src="/prebid.js"></script>"#;

/// Prebid in a page, as its publisher sets it up: it asks both functions.
pub(crate) fn setup(mspa: &Value) -> String {
    let usp = json!({ "cmpApi": "iab", "timeout": 15_000 });
    let gpp = json!({ "cmpApi": "iab", "timeout": 15_000, "mspa": mspa });
    setup_for(&json!({ "gpp": gpp, "usp": usp }))
}

fn setup_for(consent: &Value) -> String {
    SETUP.replace("{consent}", &consent.to_string())
}

/// A page with the module, then Prebid.
fn markup(world: &World, changes: Value, mspa: &Value) -> Markup {
    Markup::new()
        .config(&world.config_with(changes))
        .head(&setup(mspa))
}

/// Prebid on a host, and bidders that a page of the host may read the answers of.
fn serve(world: &World, host: &str) {
    world.site.put(host, "/prebid.js", clients::prebid());
    let pixels = [PIXEL, "/pixel/b"].map(|path| world.site.url(PARTNER, path));
    let origin = format!("http://{host}:{}", world.site.port());
    let answer = |path: &str, body: Value| {
        let headers = [
            ("Access-Control-Allow-Origin", origin.as_str()),
            ("Access-Control-Allow-Credentials", "true"),
        ];
        let page = Page {
            content_type: "application/json".to_owned(),
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
            body: body.to_string(),
            ..Page::default()
        };
        world.site.put(PARTNER, path, page);
    };
    answer(OPENRTB, json!({ "seatbid": [] }));
    answer(AMX, json!({ "p": { "hreq": pixels }, "r": {} }));
}

/// A visitor of a publisher with Prebid.
pub(crate) async fn world(gpc: Gpc) -> World {
    let world = World::without_collector(Launch {
        gpc,
        ..Launch::default()
    })
    .await;
    serve(&world, WWW);
    world
}

/// What arrived of one auction.
pub(crate) struct Auction {
    openrtb: Value,
    amx: Value,
}

impl Auction {
    /// Lets the page hold one, and waits until it is over.
    pub(crate) async fn hold(world: &World) -> Auction {
        let count = || [OPENRTB, AMX].map(|path| world.arrivals(PARTNER, path).len());
        let before = count();
        world.browser.js("auction()").await;
        assert_eq!(count(), before.map(|count| count + 1), "one request each");
        Auction::last(world)
    }

    /// The last that there was.
    fn last(world: &World) -> Auction {
        let last = |path| {
            let arrival = world.arrivals(PARTNER, path).pop();
            let arrival = arrival.unwrap_or_else(|| panic!("no request arrived at {path}"));
            serde_json::from_str(&arrival.body).expect("a bid request in JSON")
        };
        Auction {
            openrtb: last(OPENRTB),
            amx: last(AMX),
        }
    }

    /// Asserts that both bidders were told what `status()` names.
    #[track_caller]
    pub(crate) fn tells(&self, status: &Value, case: &str) {
        let expected = [&status["gpp"], &status["gppSections"], &status["usp"]];
        assert!(expected[0].is_string(), "{case}: {status}");
        let regs = &self.openrtb["regs"];
        assert_eq!(
            [&regs["gpp"], &regs["gpp_sid"], &regs["ext"]["us_privacy"]],
            expected,
            "{case}: OpenRTB"
        );
        let consent = &self.amx["gpp"];
        assert_eq!(
            [
                &consent["gppString"],
                &consent["applicableSections"],
                &self.amx["usp"]
            ],
            expected,
            "{case}: the other bidder"
        );
    }

    /// The ids that the bidders learnt, by their sources.
    fn ids(&self) -> Vec<&str> {
        let user = &self.openrtb["user"];
        [&user["eids"], &user["ext"]["eids"], &self.amx["eids"]]
            .into_iter()
            .filter_map(Value::as_array)
            .flatten()
            .filter_map(|id| id["source"].as_str())
            .collect()
    }

    /// The visitor's interests.
    fn interests(&self) -> &Value {
        &self.openrtb["user"]["keywords"]
    }

    fn latitude(&self) -> Option<f64> {
        self.openrtb["device"]["geo"]["lat"].as_f64()
    }

    /// Asserts what a visitor lets happen who has not opted out: everything.
    #[track_caller]
    pub(crate) fn is_personal(&self, case: &str) {
        let ids = self.ids();
        assert!(ids.contains(&"pubcid.org"), "{case}: {ids:?}");
        assert!(ids.contains(&"publisher.localhost"), "{case}: {ids:?}");
        assert_eq!(self.interests(), "running", "{case}");
    }

    /// Asserts that nothing personal but the place is in it. The place Prebid withholds for the
    /// sake of children and of sensitive data only.
    #[track_caller]
    pub(crate) fn is_impersonal(&self, case: &str) {
        assert_eq!(self.ids(), Vec::<&str>::new(), "{case}");
        assert_eq!(self.interests(), &Value::Null, "{case}");
    }
}

/// The next page meets a visitor who was never here.
async fn forget_visitor(world: &World) {
    world.open_bare().await;
    world.browser.exec("localStorage.clear()").await;
    let all = json!({});
    world.browser.cdp("Network.clearBrowserCookies", all).await;
}

/// The publisher's own id, as Prebid keeps it.
const SHARED_ID: &str = "localStorage.getItem('shared-id')";

/// A jurisdiction, the section of it, and what the publisher tells Prebid of it.
fn cases() -> [(&'static str, u8, Value); 4] {
    let texas =
        json!({ "sids": [8, 16], "sections": { "16": { "name": "ustx", "normalizeAs": 9 } } });
    [
        ("US-CA", 8, json!({})),
        ("US-CO", 10, json!({})),
        // Prebid knows no section above 12 by itself.
        ("US-TX", 16, texas),
        ("US", 7, json!({})),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn bidders_are_told_what_status_names() {
    let world = world(Gpc::Off).await;
    for (jurisdiction, section, mspa) in cases() {
        world.forget();
        let markup = markup(&world, json!({ "jurisdiction": jurisdiction }), &mspa);
        world.visit("/", &markup).await;
        let before = world.status().await;
        assert_eq!(before["gppSections"], json!([section]), "{jurisdiction}");
        let auction = Auction::hold(&world).await;
        auction.tells(&before, jurisdiction);
        auction.is_personal(jurisdiction);
        assert_eq!(auction.latitude(), Some(LATITUDE), "{jurisdiction}");
        world.reached(PARTNER, PIXEL).await;
        assert_ne!(world.browser.js(SHARED_ID).await, Value::Null);

        // The same page, a choice later.
        let case = format!("{jurisdiction} after an opt-out");
        world.browser.exec("nosale.optOut()").await;
        let after = world.status().await;
        assert_ne!(after["gpp"], before["gpp"], "{case}");
        let auction = Auction::hold(&world).await;
        auction.tells(&after, &case);
        auction.is_impersonal(&case);
        forget_visitor(&world).await;
    }

    // Where no law applies, there is a string that says so.
    let markup = markup(&world, json!({ "jurisdiction": "none" }), &json!({}));
    world.visit("/", &markup).await;
    let status = world.status().await;
    assert_eq!(
        [&status["gpp"], &status["gppSections"], &status["usp"]],
        [&json!("DBAA"), &json!([-1]), &json!("1---")]
    );
    let auction = Auction::hold(&world).await;
    auction.tells(&status, "no law");
    auction.is_personal("no law");
}

#[tokio::test(flavor = "multi_thread")]
async fn prebid_denies_what_the_signal_denies() {
    let world = world(Gpc::On).await;
    for (jurisdiction, section, mspa) in cases() {
        let markup = markup(&world, json!({ "jurisdiction": jurisdiction }), &mspa);
        world.visit("/", &markup).await;
        let status = world.status().await;
        assert_eq!(status["gppSections"], json!([section]), "{jurisdiction}");
        let auction = Auction::hold(&world).await;
        auction.tells(&status, jurisdiction);
        auction.is_impersonal(jurisdiction);
        assert_eq!(auction.latitude(), Some(LATITUDE), "{jurisdiction}");
        assert_eq!(
            world.browser.js(SHARED_ID).await,
            Value::Null,
            "{jurisdiction}"
        );
    }
    world.settle().await;
    assert_eq!(
        world.arrivals(PARTNER, PIXEL).len(),
        0,
        "ids were synchronized"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sensitive_data_and_children_are_told_apart_from_sale() {
    let world = world(Gpc::Off).await;
    let purposes = ["sale", "sharing", "targeted_advertising", "sensitive_data"];
    let changes = json!({ "jurisdiction": "US", "purposes": purposes });
    world.visit("/", &markup(&world, changes, &json!({}))).await;
    let case = "sensitive data, not opted in";
    let auction = Auction::hold(&world).await;
    auction.tells(&world.status().await, case);
    assert!(auction.ids().contains(&"pubcid.org"), "{case}");
    assert_eq!(auction.interests(), &Value::Null, "{case}");
    assert_eq!(auction.latitude(), Some(37.77), "{case}");
    world.reached(PARTNER, PIXEL).await;

    forget_visitor(&world).await;
    world.forget();
    let changes = json!({ "jurisdiction": "US", "age": "13to15" });
    world.visit("/", &markup(&world, changes, &json!({}))).await;
    let case = "a visitor of 13 to 15";
    let auction = Auction::hold(&world).await;
    auction.tells(&world.status().await, case);
    auction.is_impersonal(case);
    assert_eq!(auction.latitude(), Some(37.77), "{case}");
    world.settle().await;
    assert_eq!(world.arrivals(PARTNER, PIXEL).len(), 0, "{case}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bidder_in_nested_frames_is_told_the_same() {
    let world = world(Gpc::Off).await;
    serve(&world, INNER);
    let frame = |host: &str, path: &str| {
        let url = world.site.url(host, path);
        format!(r#"<iframe src="{url}"></iframe>"#)
    };
    let held = r#"<script>
        auction().then(() => parent.parent.postMessage("held", "*"));
        addEventListener("message", event => {
          if (event.data === "again") auction().then(() => parent.parent.postMessage("held", "*"));
        });
      </script>"#;
    let bare = || Markup::new().tag("");
    let inner = bare().head(&setup(&json!({}))).body(held);
    world.page_on(INNER, "/", &inner);
    world.page_on(OUTER, "/", &bare().body(&frame(INNER, "/")));
    let count = r#"<script>
        window.held = 0;
        addEventListener("message", event => { if (event.data === "held") held += 1; });
      </script>"#;
    let page = world.markup().head(count).body(&frame(OUTER, "/"));
    world.visit("/", &page).await;
    world.browser.until("held === 1").await;
    let auction = Auction::last(&world);
    auction.tells(&world.status().await, "in the frame");
    auction.is_personal("in the frame");

    world.forget();
    world
        .browser
        .exec(
            "nosale.optOut();
             document.querySelector('main iframe').contentWindow[0].postMessage('again', '*')",
        )
        .await;
    world.browser.until("held === 2").await;
    let auction = Auction::last(&world);
    auction.tells(&world.status().await, "in the frame, after an opt-out");
    auction.is_impersonal("in the frame, after an opt-out");
}

#[tokio::test(flavor = "multi_thread")]
async fn prebid_is_never_ordered_to_delete() {
    let world = world(Gpc::Off).await;
    // Prebid registers for deletion whenever it asks for the US Privacy string; that is before
    // each auction, and once more at its start.
    // Nor does nosale delete its ids itself where the publisher answers for them.
    let allowed = json!({ "vendors": [{ "name": "prebid", "mode": "allow" }] });
    world.visit("/", &markup(&world, allowed, &json!({}))).await;
    Auction::hold(&world).await;
    let id = world.browser.js(SHARED_ID).await;
    assert!(id.is_string(), "{id}");
    world.browser.exec("nosale.optOut()").await;
    let auction = Auction::hold(&world).await;
    auction.tells(&world.status().await, "after an opt-out");
    assert_eq!(world.browser.js(SHARED_ID).await, id);

    // What it does on an order: a tool that answers every command gives it by mistake.
    let mistaken = r#"<script>
        window.__uspapi = (command, version, callback) =>
          callback(command === "getUSPData" ? { version: 1, uspString: "1YNN" } : {}, true);
      </script>"#;
    let usp = setup_for(&json!({ "usp": { "cmpApi": "iab", "timeout": 15_000 } }));
    let page = Markup::new().tag(mistaken).head(&usp);
    world.visit("/mistaken", &page).await;
    Auction::hold(&world).await;
    Auction::hold(&world).await;
    assert_ne!(world.browser.js(SHARED_ID).await, id);
}
