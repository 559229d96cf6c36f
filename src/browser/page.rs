//! The page: its window and document, its clock, its randomness.

use js_sys::{Date, Math};
use wasm_bindgen::prelude::*;
use web_sys::{Document, HtmlDocument, Window};

use crate::policy::Seconds;

/// The page's window and document, and what was true of them when the script started.
#[derive(Clone)]
pub struct Page {
    /// The window.
    pub window: Window,
    /// Its document.
    pub document: HtmlDocument,
}

impl Page {
    /// The page that the script runs in; `None` in a worker.
    pub fn current() -> Option<Page> {
        let window = WINDOW.with(Option::clone)?;
        let document = window.document()?.dyn_into().ok()?;
        Some(Page { window, document })
    }

    /// The origin, or `null` for a page that has none.
    pub fn origin(&self) -> String {
        self.window.location().origin().unwrap_or_default()
    }

    /// The path, without the query.
    pub fn path(&self) -> String {
        self.window.location().pathname().unwrap_or_default()
    }

    /// Whether the parser is still at work.
    pub fn is_loading(&self) -> bool {
        self.document.ready_state() == "loading"
    }

    /// Whether everything that the page names has loaded.
    pub fn is_complete(&self) -> bool {
        self.document.ready_state() == "complete"
    }

    /// Whether the page is made ready before anyone looks at it.
    pub fn is_prerendering(&self) -> bool {
        member(self.document.as_ref(), "prerendering").is_truthy()
    }

    /// Whether the visitor has just clicked or pressed something; true where the browser cannot say.
    pub fn has_hand_in_it(&self) -> bool {
        let activation = member(&self.window.navigator(), "userActivation");
        activation.is_undefined() || member(&activation, "isActive").is_truthy()
    }

    /// The document as a plain one.
    pub fn plain(&self) -> &Document {
        &self.document
    }
}

/// A property, or `undefined` if reading it throws.
pub fn member(object: &JsValue, name: &str) -> JsValue {
    // An exception costs a hundred times as much as a look at a type.
    if object.is_undefined() || object.is_null() {
        return JsValue::UNDEFINED;
    }
    js_sys::Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

#[wasm_bindgen]
extern "C" {
    // Without the search for a global object that `web_sys::window` begins with.
    #[wasm_bindgen(thread_local_v2, js_name = window)]
    static WINDOW: Option<Window>;
}

#[wasm_bindgen(module = "/www/cookies.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = cookies)]
    fn all_cookies() -> Result<String, JsValue>;
}

/// All cookies that the page can see; none where it may not look, as in a sandboxed frame.
pub fn cookies() -> String {
    all_cookies().unwrap_or_default()
}

#[wasm_bindgen]
extern "C" {
    /// Throws for a revoked proxy.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;
}

/// Whether a value of the page's is a list.
pub fn is_list(value: &JsValue) -> bool {
    is_array(value) == Ok(true)
}

/// Sets a property of an object that is nosale's own.
pub fn set_member(object: &JsValue, name: &str, value: &JsValue) {
    // A plain object of our own takes any property.
    let _ = js_sys::Reflect::set(object, &JsValue::from_str(name), value);
}

/// Now, in seconds since the Unix epoch.
pub fn now() -> Seconds {
    (Date::now() / 1000.0) as Seconds
}

/// Now, in RFC 3339.
pub fn now_text() -> String {
    String::from(Date::new_0().to_iso_string())
}

/// A random UUID (RFC 9562, version 4), of `getRandomValues`, which insecure origins have too.
pub fn uuid(page: &Page) -> String {
    let mut bytes = [0; 16];
    let random = page
        .window
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if random.is_err() {
        // A receipt number need not be a secret: a report must not fail for want of one.
        bytes.fill_with(|| (Math::random() * 256.0) as u8);
    }
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::new();
    for (place, byte) in bytes.into_iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
        }
    }
    text
}
