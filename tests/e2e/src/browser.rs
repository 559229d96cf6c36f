//! One browser, as its visitor and its developer tools see it.

use std::panic::Location;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::cookies::Cookie;
use fantoccini::elements::{Element, ElementRef};
use fantoccini::key::Key;
use fantoccini::wd::{WebDriverCompatibleCommand, WindowHandle};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Handle;

use crate::console::Console;
use crate::driver::Driver;
use crate::launch::{Launch, everywhere_plain};
use crate::{processes, wait};

/// True on a page that has no module, or on which it has started.
const STARTED: &str = "window.nosale?.status?.().purposes.sale.because !== 'starting'";

/// The keys that visitors without a mouse use.
pub type Keys = Key;

/// One tab.
#[derive(Clone, Debug)]
pub struct Tab(WindowHandle);

/// A browser with a profile of its own. Ends with this value, which must be dropped on a
/// multi-threaded runtime.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    console: Mutex<Console>,
    launch: Launch,
    driver: Driver,
    profile: TempDir,
}

impl Browser {
    /// Starts a driver and a browser.
    pub async fn start(launch: &Launch) -> Browser {
        let profile = TempDir::with_prefix("nosale-e2e-").expect("a folder for the profile");
        let (driver, client) = session(launch, &profile).await;
        Browser {
            client,
            console: Mutex::default(),
            launch: launch.clone(),
            driver,
            profile,
        }
    }

    /// Kills all of the browser at once, as the system does that is short of memory. What is on its
    /// disk stays. Chromium's alone.
    pub async fn kill(&self) {
        processes::kill(&self.profile).await;
    }

    /// Starts it again, with the same profile.
    pub async fn start_again(&mut self) {
        let (driver, client) = session(&self.launch, &self.profile).await;
        self.client = client;
        self.driver = driver;
    }

    /// Opens `url` and waits until its `load` event.
    #[track_caller]
    pub fn goto(&self, url: impl AsRef<str>) -> impl Future<Output = ()> {
        let by = Location::caller();
        async move {
            let url = url.as_ref();
            let gone = self.client.goto(url).await;
            gone.unwrap_or_else(|error| panic!("{by}: {url}: {error}"));
            self.started().await;
        }
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.client.refresh().await.expect("reload");
        self.started().await;
    }

    /// Goes one step back in the history.
    pub async fn back(&self) {
        self.client.back().await.expect("back");
        self.started().await;
    }

    /// Without WebAssembly the module starts when its file is there, which no event of the page waits
    /// for.
    async fn started(&self) {
        if everywhere_plain() {
            self.until(STARTED).await;
        }
    }

    /// The value of a JavaScript expression in the page, awaited if it is a promise.
    #[track_caller]
    pub fn js(&self, expression: impl AsRef<str>) -> impl Future<Output = Value> {
        let by = Location::caller();
        async move {
            let expression = expression.as_ref();
            let value = self.run(&format!("return ({expression});")).await;
            value.unwrap_or_else(|error| panic!("{by}: {expression}: {error}"))
        }
    }

    /// Runs statements in the page.
    #[track_caller]
    pub fn exec(&self, statements: impl AsRef<str>) -> impl Future<Output = ()> {
        let by = Location::caller();
        async move {
            let statements = statements.as_ref();
            let done = self.run(statements).await;
            done.unwrap_or_else(|error| panic!("{by}: {statements}: {error}"));
        }
    }

    /// What the tab shows, as a PNG file.
    pub async fn screenshot(&self) -> Vec<u8> {
        self.client.screenshot().await.expect("a picture")
    }

    /// The page's title, asked for without a script of the driver's in the page.
    pub async fn title(&self) -> String {
        self.client.title().await.unwrap_or_default()
    }

    /// Waits until a JavaScript expression is true, and gives its value.
    #[track_caller]
    pub fn until(&self, expression: impl AsRef<str>) -> impl Future<Output = Value> {
        let by = Location::caller();
        async move {
            let expression = expression.as_ref();
            let script = format!("return ({expression});");
            let probe = async || match self.run(&script).await.ok()? {
                Value::Null | Value::Bool(false) => None,
                Value::Number(number) if number.as_f64() == Some(0.0) => None,
                Value::String(text) if text.is_empty() => None,
                value => Some(value),
            };
            wait::poll(expression, probe, by).await
        }
    }

    async fn run(&self, script: &str) -> Result<Value, fantoccini::error::CmdError> {
        self.client.execute(script, Vec::new()).await
    }

    /// Waits for the element that a JavaScript expression gives, and clicks it as a visitor does:
    /// scrolled into view, with the mouse, a trusted event.
    #[track_caller]
    pub fn click(&self, expression: impl AsRef<str>) -> impl Future<Output = ()> {
        let by = Location::caller();
        async move {
            let expression = expression.as_ref();
            let script = format!("return ({expression});");
            let probe = async || {
                let found = self.run(&script).await.ok()?;
                let id = found.as_object()?.values().next()?.as_str()?.to_owned();
                let element = Element::from_element_id(self.client.clone(), ElementRef::from(id));
                element.click().await.ok()
            };
            wait::poll(format_args!("a click on {expression}"), probe, by).await;
        }
    }

