//! Pinterest: `setconsent` stops events and clears what its tag has stored.

use super::Plan;

const DENIED: &str = r#"[["setconsent",false]]"#;

pub const PLAN: Plan = Plan {
    global: "pintrk",
    way: "call",
    first: DENIED,
    denied: DENIED,
    granted: r#"[["setconsent",true]]"#,
};
