//! Reddit: limited data use, a parameter of `init`, which the page calls itself. The only place of
//! which a code was found is California.

use super::Plan;

pub const PLAN: Plan = Plan {
    global: "rdt",
    way: "change",
    first: "[]",
    denied: r#"[["init",{"dpm":"LDU","dpcc":"US","dprc":"US_CA"}]]"#,
    granted: "[]",
};
