//! Vendors' tags: their published snippets, and stand-ins for their scripts that tell what they were
//! told, each call in turn, to their vendor's own host.

use e2e::{Page, World, wait};
use serde_json::{Value, json};

/// A vendor's tag.
pub struct Tag {
    /// The catalogue's name of the vendor.
    pub vendor: &'static str,
    /// As the vendor publishes it.
    pub snippet: &'static str,
    /// Where its script is.
    script: (&'static str, &'static str),
    /// What its script does; `say(…)` tells a call.
    code: &'static str,
    /// Where the script tells what it was told.
    ear: (&'static str, &'static str),
    /// What it is told where nothing is denied.
    pub free: fn() -> Value,
    /// What it is told where the visitor is opted out from the start.
    pub denied: fn() -> Value,
    /// What it is told by an opt-out in mid-page, and by an opt-in after that.
    pub later: fn() -> Value,
    /// What the page calls after an opt-out in mid-page, if its tag is told by the page's own calls.
    pub call: &'static str,
}

macro_rules! snippet {
    ($name:literal) => {
        include_str!(concat!("../../../../data/snippets/", $name, ".html"))
    };
}

pub const TAGS: [Tag; 9] = [
    Tag {
        vendor: "meta_pixel",
        snippet: snippet!("meta"),
        script: ("connect.facebook.net", "/en_US/fbevents.js"),
        code: "const { queue } = fbq; fbq.callMethod = say; for (const call of queue) say(...call);",
        ear: ("www.facebook.com", "/tr/heard"),
        free: || json!([["init", "1234567890"], ["track", "PageView"]]),
        denied: || {
            json!([
                ["dataProcessingOptions", ["LDU"], 1, 1000],
                ["init", "1234567890"],
                ["track", "PageView"]
            ])
        },
        later: || {
            json!([
                ["dataProcessingOptions", ["LDU"], 1, 1000],
                ["dataProcessingOptions", []]
            ])
        },
        call: "",
    },
    Tag {
        vendor: "tiktok_pixel",
        snippet: snippet!("tiktok"),
        script: ("analytics.tiktok.com", "/i18n/pixel/events.js"),
        code: "for (const call of ttq) say(...call); for (const name of ttq.methods) ttq[name] = (...values) => say(name, ...values);",
        ear: ("analytics.tiktok.com", "/heard"),
        free: || json!([["page"]]),
        denied: || {
            json!([
                ["holdConsent"],
                ["revokeConsent"],
                ["disableCookie"],
                ["page"]
            ])
        },
        later: || {
            json!([
                ["revokeConsent"],
                ["disableCookie"],
                ["grantConsent"],
                ["enableCookie"]
            ])
        },
        call: "",
    },
    Tag {
        vendor: "pinterest_tag",
        snippet: snippet!("pinterest"),
        script: ("s.pinimg.com", "/ct/core.js"),
        code: "for (const call of pintrk.queue) say(...call); pintrk.queue = { push: call => say(...call) };",
        ear: ("ct.pinterest.com", "/heard"),
        free: || json!([["load", "2612345678901"], ["page"]]),
        denied: || json!([["setconsent", false], ["load", "2612345678901"], ["page"]]),
        later: || json!([["setconsent", false], ["setconsent", true]]),
        call: "",
    },
    Tag {
        vendor: "reddit_pixel",
        snippet: snippet!("reddit"),
        script: ("www.redditstatic.com", "/ads/pixel.js"),
        code: "rdt.sendEvent = say; for (const call of rdt.callQueue) say(...call);",
        ear: ("alb.reddit.com", "/heard"),
        free: || json!([["init", "a2_abcdefghijkl"], ["track", "PageVisit"]]),
        denied: || {
            let limited = json!({ "dpm": "LDU", "dpcc": "US", "dprc": "US_CA" });
            json!([["init", "a2_abcdefghijkl", limited], ["track", "PageVisit"]])
        },
        // What began without limits says nothing more.
        later: || json!([["track", "Back"]]),
        call: "rdt('track', 'Purchase')",
    },
    Tag {
        vendor: "x_pixel",
        snippet: snippet!("x"),
        script: ("static.ads-twitter.com", "/uwt.js"),
        code: "twq.exe = say; for (const call of twq.queue) say(...call);",
        ear: ("analytics.twitter.com", "/heard"),
        free: || json!([["config", "abcde"], ["event", "tw-abcde-fghij", { "value": 7 }]]),
        denied: || {
            let limited = "restrict_optimization";
            json!([
                ["config", "abcde", { "restricted_data_use": limited }],
                ["event", "tw-abcde-fghij", { "value": 7, "restricted_data_use": limited }],
            ])
        },
        later: || json!([["event", "tw-2", { "restricted_data_use": "restrict_optimization" }], ["track", "Back"]]),
        call: "twq('event', 'tw-2')",
    },
    Tag {
        vendor: "microsoft_advertising",
        snippet: snippet!("uet"),
        script: ("bat.bing.net", "/bat.js"),
        code: "window.UET = function ({ q }) { say(...q); this.push = say; };",
        ear: ("bat.bing.com", "/heard"),
        free: || json!([[], ["pageLoad"]]),
        denied: || json!([["consent", "default", { "ad_storage": "denied" }], ["pageLoad"]]),
        later: || json!([["consent", "update", { "ad_storage": "denied" }], ["consent", "update", { "ad_storage": "granted" }]]),
        call: "",
    },
    Tag {
        vendor: "microsoft_clarity",
        snippet: snippet!("clarity"),
        script: ("www.clarity.ms", "/tag/abcdefghij"),
        code: "for (const call of clarity.q ?? []) say(...call); window.clarity = say; say('started');",
        ear: ("www.clarity.ms", "/heard"),
        free: || json!([["started"]]),
        denied: || json!([["consentv2", { "ad_Storage": "denied", "analytics_Storage": "denied" }], ["started"]]),
        later: || {
            json!([
                ["consentv2", { "ad_Storage": "denied", "analytics_Storage": "denied" }],
                ["consentv2", { "ad_Storage": "granted", "analytics_Storage": "granted" }],
            ])
        },
        call: "",
    },
    Tag {
        vendor: "google_publisher_tag",
        // What a publisher adds of its own: an id of the visitor.
        snippet: concat!(
            "<script>window.googletag = window.googletag || { cmd: [] }; googletag.cmd.push(() => \
             googletag.pubads().setPublisherProvidedId('0123456789abcdef0123456789abcdef'));</script>\n",
            snippet!("gpt")
        ),
        script: ("securepubads.g.doubleclick.net", "/tag/js/gpt.js"),
        code: r#"
            const ads = {
              setPrivacySettings: settings => say("setPrivacySettings", settings),
              setPublisherProvidedId: id => say("setPublisherProvidedId", id),
            };
            const slot = { addService: () => slot };
            const { cmd } = googletag;
            Object.assign(googletag, {
              pubads: () => ads, defineSlot: () => slot, enableServices: () => say("enableServices"),
              display: place => say("display", place),
              cmd: { push: (...commands) => commands.forEach(command => command()) },
            });
            googletag.cmd.push(...cmd);"#,
        ear: ("securepubads.g.doubleclick.net", "/heard"),
        free: || {
            json!([
                ["setPublisherProvidedId", "0123456789abcdef0123456789abcdef"],
                ["enableServices"],
                ["display", "banner-ad"],
            ])
        },
        denied: || {
            let settings = json!({ "restrictDataProcessing": true, "nonPersonalizedAds": true });
            json!([
                ["setPrivacySettings", settings],
                ["enableServices"],
                ["display", "banner-ad"]
            ])
        },
        later: || {
            json!([
                ["setPrivacySettings", { "restrictDataProcessing": true, "nonPersonalizedAds": true }],
                ["setPrivacySettings", { "restrictDataProcessing": false, "nonPersonalizedAds": false }],
            ])
        },
        call: "",
    },
    Tag {
        vendor: "google_adsense",
        snippet: snippet!("adsense"),
        script: ("pagead2.googlesyndication.com", "/pagead/js/adsbygoogle.js"),
        code: r#"
            const list = window.adsbygoogle;
            const show = () => say("show", list.requestNonPersonalizedAds ?? 0,
              document.querySelector("ins").getAttribute("data-restrict-data-processing"));
            list.push = show;
            for (const ad of list) show();"#,
        ear: ("pagead2.googlesyndication.com", "/heard"),
        free: || json!([["show", 0, null]]),
        denied: || json!([["show", 1, "1"]]),
        later: || json!([["show", 1, "1"], ["show", 0, null]]),
        call: "adsbygoogle.push({})",
    },
];

