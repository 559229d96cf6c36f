//! X: restricted data use, a parameter of `config` and of each `event` (X Business: restricted data
//! use guide).

use super::Plan;

pub const PLAN: Plan = Plan {
    global: "twq",
    way: "change",
    first: "[]",
    denied: concat!(
        r#"[["config",{"restricted_data_use":"restrict_optimization"}],"#,
        r#"["event",{"restricted_data_use":"restrict_optimization"}]]"#,
    ),
    granted: "[]",
};
