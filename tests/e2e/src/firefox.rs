//! Firefox: what one session is started with. Its driver makes the profile.

use fantoccini::wd::Capabilities;
use serde_json::{Value, json};

use crate::launch::{Gpc, Launch};
use crate::paths;

pub(crate) fn capabilities(launch: &Launch) -> Capabilities {
    let has_signal = launch.gpc != Gpc::Absent;
    let mut prefs = json!({
        "privacy.globalprivacycontrol.functionality.enabled": has_signal,
        "privacy.globalprivacycontrol.enabled": launch.gpc == Gpc::On,
        // Names under `.localhost` and `.test` on loopback, as in Chromium.
        "network.dns.localDomains": "publisher.test,www.publisher.test",
        "javascript.options.wasm": !launch.is_plain(),
        // Quiet: nothing of the browser's own leaves it.
        "browser.safebrowsing.malware.enabled": false,
        "browser.safebrowsing.phishing.enabled": false,
        "datareporting.healthreport.uploadEnabled": false,
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
        "services.settings.server": "http://localhost:1",
    });
    for (name, value) in &launch.prefs {
        prefs[*name] = value.clone();
    }
    let args: Vec<&str> = ["-headless"]
        .into_iter()
        .chain(launch.args.iter().map(String::as_str))
        .collect();
    let capabilities = json!({
        "browserName": "firefox",
        "pageLoadStrategy": if launch.eager { "eager" } else { "normal" },
        "timeouts": { "pageLoad": 60_000, "script": 60_000 },
        "moz:firefoxOptions": { "binary": paths::firefox(), "args": args, "prefs": prefs },
    });
    let Value::Object(capabilities) = capabilities else {
        unreachable!("an object literal")
    };
    capabilities
}
