//! Google Publisher Tag: `PubAdsService.setPrivacySettings`, before the first request.

use super::Plan;

pub const PLAN: Plan = Plan {
    global: "googletag",
    way: "publisherTag",
    first: "[]",
    denied: r#"[{"restrictDataProcessing":true,"nonPersonalizedAds":true}]"#,
    granted: r#"[{"restrictDataProcessing":false,"nonPersonalizedAds":false}]"#,
};
