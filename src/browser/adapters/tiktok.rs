//! TikTok: its pixel holds what it has until consent is given, and forgets it when that is revoked.
//! The calls stand in other tools' integrations; TikTok's own page of them was not at hand.

use super::Plan;

pub const PLAN: Plan = Plan {
    global: "ttq",
    way: "methods",
    first: r#"[["holdConsent"],["revokeConsent"],["disableCookie"]]"#,
    denied: r#"[["revokeConsent"],["disableCookie"]]"#,
    granted: r#"[["grantConsent"],["enableCookie"]]"#,
};