impl Tag {
    /// Puts its script on its host.
    pub fn serve(&self, world: &World) {
        let (host, path) = self.ear;
        let code = format!(
            "(() => {{ let turn = 0;
                const say = (...call) => {{ fetch('https://{host}{path}', {{ method: 'POST', mode: 'no-cors',
                  keepalive: true, body: JSON.stringify([turn++, ...call]) }}); }};
                {} }})();",
            self.code
        );
        let (host, path) = self.script;
        world.put(host, path, Page::script(code));
    }

    /// What it was told so far, in turn.
    pub fn heard(&self, world: &World) -> Vec<Value> {
        let arrivals = world.arrivals(self.ear.0, self.ear.1);
        let calls = arrivals.iter().filter(|arrival| arrival.method == "POST");
        let mut calls: Vec<Vec<Value>> = calls
            .map(|arrival| serde_json::from_str(&arrival.body).expect("a call"))
            .collect();
        calls.sort_by_key(|call| call[0].as_u64());
        calls.into_iter().map(|call| json!(call[1..])).collect()
    }

    /// Waits until it has been told that often, and for what comes after that.
    pub async fn hears(&self, world: &World, count: usize) -> Vec<Value> {
        let what = format!("{count} calls of {}", self.vendor);
        wait::until(what, async || {
            let heard = self.heard(world);
            (heard.len() >= count).then_some(heard)
        })
        .await;
        world.settle().await;
        self.heard(world)
    }
}
