//! The receipt of a choice, for the visitor to keep.

use js_sys::{Date, JSON, Promise};
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use super::shown::{Shown, part};
use crate::browser::app::App;
use crate::browser::elements::{add, show};
use crate::browser::page::member;
use crate::policy::{Choice, Purposes};

impl Shown {
    /// Forgets the receipt of an earlier look at the dialog.
    pub fn forget(&self) {
        self.receipt.replace(None);
        self.say("");
    }

    /// Shows what was recorded, when, and under which number.
    pub fn give_receipt(&self, app: &App, receipt: &JsValue, purposes: Purposes, choice: Choice) {
        let text = |name: &str| member(receipt, name).as_string().unwrap_or_default();
        let kind = if choice.is_in() {
            "opted_in"
        } else {
            "opted_out"
        };
        let Ok(list) = part(&self.dialog, "receipt") else {
            return;
        };
        list.set_text_content(None);
        let line = |name: &str, text: &str| {
            let _ = add(&list, name, text);
        };
        line("dt", &self.texts.get("recorded"));
        for purpose in purposes.intersection(app.config.purposes).iter() {
            let parts = [
                &*self.texts.get(kind),
                ": ",
                &*self.texts.get(purpose.name()),
            ];
            line("dd", &parts.concat());
        }
        line("dt", &self.texts.get("time"));
        line(
            "dd",
            &self.date("{date}".to_owned(), Date::parse(&text("time"))),
        );
        line("dt", &self.texts.get("receipt_number"));
        line("dd", &text("id"));
        self.receipt.replace(Some(receipt.clone()));
        if let Some(place) = list.parent_element() {
            show(&place, true);
        }
        let saved = if member(receipt, "lifts").is_undefined() {
            "saved"
        } else {
            "saved_account"
        };
        self.say(&self.texts.get(saved));
    }

    /// Copies the receipt as it is to be read.
    pub fn copy(&'static self) {
        let list = part(&self.dialog, "receipt").ok();
        let text = list.and_then(|list| list.dyn_into::<HtmlElement>().ok());
        let text = text.map(|list| list.inner_text()).unwrap_or_default();
        let copying = self.call("copy", &[text.into()]);
        let Some(copying) = copying.and_then(|copying| copying.dyn_into::<Promise>().ok()) else {
            return self.say(&self.texts.get("not_copied"));
        };
        let copied = Closure::once(move |_| self.say(&self.texts.get("copied")));
        let failed = Closure::once(move |_| self.say(&self.texts.get("not_copied")));
        let _ = copying.then2(&copied, &failed);
        copied.forget();
        failed.forget();
    }

    /// Gives the receipt as a file, with everything that was reported.
    pub fn download(&self) {
        let Some(receipt) = self.receipt.borrow().clone() else {
            return;
        };
        let number = member(&receipt, "id").as_string().unwrap_or_default();
        let name = ["receipt-", &number, ".json"].concat();
        let text = JSON::stringify_with_replacer_and_space(&receipt, &JsValue::NULL, &2.into());
        let text = text.map(String::from).unwrap_or_default();
        self.call("download", &[name.into(), text.into()]);
    }
}
