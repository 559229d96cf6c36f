//! What scripts wanted and the wrappers withheld: `www/gate/held.js`.

use wasm_bindgen::prelude::*;
use web_sys::Element;

/// Called with a frame that stays blank, and the address that it was to have.
pub type Show = Closure<dyn Fn(Element, String)>;

#[wasm_bindgen(module = "/www/gate/held.js")]
extern "C" {
    /// Whom to tell of frames that stay blank.
    pub fn attend(show: &Show);
    /// Gives elements of the page what they may have by now, in order.
    #[wasm_bindgen(js_name = giveBack)]
    pub fn give_back();
}
