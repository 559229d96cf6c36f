//! Microsoft Clarity: its consent API, version 2. The capital letters are its own.

use super::Plan;

const DENIED: &str = r#"[["consentv2",{"ad_Storage":"denied","analytics_Storage":"denied"}]]"#;

pub const PLAN: Plan = Plan {
    global: "clarity",
    way: "call",
    first: DENIED,
    denied: DENIED,
    granted: r#"[["consentv2",{"ad_Storage":"granted","analytics_Storage":"granted"}]]"#,
};
