//! How a browser is started.

use std::env;

use fantoccini::wd::Capabilities;
use serde_json::Value;
use tempfile::TempDir;

use crate::driver::Driver;
use crate::{chromium, firefox};

/// Whose engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, the engine of all tests.
    #[default]
    Chromium,
    /// Firefox. [`Browser::cdp`](crate::Browser::cdp), crashes and the console are Chromium's alone.
    Firefox,
}

impl Engine {
    pub(crate) async fn driver(self) -> Driver {
        match self {
            Engine::Chromium => Driver::chromium().await,
            Engine::Firefox => Driver::firefox().await,
        }
    }

    pub(crate) fn capabilities(self, launch: &Launch, profile: &TempDir) -> Capabilities {
        match self {
            Engine::Chromium => chromium::capabilities(launch, profile),
            Engine::Firefox => firefox::capabilities(launch),
        }
    }
}

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

/// How a browser is started.
#[derive(Clone, Debug, Default)]
pub struct Launch {
    /// Whose engine.
    pub engine: Engine,
    /// The signal.
    pub gpc: Gpc,
    /// Further command line arguments.
    pub args: Vec<String>,
    /// Preferences of the fresh profile, by their dotted names.
    pub prefs: Vec<(&'static str, Value)>,
    /// Opening a page waits for `DOMContentLoaded` only: for pages whose `load` does not come.
    pub eager: bool,
    /// The browser has no WebAssembly, so the module runs as plain JavaScript. With `NOSALE_ENGINE=js`
    /// in the environment this goes for every browser.
    pub plain: bool,
}

impl Launch {
    /// Whether the browser has no WebAssembly.
    pub(crate) fn is_plain(&self) -> bool {
        self.plain || everywhere_plain()
    }
}

/// Whether all browsers run the module as plain JavaScript.
#[must_use]
pub fn everywhere_plain() -> bool {
    env::var_os("NOSALE_ENGINE").is_some_and(|engine| engine == "js")
}
