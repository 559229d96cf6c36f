//! WebAssembly and plain JavaScript: the same page, the same answers.

use e2e::{Gpc, Markup, World};
use serde_json::{Value, json};

use crate::fallback::{By, INERT, STARTED};

/// The engines' answers to the same page, but for what tells one from the other.
#[tokio::test(flavor = "multi_thread")]
async fn both_engines_say_the_same() {
    let ask = "(({ status }) => {
        const now = { ...status(), late: null };
        delete now.gate.engine;
        return now;
      })(nosale)";
    // So many that the memory grows a few times.
    let many: Vec<Value> = (0..3000)
        .map(|turn| {
            json!({ "name": format!("vendor{turn}"), "purposes": ["sale"],
                    "rules": [format!("vendor{turn}.example/some/path?term={turn}")] })
        })
        .collect();
    for gpc in [Gpc::Absent, Gpc::On] {
        let (wasm, plain) = (World::new(gpc).await, By::Browser.world(gpc).await);
        let pages = [
            json!({}),
            json!({ "jurisdiction": "US-CO", "gpp": { "mspa": "opt_out_option" } }),
            json!({ "jurisdiction": "none", "account": { "optOut": ["sale"] } }),
            json!({ "age": "13to15", "purposes": ["sale", "sharing", "sensitive_data"] }),
            json!({ "gate": { "mode": "strict" }, "signals": { "gpcScope": "where_required" } }),
            json!({ "gpp": { "unstableSections": true }, "jurisdiction": "US-KY", "revision": 4_000_000_000_u32 }),
            json!({ "vendors": many }),
            json!({ "vendors": "wrong", "ages": 4, "jurisdiction": "US-ZZ" }),
        ];
        for (number, changes) in pages.iter().enumerate() {
            let mut said = Vec::new();
            for world in [&wasm, &plain] {
                let path = format!("/{number}");
                let config = world.config_with(changes.clone());
                let markup = Markup::new().config(&config).body(INERT);
                world.visit(&path, &markup).await;
                world.browser.until(STARTED).await;
                let mut before = world.browser.js(ask).await;
                let asked = "['sale', 'http://vendor2999.example/some/path/?term=2999', 'http://facebook.com/tr']";
                let allowed = world
                    .browser
                    .js(format!("{asked}.map(nosale.allows)"))
                    .await;
                world.browser.js("nosale.optOut('sharing')").await;
                let mut after = world.browser.js(ask).await;
                let text = "[nosale.status().gpp, nosale.status().usp, nosale.receipt().purposes]";
                let strings = world.browser.js(text).await;
                for status in [&mut before, &mut after] {
                    status["reports"] = Value::Null;
                    for time in ["time", "signalSince"] {
                        if let Some(time) = status["record"].get_mut(time) {
                            *time = json!(time.is_null());
                        }
                    }
                }
                said.push(json!([before, allowed, after, strings]));
            }
            assert_eq!(said[0], said[1], "{gpc:?}: {changes}");
        }
    }
}
