//! The fault laboratory: an endpoint that fails in every way, tabs that crash, no network, no room.
//! No choice may be lost, and none stored twice.

pub mod endpoint;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::time::{Duration, Instant};

use e2e::{Gpc, Markup, WWW, World, wait};
use serde_json::{Value, json};

use self::endpoint::{Endpoint, Fault};

/// How many choices go into one fault: fewer than the queue holds.
const CHOICES: usize = 30;
const CRASHES: usize = 20;

struct Lab {
    world: World,
    endpoint: Endpoint,
    /// The receipt numbers of every choice so far.
    ids: Vec<String>,
}

impl Lab {
    async fn start() -> Lab {
        let world = World::new(Gpc::Absent).await;
        let endpoint = before(&world).await;
        let config = world.config_with(json!({ "endpoint": { "url": endpoint.url("127.0.0.1") } }));
        world.visit("/", &Markup::new().config(&config)).await;
        Lab {
            world,
            endpoint,
            ids: Vec::new(),
        }
    }

    /// Chooses so many times, one choice right after the other.
    async fn choose(&mut self, count: usize) {
        let choose = format!(
            "Array.from({{ length: {count} }}, (_, turn) =>
                 nosale.optOut([['sale', 'sharing', 'profiling'][turn % 3]]).id)"
        );
        let ids = self.world.browser.js(choose).await;
        self.note(&ids);
    }

    fn note(&mut self, ids: &Value) {
        let ids = ids.as_array().unwrap().iter();
        self.ids
            .extend(ids.map(|id| id.as_str().unwrap().to_owned()));
    }

    /// Waits until the endpoint has met so many deliveries more than `from`.
    async fn met(&self, from: usize) {
        wait::until("a delivery", async || {
            (self.endpoint.deliveries().len() > from).then_some(())
        })
        .await;
    }

    /// Nothing is wrong any more, and the visitor looks at another page.
    async fn heal(&self) {
        self.endpoint.set(Fault::None);
        self.world.browser.reload().await;
        self.delivered().await;
    }

    async fn delivered(&self) {
        self.world
            .browser
            .until("nosale.status().reports.pending === 0")
            .await;
    }

    /// Asserts that each choice so far is stored, once, and nothing else is.
    async fn account(&self, when: &str) {
        let rows = self.world.collector.stored(self.ids.len()).await;
        let mut stored: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &rows {
            *stored.entry(row.event["id"].as_str().unwrap()).or_default() += 1;
        }
        let chosen: BTreeSet<&str> = self.ids.iter().map(String::as_str).collect();
        let lost: Vec<_> = chosen
            .iter()
            .filter(|id| !stored.contains_key(**id))
            .collect();
        let twice: Vec<_> = stored.iter().filter(|(_, times)| **times > 1).collect();
        let foreign: Vec<_> = stored.keys().filter(|id| !chosen.contains(**id)).collect();
        assert!(lost.is_empty(), "{when}: lost {lost:?}");
        assert!(twice.is_empty(), "{when}: stored twice {twice:?}");
        assert!(foreign.is_empty(), "{when}: nobody chose {foreign:?}");
        let status = self.world.status().await;
        assert_eq!(status["reports"]["parked"], 0, "{when}");
        assert_eq!(status["reports"]["dropped"], 0, "{when}");
    }
}