    /// Presses keys together, as in `[Shift, Tab]`, on whatever has the focus.
    pub async fn press(&self, keys: &[Keys]) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for key in keys {
            actions = actions.then(KeyAction::Down {
                value: (*key).into(),
            });
        }
        for key in keys.iter().rev() {
            actions = actions.then(KeyAction::Up {
                value: (*key).into(),
            });
        }
        self.client.perform_actions(actions).await.expect("keys");
    }

    /// The tab that commands go to.
    pub async fn tab(&self) -> Tab {
        Tab(self.client.window().await.expect("a tab"))
    }

    /// Opens a tab and goes there.
    pub async fn open_tab(&self) -> Tab {
        let tab = self.client.new_window(true).await.expect("a new tab");
        let tab = Tab(tab.handle);
        self.switch(&tab).await;
        tab
    }

    /// Goes to a tab, which comes to the front and has the focus.
    pub async fn switch(&self, tab: &Tab) {
        let handle = tab.0.clone();
        self.client.switch_to_window(handle).await.expect("the tab");
        self.cdp("Page.bringToFront", json!({})).await;
    }

    /// The cookies that the page's host gets.
    pub async fn cookies(&self) -> Vec<Cookie<'static>> {
        self.client.get_all_cookies().await.expect("cookies")
    }

    /// The cookie of that name, if the page's host gets one.
    pub async fn cookie(&self, name: &str) -> Option<Cookie<'static>> {
        let mut cookies = self.cookies().await.into_iter();
        cookies.find(|cookie| cookie.name() == name)
    }

    /// Deletes the cookies that the page's host gets.
    pub async fn delete_cookies(&self) {
        self.client.delete_all_cookies().await.expect("cookies");
    }

    /// The console so far, over all pages of the tab.
    pub async fn console(&self) -> Console {
        let entries = self.command("se/log", json!({ "type": "browser" })).await;
        self.note(&entries)
    }

    /// The same for a test that failed: what can still be learnt.
    pub(crate) async fn last_words(&self) -> Console {
        let body = json!({ "type": "browser" });
        let entries = self.client.issue_cmd(Extension {
            path: "se/log",
            body,
        });
        self.note(&entries.await.unwrap_or_default())
    }

    fn note(&self, entries: &Value) -> Console {
        let mut console = self.console.lock().unwrap_or_else(PoisonError::into_inner);
        console.extend(entries);
        console.clone()
    }

    /// Waits until the console passes a test.
    #[track_caller]
    pub fn said(&self, what: &str, test: impl Fn(&Console) -> bool) -> impl Future<Output = ()> {
        let by = Location::caller();
        async move {
            let probe = async || test(&self.console().await).then_some(());
            wait::poll(format_args!("the console says {what}"), probe, by).await;
        }
    }

    /// A command of Chromium's developer tools, to the tab.
    pub async fn cdp(&self, command: &str, params: Value) -> Value {
        let body = json!({ "cmd": command, "params": params });
        self.command("goog/cdp/execute", body).await
    }

    /// Crashes the process of the tab. Go to another one then.
    pub async fn crash(&self) {
        let body = json!({ "cmd": "Page.crash", "params": {} });
        let crash = self.client.issue_cmd(Extension {
            path: "goog/cdp/execute",
            body,
        });
        // The answer is that there is no tab any more, if there is one.
        let _ = tokio::time::timeout(Duration::from_secs(5), crash).await;
    }

    async fn command(&self, path: &'static str, body: Value) -> Value {
        let what = format!("{path} {body}");
        let answer = self.client.issue_cmd(Extension { path, body }).await;
        answer.unwrap_or_else(|error| panic!("{what}: {error}"))
    }
}

async fn session(launch: &Launch, profile: &TempDir) -> (Driver, Client) {
    let driver = launch.engine.driver().await;
    let client = ClientBuilder::new(HttpConnector::new())
        .capabilities(launch.engine.capabilities(launch, profile))
        .connect(&driver.url)
        .await
        .unwrap_or_else(|error| panic!("no session: {error}"));
    (driver, client)
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver closes the browser only when it is told to; killed, it would leave it behind.
        let close = tokio::time::timeout(Duration::from_secs(10), self.client.clone().close());
        let closed = tokio::task::block_in_place(|| Handle::current().block_on(close));
        if !matches!(closed, Ok(Ok(()))) {
            eprintln!("the browser did not close: {closed:?}");
        }
    }
}

/// A WebDriver command that only Chromium's driver has.
#[derive(Debug)]
struct Extension {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
