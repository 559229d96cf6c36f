//! nosale makes "Do Not Sell or Share My Personal Information" true on a publisher's page.
//!
//! The core decides and is pure: [`policy`] (signals, choices and laws in, decision out),
//! [`config`] (what the publisher may say), [`notice`] (what a visitor gets to see), [`report`],
//! [`status`] and [`audit`] (what goes out, as data), [`gpp`] (the IAB's strings, a library by
//! itself), [`strings`] (a decision in these strings). It needs no browser and works on a server just
//! as well. The shell, `browser`, exists on WebAssembly only: it observes the page, asks the core and
//! acts.
//!
//! This file holds what JavaScript can call, and nothing else; `www/boot.js` puts it on
//! `window.nosale`.

pub mod audit;
pub mod config;
pub mod gpp;
pub mod notice;
pub mod policy;
pub mod report;
pub mod status;
pub mod strings;
mod text;

#[cfg(target_arch = "wasm32")]
mod browser;

#[cfg(target_arch = "wasm32")]
pub use calls::*;

#[cfg(target_arch = "wasm32")]
mod calls {
    use js_sys::{Function, Promise};
    use lol_alloc::{FreeListAllocator, LockedAllocator};
    use wasm_bindgen::prelude::*;
    use web_sys::HtmlScriptElement;

    use crate::browser::{App, VERSION, member, purposes_of};
    use crate::policy::{Choice, Purposes};
    use crate::report::How;

    /// Two kilobytes smaller than the standard one, and fast enough for a page.
    #[global_allocator]
    static ALLOCATOR: LockedAllocator<FreeListAllocator> =
        LockedAllocator::new(FreeListAllocator::new());

    /// Decides and raises the gate. `script` is the element that is running; its attributes are part
    /// of the config. `plain`: this runs as plain JavaScript, because the browser has no WebAssembly or
    /// refuses it. `since`: requests are held since then, in milliseconds since navigation, so this
    /// start is not late; 0: by the inline snippet. Starting again does nothing.
    ///
    /// # Errors
    ///
    /// If there is no page here, as in a worker.
    #[wasm_bindgen]
    pub fn start(
        script: Option<HtmlScriptElement>,
        plain: Option<bool>,
        since: Option<f64>,
    ) -> Result<(), JsValue> {
        App::start(script, plain == Some(true), since)
    }

    /// This module's version.
    #[wasm_bindgen]
    pub fn version() -> String {
        VERSION.to_owned()
    }

    /// The state of everything, as a fresh object.
    ///
    /// # Errors
    ///
    /// If nosale was not started.
    #[wasm_bindgen]
    pub fn status() -> Result<JsValue, JsValue> {
        Ok(App::current()?.status())
    }

    /// Whether a purpose is permitted, or whether a request to an address may leave.
    ///
    /// # Errors
    ///
    /// If nosale was not started.
    #[wasm_bindgen]
    pub fn allows(purpose_or_url: &str) -> Result<bool, JsValue> {
        Ok(App::current()?.allows(purpose_or_url))
    }

    /// Opts out, of everything unless purposes are named. In force on return; gives the receipt.
    ///
    /// # Errors
    ///
    /// If a purpose is not known; then nothing was changed.
    #[wasm_bindgen(js_name = optOut)]
    pub fn opt_out(purposes: &JsValue) -> Result<JsValue, JsValue> {
        let purposes = purposes_of(purposes, Purposes::ALL)?;
        Ok(App::current()?.choose(purposes, Choice::Out, How::Api))
    }

    /// Opens the dialog's confirm step; gives a promise of the receipt, or of `null` if the visitor
    /// did not confirm. `{ confirmed: true }` is for a page that has asked in two steps itself.
    ///
    /// # Errors
    ///
    /// If a purpose is not known; then nothing was changed.
    #[wasm_bindgen(js_name = optIn)]
    pub fn opt_in(purposes: &JsValue, options: &JsValue) -> Result<Promise, JsValue> {
        let app = App::current()?;
        let purposes = purposes_of(purposes, app.config.purposes)?;
        let confirmed = options.is_object() && member(options, "confirmed") == JsValue::TRUE;
        Ok(app.opt_in(purposes, confirmed))
    }

    /// Tells what the page learned late: `{ jurisdiction, account, age }`.
    ///
    /// # Errors
    ///
    /// Names the first mistake; what was right is taken in all the same.
    #[wasm_bindgen(js_name = setContext)]
    pub fn set_context(context: &JsValue) -> Result<(), JsValue> {
        App::current()?.set_context(context)
    }

    /// Links what holds to the account that the publisher's server vouches for by `token`.
    ///
    /// # Errors
    ///
    /// If it is no token that names an account.
    #[wasm_bindgen]
    pub fn identify(token: &JsValue) -> Result<(), JsValue> {
        App::current()?.identify(&token.as_string().unwrap_or_default())
    }

    /// Opens the dialog.
    ///
    /// # Errors
    ///
    /// If nosale was not started.
    #[wasm_bindgen]
    pub fn open() -> Result<Promise, JsValue> {
        Ok(App::current()?.open())
    }

    /// The receipt of the last choice on this page, or `null`.
    ///
    /// # Errors
    ///
    /// If nosale was not started.
    #[wasm_bindgen]
    pub fn receipt() -> Result<JsValue, JsValue> {
        Ok(App::current()?.receipt())
    }

    /// What happened on this page so far, as evidence.
    ///
    /// # Errors
    ///
    /// If nosale was not started.
    #[wasm_bindgen]
    pub fn audit() -> Result<JsValue, JsValue> {
        Ok(App::current()?.audit())
    }

    /// Calls `listener` at each `ready`, `change` or `blocked`; gives the unsubscriber.
    ///
    /// # Errors
    ///
    /// If there is no event of that name.
    #[wasm_bindgen]
    pub fn on(event: &str, listener: Function) -> Result<Function, JsValue> {
        App::current()?.on(event, listener)
    }
}
