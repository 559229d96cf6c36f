//! Microsoft Advertising: consent mode for UET.

use super::Plan;

pub const PLAN: Plan = Plan {
    global: "uetq",
    way: "flat",
    first: r#"[["consent","default",{"ad_storage":"denied"}]]"#,
    denied: r#"[["consent","update",{"ad_storage":"denied"}]]"#,
    granted: r#"[["consent","update",{"ad_storage":"granted"}]]"#,
};
