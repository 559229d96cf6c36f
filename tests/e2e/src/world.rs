//! A visitor, the publisher's site with its third parties, and the collector.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use demo::{Arrival, Options, Page, Site};
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::browser::Browser;
use crate::collector::Collector;
use crate::dialog::Dialog;
use crate::launch::{Gpc, Launch};
use crate::markup::Markup;
use crate::record::Record;
use crate::secure::Secure;
use crate::{clients, paths, wait};

/// The publisher.
pub const WWW: &str = "www.publisher.localhost";
/// The publisher's second subdomain.
pub const SHOP: &str = "shop.publisher.localhost";
/// A third party that sells and shares.
pub const TRACKER: &str = "tracker.localhost";
/// A third party that shows advertising of its choice.
pub const VIDEO: &str = "video.localhost";
/// A third party that no rule names.
pub const PARTNER: &str = "partner.localhost";

/// How many browsers run at once.
static BROWSERS: Semaphore = Semaphore::const_new(3);

/// One test's world. Parts end with it.
pub struct World {
    /// The visitor's browser.
    pub browser: Browser,
    /// The publisher's endpoint.
    pub collector: Collector,
    /// All web servers.
    pub site: Site,
    _secure: Option<Secure>,
    _turn: SemaphorePermit<'static>,
}

impl World {
    /// A world whose browser has that signal, and whose collector runs.
    pub async fn new(gpc: Gpc) -> World {
        World::with(Launch {
            gpc,
            ..Launch::default()
        })
        .await
    }

    /// A world whose collector runs.
    pub async fn with(launch: Launch) -> World {
        let mut world = World::without_collector(launch).await;
        world.start_collector().await;
        world
    }

    /// A world whose collector has an address and does not run.
    pub async fn without_collector(launch: Launch) -> World {
        World::start(launch, false).await
    }

    /// A world in which every host there is answers over TLS, as vendors' own do.
    pub async fn among_vendors(gpc: Gpc) -> World {
        let launch = Launch {
            gpc,
            ..Launch::default()
        };
        World::start(launch, true).await
    }

    /// A world whose publisher serves, in place of `dist/`, the site that a bundler of that name made
    /// of the package, or the package itself, `pkg`.
    pub async fn bundled(gpc: Gpc, name: &str) -> World {
        let launch = Launch {
            gpc,
            ..Launch::default()
        };
        let mut world = World::serving(paths::bundled(name), launch, false).await;
        world.start_collector().await;
        world
    }

    /// The page that a bundler wrote.
    #[must_use]
    pub fn bundled_page(&self, name: &str) -> String {
        let file = paths::bundled(name).join("index.html");
        std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    }

    async fn start(launch: Launch, vendors: bool) -> World {
        World::serving(paths::dist(), launch, vendors).await
    }

    async fn serving(dist: PathBuf, mut launch: Launch, vendors: bool) -> World {
        let turn = BROWSERS.acquire().await.expect("never closed");
        let collector = Collector::reserve().await;
        let site = Site::start(Options {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            dist,
            endpoint: Some(collector.endpoint()),
        });
        let site = site.await.expect("the site");
        let mut secure = None;
        if vendors {
            let started = Secure::start(site.port()).await;
            launch.args.extend(started.arguments());
            secure = Some(started);
        }
        let browser = Browser::start(&launch).await;
        World {
            browser,
            collector,
            site,
            _secure: secure,
            _turn: turn,
        }
    }

    /// Starts the collector, which takes what the publisher's pages send.
    pub async fn start_collector(&mut self) {
        let hosts = [WWW, SHOP, "www.publisher.test"];
        let origins = hosts.map(|host| format!("http://{host}:{}", self.site.port()));
        self.collector.start(&origins).await;
    }

    /// A config that names the endpoint, and as vendors the tracker (sale and sharing) and the
    /// video host (targeted advertising).
    #[must_use]
    pub fn config(&self) -> Value {
        json!({
            "jurisdiction": "US-CA",
            "endpoint": { "url": self.collector.endpoint() },
            "vendors": [
                { "name": "tracker", "hosts": [TRACKER], "purposes": ["sale", "sharing"] },
                { "name": "video", "hosts": [VIDEO], "purposes": ["targeted_advertising"] },
            ],
        })
    }

