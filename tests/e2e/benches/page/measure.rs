//! One load of one page.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use demo::{Page, Site};
use e2e::{Browser, Gpc, Launch};
use serde_json::{Value, json};

use crate::pages::{AD, AD_HOST, Compared, elements};

/// How fast the machine and the network are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speed {
    /// As they are.
    Full,
    /// A slow phone: a quarter of the processor, 150 ms to the server and back, 1.6 Mbit/s.
    SlowPhone,
}

impl Speed {
    /// Both.
    pub const ALL: [Speed; 2] = [Speed::Full, Speed::SlowPhone];

    /// As a heading.
    pub fn name(self) -> &'static str {
        match self {
            Speed::Full => "Full speed",
            Speed::SlowPhone => {
                "A slow phone: processor 4 times slower, 150 ms round trip, 1.6 Mbit/s"
            }
        }
    }

    /// How long after `load` a page is left alone before it is looked at.
    fn settle(self) -> Duration {
        Duration::from_millis(match self {
            Speed::Full => 300,
            Speed::SlowPhone => 700,
        })
    }
}

/// What one load took. Times in milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// From the first inline script to the decision.
    pub decided: f64,
    /// Whether the tag ran.
    pub ran: bool,
    /// Processor time of the main thread in scripts, and in compiling them.
    pub script: f64,
    /// All processor time of the main thread.
    pub thread: f64,
    /// How much longer than 50 ms each task was, together.
    pub blocking: f64,
    /// The longest task, if one was over 50 ms.
    pub longest: f64,
    /// Elements in the end.
    pub elements: f64,
    /// The layout shift score.
    pub shift: f64,
    /// From navigation to the first paint with content.
    pub paint: f64,
    /// From navigation to the request of the advertisement.
    pub ad: f64,
}

/// What the page knows of itself.
const TOLD: &str = r#"(async () => {
    const seen = (type) => new Promise((done) => {
        const entries = [];
        new PerformanceObserver((list) => entries.push(...list.getEntries())).observe({ type, buffered: true });
        setTimeout(() => done(entries), 50);
    });
    const [tasks, shifts] = await Promise.all(["longtask", "layout-shift"].map(seen));
    const ad = performance.getEntriesByType("resource").find(({ name }) => name.includes("//ads."));
    return {
        ...bench.marks,
        signal: navigator.globalPrivacyControl ?? null,
        tasks: tasks.map(({ duration }) => duration),
        shift: shifts.reduce((sum, { value }) => sum + value, 0),
        paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
        ad: ad?.startTime,
    };
})()"#;

/// A browser to measure in.
pub struct Bench<'a> {
    site: &'a Site,
    browser: Browser,
    gpc: Gpc,
}

impl<'a> Bench<'a> {
    /// Starts one, and has it pay for its first page.
    pub async fn start(site: &'a Site, gpc: Gpc) -> Bench<'a> {
        let args = vec!["--disable-features=BackForwardCache".to_owned()];
        let launch = Launch {
            gpc,
            args,
            ..Launch::default()
        };
        let browser = Browser::start(&launch).await;
        let threads = json!({ "timeDomain": "threadTicks" });
        browser.cdp("Performance.enable", threads).await;
        browser.cdp("Network.enable", json!({})).await;
        let bench = Bench { site, browser, gpc };
        bench.load(&Compared::default(), &fresh_host()).await;
        bench
    }

    /// Chromium's version.
    pub async fn version(&self) -> String {
        let version = self.browser.cdp("Browser.getVersion", json!({})).await;
        version["product"].as_str().unwrap_or_default().to_owned()
    }

    /// Sets the speed of the pages to come.
    pub async fn set_speed(&self, speed: Speed) {
        let (rate, latency, bytes) = match speed {
            Speed::Full => (1, 0, -1),
            Speed::SlowPhone => (4, 150, 200_000),
        };
        let rate = json!({ "rate": rate });
        let throttled = self.browser.cdp("Emulation.setCPUThrottlingRate", rate);
        throttled.await;
        let network = json!({
            "offline": false, "latency": latency, "downloadThroughput": bytes,
            "uploadThroughput": bytes / 2,
        });
        let network = self
            .browser
            .cdp("Network.emulateNetworkConditions", network);
        network.await;
    }

    /// Measures a page on a site of its own: in a process of its own, with nothing cached or stored.
    pub async fn cold(&self, page: &Compared, speed: Speed) -> Sample {
        self.measure(page, speed, &fresh_host()).await
    }

    /// Measures a page on a site where it was twice before, in a process of its own: from the
    /// browser's caches, that of compiled scripts included.
    pub async fn again(&self, page: &Compared, speed: Speed) -> Sample {
        let host = fresh_host();
        for _ in 0..2 {
            self.load(page, &host).await;
            tokio::time::sleep(speed.settle()).await;
            self.load(&Compared::default(), &fresh_host()).await;
        }
        self.measure(page, speed, &host).await
    }

    async fn load(&self, page: &Compared, host: &str) {
        let ad = self.site.url(AD_HOST, AD);
        // Isolated from other sites, a page has a clock of 5 microseconds.
        let headers = [
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Embedder-Policy", "require-corp"),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let html = Page {
            headers: headers.into(),
            ..Page::html(page.html(&ad))
        };
        self.site.put(host, "/", html);
        self.browser.goto(self.site.url(host, "/")).await;
    }

    async fn measure(&self, page: &Compared, speed: Speed, host: &str) -> Sample {
        self.load(page, host).await;
        tokio::time::sleep(speed.settle()).await;
        let metrics = self.browser.cdp("Performance.getMetrics", json!({})).await;
        let told = self.browser.js(TOLD).await;
        assert_eq!(
            told["signal"] == true,
            self.gpc == Gpc::On,
            "the browser's signal"
        );
        let document = json!({ "depth": -1, "pierce": true });
        let document = self.browser.cdp("DOM.getDocument", document).await;
        let metric = |name: &str| {
            let mut metrics = metrics["metrics"].as_array().into_iter().flatten();
            let metric = metrics.find(|metric| metric["name"] == name);
            metric.map_or(f64::NAN, |metric| 1e3 * number(&metric["value"]))
        };
        let tasks = told["tasks"].as_array().into_iter().flatten().map(number);
        let tasks: Vec<f64> = tasks.collect();
        Sample {
            decided: number(&told["decided"]) - number(&told["start"]),
            ran: told["ran"].is_number(),
            script: metric("ScriptDuration"),
            thread: metric("TaskDuration"),
            blocking: tasks
                .iter()
                .fold(0.0, |sum, task| sum + (task - 50.0).max(0.0)),
            longest: tasks.into_iter().fold(0.0, f64::max),
            #[allow(clippy::cast_precision_loss, reason = "a page has fewer elements")]
            elements: elements(&document["root"]) as f64,
            shift: number(&told["shift"]),
            paint: number(&told["paint"]),
            ad: number(&told["ad"]),
        }
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// A site that the browser has not seen.
fn fresh_host() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("publisher.site{next}.localhost")
}
