//! Chromium: what one session is started with.

use fantoccini::wd::Capabilities;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::launch::{Gpc, Launch};
use crate::paths;

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

/// Takes `WebAssembly` away.
const WITHOUT_WASM: &str = "--js-flags=--jitless";

fn argument(gpc: Gpc) -> Option<&'static str> {
    match gpc {
        Gpc::Absent => None,
        Gpc::Off => Some("--enable-blink-features=GlobalPrivacyControl"),
        Gpc::On => Some("--enable-features=GlobalPrivacyControlForce"),
    }
}

pub(crate) fn capabilities(launch: &Launch, profile: &TempDir) -> Capabilities {
    let args: Vec<String> = ARGUMENTS
        .into_iter()
        .chain(argument(launch.gpc))
        .chain(launch.is_plain().then_some(WITHOUT_WASM))
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