    /// [`World::config`] with some keys set otherwise, or removed by `null`.
    #[must_use]
    pub fn config_with(&self, changes: Value) -> Value {
        let mut config = self.config();
        let Value::Object(changes) = changes else {
            panic!("an object of keys")
        };
        for (key, value) in changes {
            match value {
                Value::Null => config.as_object_mut().expect("an object").remove(&key),
                value => config
                    .as_object_mut()
                    .expect("an object")
                    .insert(key, value),
            };
        }
        config
    }

    /// A page with [`World::config`].
    #[must_use]
    pub fn markup(&self) -> Markup {
        Markup::new().config(&self.config())
    }

    /// The address of `path` on the publisher's site.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        self.site.url(WWW, path)
    }

    /// Puts a page on the publisher's site.
    pub fn page(&self, path: &str, markup: &Markup) {
        self.page_on(WWW, path, markup);
    }

    /// Puts a page on a host.
    pub fn page_on(&self, host: &str, path: &str, markup: &Markup) {
        self.put(host, path, Page::html(markup.to_string()));
    }

    /// Puts any answer on a host, with the port filled in.
    pub fn put(&self, host: &str, path: &str, mut page: Page) {
        let port = self.site.port().to_string();
        page.body = page.body.replace("{port}", &port);
        for (_, value) in &mut page.headers {
            *value = value.replace("{port}", &port);
        }
        self.site.put(host, path, page);
    }

    /// Puts a page on the publisher's site and opens it.
    pub async fn visit(&self, path: &str, markup: &Markup) {
        self.page(path, markup);
        self.open(path).await;
    }

    /// Puts a page with a Content-Security-Policy on the publisher's site and opens it.
    pub async fn visit_under(&self, policy: &str, path: &str, markup: &Markup) {
        let headers = vec![("Content-Security-Policy".to_owned(), policy.to_owned())];
        let page = Page {
            headers,
            ..Page::html(markup.to_string())
        };
        self.put(WWW, path, page);
        self.open(path).await;
    }

    /// Opens a page of the publisher's site.
    pub async fn open(&self, path: &str) {
        self.browser.goto(self.url(path)).await;
    }

    /// Opens a page of the publisher's site that has no module, to look into the stores or to lay
    /// something into them.
    pub async fn open_bare(&self) {
        self.visit("/bare", &Markup::new().tag("")).await;
    }

    /// Lays a text into both stores of the publisher's site, as an earlier visit would have, and
    /// stays on a page without the module.
    pub async fn store(&self, record: &str) {
        self.open_bare().await;
        self.store_cookie(record).await;
        self.store_local(record).await;
    }

    /// Lays a text into the cookie alone.
    pub async fn store_cookie(&self, record: &str) {
        let cookie = json!(format!(
            "nosale={record}; Domain=publisher.localhost; Path=/; SameSite=Lax; Max-Age=3600"
        ));
        self.browser
            .exec(format!("document.cookie = {cookie}"))
            .await;
    }

    /// Lays a text into localStorage alone.
    pub async fn store_local(&self, record: &str) {
        let set = format!("localStorage.setItem('nosale', {})", json!(record));
        self.browser.exec(set).await;
    }

    /// What the cookie says.
    pub async fn cookie(&self) -> Option<String> {
        let cookie = self.browser.cookie("nosale").await;
        cookie.map(|cookie| cookie.value().to_owned())
    }

    /// What localStorage says.
    pub async fn local(&self) -> Option<String> {
        let text = self.browser.js("localStorage.getItem('nosale')").await;
        text.as_str().map(str::to_owned)
    }

    /// The record, which both stores must hold alike; `None` if neither has one.
    pub async fn record(&self) -> Option<Record> {
        let cookie = self.cookie().await;
        assert_eq!(cookie, self.local().await, "the cookie and localStorage");
        cookie.map(|text| Record::parse(&text))
    }

    /// Waits until the record passes a test.
    #[track_caller]
    pub fn recorded(
        &self,
        what: &str,
        test: impl Fn(&Record) -> bool,
    ) -> impl Future<Output = Record> {
        wait::until(format!("the record: {what}"), async move || {
            let (cookie, local) = (self.cookie().await?, self.local().await?);
            let record = (cookie == local).then(|| Record::parse(&cookie))?;
            test(&record).then_some(record)
        })
    }

    /// `nosale.status()`.
    pub async fn status(&self) -> Value {
        let status = self.browser.js("nosale.status()").await;
        clients::note_in(&status);
        status
    }

    /// The decision on a purpose: `{ allowed, because }`.
    pub async fn decision(&self, purpose: &str) -> Value {
        self.status().await["purposes"][purpose].take()
    }

    /// Whether a script of the page gets through to a host: `sent`, or the error's name.
    pub async fn ask(&self, host: &str) -> Value {
        let url = json!(self.site.url(host, "/collect"));
        let ask =
            format!("fetch({url}, {{ mode: 'no-cors' }}).then(() => 'sent', error => error.name)");
        self.browser.js(ask).await
    }

    /// The page's link and dialog.
    #[must_use]
    pub fn dialog(&self) -> Dialog<'_> {
        Dialog::of(&self.browser)
    }

    /// What arrived at `path` of a host.
    #[must_use]
    pub fn arrivals(&self, host: &str, path: &str) -> Vec<Arrival> {
        let mut arrivals = self.site.arrivals(host);
        arrivals.retain(|arrival| arrival.path == path);
        arrivals
    }

    /// Waits until a request arrives at `path` of a host.
    #[track_caller]
    pub fn reached(&self, host: &str, path: &str) -> impl Future<Output = Arrival> {
        let what = format!("a request to {host}{path}");
        wait::until(what, async move || self.arrivals(host, path).pop())
    }

    /// Waits until whatever the page has asked for by now has arrived: some later requests, each
    /// begun after the one before was answered, have.
    pub async fn settle(&self) {
        self.browser
            .until("document.readyState === 'complete'")
            .await;
        let from = self.arrivals(PARTNER, "/sentinel").len();
        let url = json!(self.site.url(PARTNER, "/sentinel"));
        let ask = format!(
            "(async () => {{ for (let turn = 0; turn < 4; turn++)
                 await fetch({url}, {{ mode: 'no-cors', cache: 'no-store' }});
               return true; }})()"
        );
        self.browser.js(ask).await;
        wait::until("the sentinels at the permitted partner", async || {
            (self.arrivals(PARTNER, "/sentinel").len() >= from + 4).then_some(())
        })
        .await;
    }

    /// Asserts, after [`World::settle`], that nothing has reached a host.
    #[track_caller]
    pub fn nothing_reached(&self, host: &str) -> impl Future<Output = ()> {
        let by = std::panic::Location::caller();
        async move {
            self.settle().await;
            let arrivals = self.site.arrivals(host);
            assert!(
                arrivals.is_empty(),
                "{by}: {host} was reached: {}",
                list(&arrivals)
            );
        }
    }

    /// Forgets what arrived so far.
    pub fn forget(&self) {
        self.site.clear();
    }

    fn story(&self, console: &str) -> String {
        let mut story = String::from("what arrived at the third parties:\n");
        for host in [TRACKER, VIDEO, PARTNER] {
            let _ = writeln!(story, "  {host}: {}", list(&self.site.arrivals(host)));
        }
        let _ = writeln!(story, "what the collector stored:");
        for row in self.collector.rows() {
            let data = &row.event["data"];
            let (kind, how, id) = (&data["kind"], &data["how"], &row.event["id"]);
            let _ = writeln!(story, "  {} {kind} {how} {id}", row.kind());
        }
        let _ = write!(story, "what the console said:\n{console}");
        story
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if !thread::panicking() {
            return;
        }
        let console = tokio::time::timeout(Duration::from_secs(5), self.browser.last_words());
        let console = tokio::task::block_in_place(|| Handle::current().block_on(console));
        let console = console.map_or_else(|late| late.to_string(), |console| console.to_string());
        eprintln!("{}", self.story(&console));
    }
}

fn list(arrivals: &[Arrival]) -> String {
    let lines: Vec<String> = arrivals
        .iter()
        .map(|arrival| format!("{} {} {}", arrival.method, arrival.path, arrival.query))
        .collect();
    format!("[{}]", lines.join(", "))
}
