//! Google AdSense: a property of its list, and an attribute of each advertisement's place, which
//! `www/tags/adsense.js` sets (AdSense Help: restricted data processing).

use super::Plan;

pub const PLAN: Plan = Plan {
    global: "adsbygoogle",
    way: "adsense",
    first: "[]",
    denied: r#"[{"requestNonPersonalizedAds":1}]"#,
    granted: r#"[{"requestNonPersonalizedAds":0}]"#,
};