/// A faulty endpoint before the world's collector.
/// An endpoint before the collector of a world.
pub async fn before(world: &World) -> Endpoint {
    let address = world.collector.endpoint();
    let address = address.trim_start_matches("http://").split('/').next();
    Endpoint::start(address.unwrap().to_owned()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_choice_is_lost_or_stored_twice() {
    let begin = Instant::now();
    let mut lab = Lab::start().await;
    let date = "new Date(Date.now() + 2000).toUTCString()";
    let date = lab.world.browser.js(date).await;
    let faults = [
        // First, while the date is ahead.
        Fault::Answers(429, format!("Retry-After: {}", date.as_str().unwrap())),
        Fault::Refuses,
        Fault::Hangs,
        Fault::ResetsRequest,
        Fault::StoresThenResets,
        Fault::ResetsHead,
        Fault::ResetsBody,
        Fault::StoresThenFails,
        Fault::InvalidPreflight,
        Fault::InvalidCors,
        Fault::SlowBytes,
        Fault::TooLarge,
        Fault::Answers(500, String::new()),
        Fault::Answers(503, "Retry-After: 1".to_owned()),
        Fault::Answers(301, format!("Location: {}", lab.world.url("/elsewhere"))),
    ];
    for fault in faults {
        let from = lab.endpoint.deliveries().len();
        lab.endpoint.set(fault.clone());
        lab.choose(CHOICES).await;
        lab.met(from).await;
        lab.heal().await;
        lab.account(&format!("{fault:?}")).await;
    }

    two_tabs(&mut lab).await;
    offline(&mut lab).await;
    storage_full(&mut lab).await;
    crashes(&mut lab).await;

    let deliveries = lab.endpoint.deliveries();
    let sent: usize = deliveries.iter().map(|delivery| delivery.events).sum();
    assert!(lab.ids.len() >= 500, "{}", lab.ids.len());
    // Past the capture of tests that pass: the figure is what the laboratory is for.
    let figure = format!(
        "fault laboratory: {} choices, {CRASHES} crashes; {} requests carried {sent} events; \
         lost 0, stored twice 0; {} s\n",
        lab.ids.len(),
        deliveries.len(),
        begin.elapsed().as_secs()
    );
    std::io::stderr().write_all(figure.as_bytes()).unwrap();
}

/// Two tabs choose at the same time, while the endpoint fails, and then both send.
async fn two_tabs(lab: &mut Lab) {
    // By messages: timers of a tab in the background are slow.
    let choose = "window.ids = []; const { port1, port2 } = new MessageChannel();
         port1.onmessage = () => {
           ids.push(nosale.optOut(['sharing']).id);
           if (ids.length < 20) port2.postMessage(0);
         };
         port2.postMessage(0);";
    lab.endpoint.set(Fault::Answers(500, String::new()));
    let first = lab.world.browser.tab().await;
    let second = lab.world.browser.open_tab().await;
    lab.world.open("/").await;
    for tab in [&first, &second] {
        lab.world.browser.switch(tab).await;
        lab.world.browser.exec(choose).await;
    }
    for tab in [&first, &second] {
        lab.world.browser.switch(tab).await;
        let ids = lab.world.browser.until("ids.length === 20 && ids").await;
        lab.note(&ids);
    }
    lab.endpoint.set(Fault::None);
    for tab in [&second, &first] {
        lab.world.browser.switch(tab).await;
        lab.world.browser.reload().await;
    }
    lab.delivered().await;
    lab.account("two tabs").await;
}

/// The network goes, and its return wakes the page.
async fn offline(lab: &mut Lab) {
    let network = |offline: bool| json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    lab.world.browser.cdp("Network.enable", json!({})).await;
    let set = "Network.emulateNetworkConditions";
    lab.world.browser.cdp(set, network(true)).await;
    lab.world.browser.until("!navigator.onLine").await;
    lab.choose(15).await;
    lab.world.browser.cdp(set, network(false)).await;
    lab.world.browser.until("navigator.onLine").await;
    lab.delivered().await;
    lab.account("off-line").await;
}

/// No room in localStorage: not for the events, nor for the record's mirror.
async fn storage_full(lab: &mut Lab) {
    let fill = "let size = 1 << 22; let place = 0;
         while (size >= 1) {
           try { localStorage.setItem(`filler-${place++}`, 'x'.repeat(size)); } catch { size >>= 1; }
         }";
    lab.world.browser.exec(fill).await;
    let full = "(() => { try { localStorage.setItem('more', '0123456789'); return false; } catch { return true; } })()";
    assert_eq!(lab.world.browser.js(full).await, true);
    let from = lab.endpoint.deliveries().len();
    lab.endpoint.set(Fault::Answers(500, String::new()));
    lab.choose(15).await;
    lab.met(from).await;
    lab.world.browser.reload().await;
    let pending = lab
        .world
        .browser
        .js("nosale.status().reports.pending")
        .await;
    assert_eq!(pending, 15, "they outlive the page");
    lab.heal().await;
    lab.account("storage full").await;
    let empty = "for (const key of Object.keys(localStorage)) if (key.startsWith('filler')) localStorage.removeItem(key);";
    lab.world.browser.exec(empty).await;
}

/// The tab crashes at some point between choice and delivery, under one fault or another.
async fn crashes(lab: &mut Lab) {
    let faults = [
        Fault::None,
        Fault::Hangs,
        Fault::StoresThenResets,
        Fault::Answers(500, String::new()),
        Fault::SlowBytes,
    ];
    let mut random = u64::from(std::process::id());
    lab.world.open_bare().await;
    let home = lab.world.browser.tab().await;
    for crash in 0..CRASHES {
        lab.world.browser.open_tab().await;
        lab.endpoint.set(faults[crash % faults.len()].clone());
        lab.world.open("/").await;
        lab.choose(4).await;
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        // Not a wait for anything: the point at which it crashes.
        tokio::time::sleep(Duration::from_millis(random >> 58)).await;
        lab.world.browser.crash().await;
        lab.world.browser.switch(&home).await;
        if crash % 5 == 4 {
            lab.endpoint.set(Fault::None);
            lab.world.open("/").await;
            lab.delivered().await;
            lab.account(&format!("crash {crash}")).await;
            lab.world.open_bare().await;
        }
    }
    lab.world.open("/").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn retry_after_holds_on_the_next_page_too() {
    let world = World::new(Gpc::Absent).await;
    let endpoint = before(&world).await;
    let config = world.config_with(json!({ "endpoint": { "url": endpoint.url("127.0.0.1") } }));
    world.page("/", &Markup::new().config(&config));
    endpoint.set(Fault::Answers(503, "Retry-After: 4".to_owned()));
    world.open("/").await;
    world.browser.js("nosale.optOut()").await;
    world
        .browser
        .until("nosale.status().reports.lastError === 'HTTP status 503'")
        .await;
    endpoint.set(Fault::None);
    for _ in 0..3 {
        world.browser.reload().await;
    }
    world
        .browser
        .exec("dispatchEvent(new Event('online'))")
        .await;
    world.collector.stored(1).await;
    let deliveries = endpoint.deliveries();
    assert_eq!(deliveries.len(), 2, "{deliveries:?}");
    let waited = deliveries[1].at - deliveries[0].at;
    // Timers may come a little early, and the date is in whole milliseconds.
    assert!(waited > Duration::from_millis(3_900), "{waited:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_endpoint_may_set_the_records_cookie() {
    let world = World::new(Gpc::Absent).await;
    let endpoint = before(&world).await;
    // The page's own site: a host beside it.
    let url = endpoint.url("privacy.publisher.localhost");
    let config = world.config_with(json!({ "endpoint": { "url": url, "persist": true } }));
    let markup = Markup::new().config(&config);
    let set = "Domain=publisher.localhost; Path=/; Max-Age=34128000; SameSite=Strict";
    endpoint.set(Fault::Sets(format!("Set-Cookie: nosale={{cookie}}; {set}")));
    world.visit("/", &markup).await;
    world.browser.js("nosale.optOut()").await;
    // The module writes Lax: Strict is the endpoint's.
    wait::until("the endpoint's cookie", async || {
        let cookie = world.browser.cookie("nosale").await?;
        let strict = cookie.same_site()?.is_strict();
        strict.then_some(())
    })
    .await;
    let record = world.record().await.unwrap();
    assert_eq!(record.choices, "ooooo");
    // A page view leaves it as it is.
    world.browser.reload().await;
    let cookie = world.browser.cookie("nosale").await.unwrap();
    assert!(cookie.same_site().unwrap().is_strict(), "{cookie}");

    // An answer that is older than what the visitor chose since does not undo it.
    let old = "1.1750000000.ccccc.1.US-CA.-.-";
    endpoint.set(Fault::Sets(format!("Set-Cookie: nosale={old}; {set}")));
    world.browser.js("nosale.optOut(['sale'])").await;
    world.collector.stored(2).await;
    world
        .browser
        .until("nosale.status().reports.pending === 0")
        .await;
    assert_eq!(world.decision("sale").await["allowed"], false);
    world
        .recorded("the newer one", |record| record.choices == "ooooo")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_the_record_is_not_for_gets_no_cookies() {
    let world = World::new(Gpc::Absent).await;
    let endpoint = before(&world).await;
    let url = endpoint.url("privacy.publisher.localhost");
    let config = world.config_with(json!({
        "endpoint": { "url": url, "persist": true },
        "record": { "cookieDomain": WWW },
    }));
    world.open_bare().await;
    // The browser would send it there.
    let cookie = "document.cookie = 'visitor=42; Domain=publisher.localhost; Path=/'";
    world.browser.exec(cookie).await;
    world.visit("/", &Markup::new().config(&config)).await;
    world.browser.js("nosale.optOut()").await;
    world.collector.stored(1).await;
    for delivery in endpoint.deliveries() {
        assert_eq!(delivery.cookie, None);
    }
    world
        .browser
        .said("that it is ignored", |console| {
            console.errs(&["endpoint.persist", "ignored"])
        })
        .await;
}
