//! Empty functions in place of what a blocked vendor's script would have defined, for pages that
//! call it without asking whether it is there.

use std::cell::Cell;

use wasm_bindgen::prelude::*;

use crate::policy::{Decision, Treatment, Vendors};

#[wasm_bindgen(module = "/www/stand_ins.js")]
extern "C" {
    #[wasm_bindgen(js_name = standIn)]
    fn stand_in(names: &str);
}

/// The stand-ins of one page.
#[derive(Default)]
pub struct StandIns {
    standing: Cell<bool>,
}

impl StandIns {
    /// Puts up those of the vendors that are blocked, takes away all others.
    pub fn set(&self, vendors: &Vendors, decision: &Decision) {
        let mut names = String::new();
        for vendor in vendors.iter() {
            if vendor.treatment(decision) == Treatment::Blocked {
                for name in &vendor.stand_ins {
                    names.push_str(name);
                    names.push(' ');
                }
            }
        }
        if self.standing.replace(!names.is_empty()) || !names.is_empty() {
            stand_in(&names);
        }
    }
}
