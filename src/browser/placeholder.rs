//! What a blocked frame shows in place of its content: `www/placeholder.js`.

use wasm_bindgen::prelude::*;
use web_sys::{Element, Url};

use super::app::App;
use crate::config::Theme;

type Ask = Closure<dyn Fn(Element, String)>;

#[wasm_bindgen(module = "/www/placeholder.js")]
extern "C" {
    fn speak(lang: &str, dir: &str, words: &JsValue);
    fn fill(frame: &Element, address: &str, name: &str, theme: &str, ask: &Ask);
    /// Before the frame gets its address.
    pub fn clear(frame: &Element);
    /// Gives the focus back to the button that opened the dialog.
    pub fn back();
}

thread_local! {
    static ASK: Ask = Closure::new(|frame: Element, address: String| {
        if let Ok(app) = App::current() {
            app.ask_for(&frame, &address);
        }
    });
}

/// Shows the placeholder in a frame that was to show `address`; `vendor` is named where that has no
/// host. In another language than English it waits for the texts.
pub fn show(frame: &Element, address: &str, vendor: &str) {
    let Ok(app) = App::current() else { return };
    let base = app.page.plain().base_uri().ok().flatten();
    let host = match Url::new_with_base(address, &base.unwrap_or_default()) {
        Ok(whole) if !address.is_empty() => whole.hostname(),
        _ => String::new(),
    };
    let name = [host.as_str(), vendor, "another company"]
        .into_iter()
        .find(|name| !name.is_empty());
    let (frame, address) = (frame.clone(), address.to_owned());
    let name = name.unwrap_or_default().to_owned();
    app.texts.when_there(move || {
        let texts = app.texts;
        speak(texts.locale(), texts.direction(), &texts.words());
        let theme = Theme::NAMES[app.config.notice.theme as usize];
        ASK.with(|ask| fill(&frame, &address, &name, theme, ask));
    });
}
