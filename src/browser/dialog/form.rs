//! The forms for what this browser cannot carry out. What is in them is read, checked and told about
//! by the dialog's file; it goes to the endpoint at once or stays in the field, and nowhere else.

use wasm_bindgen::JsValue;

use super::shown::Shown;
use crate::browser::app::App;
use crate::report::Kind;

impl Shown {
    /// Sends the form of that name, if it holds what it must.
    pub(super) fn send(&'static self, app: &App, name: &str) {
        let kind = if name == "offline" {
            Kind::OptOutElsewhere
        } else {
            Kind::Contact
        };
        let form = [
            JsValue::from(&self.dialog),
            name.into(),
            self.texts.words(),
            app.request(kind),
        ];
        let text = self.call("fill", &form);
        let Some(text) = text.and_then(|text| text.as_string()) else {
            return;
        };
        let sent = text.clone();
        app.send_request(&sent, move |arrived| {
            let [dialog, name, words, _] = form;
            self.call(
                "answered",
                &[dialog, name, words, text.into(), arrived.into()],
            );
        });
    }
}
