//! Prebid.js: `deviceAccess` false keeps its modules from what the device stores (publisher API,
//! setConfig). Ids that are stored already are deleted by the gate, by the catalogue's patterns.

use super::Plan;

pub const PLAN: Plan = Plan {
    global: "pbjs",
    way: "prebid",
    first: "[]",
    denied: "[0]",
    granted: "[]",
};
