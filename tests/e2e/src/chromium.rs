//! Chromium's driver process, and the capabilities of one session.

use std::process::Stdio;

use fantoccini::wd::Capabilities;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};

use crate::paths;

/// The browser's real Global Privacy Control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gpc {
    /// The browser knows no signal: `navigator.globalPrivacyControl` is `undefined`.
    #[default]
    Absent,
    /// The browser has the signal and the visitor left it off: `false`.
    Off,
    /// The visitor turned it on: `true`, and every request carries `Sec-GPC: 1`.
    On,
}

impl Gpc {
    fn argument(self) -> Option<&'static str> {
        match self {
            Gpc::Absent => None,
            Gpc::Off => Some("--enable-blink-features=GlobalPrivacyControl"),
            Gpc::On => Some("--enable-features=GlobalPrivacyControlForce"),
        }
    }
}

/// How a browser is started.
#[derive(Clone, Debug, Default)]
pub struct Launch {
    /// The signal.
    pub gpc: Gpc,
    /// Further command line arguments.
    pub args: Vec<String>,
    /// Preferences of the fresh profile, by their dotted names.
    pub prefs: Vec<(&'static str, Value)>,
    /// Opening a page waits for `DOMContentLoaded` only: for pages whose `load` does not come.
    pub eager: bool,
}

/// What every browser of a test gets: quiet, without a screen, and with names under `.test` on
/// loopback for origins that are not secure (those under `.localhost` are).
const ARGUMENTS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1024,768",
    "--host-resolver-rules=MAP *.test 127.0.0.1",
];

pub(crate) fn capabilities(launch: &Launch, profile: &TempDir) -> Capabilities {
    let args: Vec<String> = ARGUMENTS
        .into_iter()
        .chain(launch.gpc.argument())
        .map(str::to_owned)
        .chain(launch.args.iter().cloned())
        .chain([format!("--user-data-dir={}", profile.path().display())])
        .collect();
    let prefs: serde_json::Map<_, _> = launch
        .prefs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    let capabilities = json!({
        "browserName": "chrome",
        "pageLoadStrategy": if launch.eager { "eager" } else { "normal" },
        "timeouts": { "pageLoad": 60_000, "script": 60_000 },
        "goog:loggingPrefs": { "browser": "ALL" },
        "goog:chromeOptions": {
            "binary": paths::chromium(),
            "args": args,
            "prefs": prefs,
            // The driver switches the back-forward cache off; visitors have it.
            "excludeSwitches": ["disable-back-forward-cache"],
        },
    });
    let Value::Object(capabilities) = capabilities else {
        unreachable!("an object literal")
    };
    capabilities
}

/// The driver: a process that ends with this value.
#[derive(Debug)]
pub(crate) struct Driver {
    pub(crate) url: String,
    _process: Child,
    /// Held open: the driver would die of writing to a closed pipe.
    _stdout: BufReader<ChildStdout>,
}

/// The driver looks for a port that is free for IPv4 and IPv6 alike, and ends where another process
/// takes it in between.
const STARTS: usize = 10;

impl Driver {
    pub(crate) async fn start() -> Driver {
        for _ in 0..STARTS {
            if let Some(driver) = Driver::try_start().await {
                return driver;
            }
        }
        panic!("chromedriver ended {STARTS} times before it named its port");
    }

    /// None if the driver ended before it named its port.
    async fn try_start() -> Option<Driver> {
        let mut process = Command::new(paths::driver())
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", paths::driver().display()));
        let mut stdout = BufReader::new(process.stdout.take().expect("piped"));
        let mut line = String::new();
        let port: u16 = loop {
            line.clear();
            if stdout.read_line(&mut line).await.expect("driver's output") == 0 {
                return None;
            }
            let word = line.trim_end().trim_end_matches('.').rsplit(' ').next();
            if line.contains("started successfully on port") {
                break word.and_then(|port| port.parse().ok()).expect("a port");
            }
        };
        Some(Driver {
            url: format!("http://127.0.0.1:{port}"),
            _process: process,
            _stdout: stdout,
        })
    }
}
