//! The element that stands in the page for the dialog and the quiet message. Its shadow tree keeps
//! the page's styles out.

use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{CssStyleSheet, Element, Node, ShadowRoot, ShadowRootInit, ShadowRootMode};

use crate::browser::app::App;
use crate::browser::elements::build;
use crate::browser::page::member;
use crate::browser::texts::Texts;
use crate::config::{Position, Theme};

/// The element that holds whatever of the dialog's file is shown.
pub struct Host {
    element: Element,
    pub(super) root: ShadowRoot,
    pub(super) texts: &'static Texts,
    /// The dialog's file.
    pub(super) module: JsValue,
}

impl Host {
    /// Puts it together, with nothing in it; it comes into the page with what it first holds.
    pub(super) fn new(app: &App, module: JsValue) -> Result<Host, JsValue> {
        let element = app.page.plain().create_element("div")?;
        element.set_attribute("data-nosale-dialog", "")?;
        let root = element.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))?;
        let sheet = CssStyleSheet::new()?;
        sheet.replace_sync(&member(&module, "css").as_string().unwrap_or_default())?;
        Reflect::set(&root, &"adoptedStyleSheets".into(), &Array::of1(&sheet))?;

        let texts = app.texts;
        texts.set_english(member(&module, "texts"));
        let settings = &app.config.notice;
        for (name, value) in [
            ("data-theme", Theme::NAMES[settings.theme as usize]),
            ("data-position", Position::NAMES[settings.position as usize]),
            ("lang", texts.locale()),
            ("dir", texts.direction()),
        ] {
            element.set_attribute(name, value)?;
        }
        Ok(Host {
            element,
            root,
            texts,
            module,
        })
    }

    /// Builds an element, or a text, from the data of the dialog's file; `row` is what `*` stands for.
    pub(super) fn build(&self, data: &JsValue, row: &str) -> Result<Node, JsValue> {
        let document = self.element.owner_document().ok_or(JsValue::NULL)?;
        build(&document, data, self.texts, row)
    }

    /// The same for what goes by that name there.
    pub(super) fn part(&self, name: &str, row: &str) -> Result<Element, JsValue> {
        let part = self.build(&member(&self.module, name), row)?;
        Ok(part.unchecked_into())
    }

    /// Puts something into the page, and itself first if it is not there: the page may have thrown its
    /// body away, and this with it.
    pub(super) fn hold(&self, element: &Element) -> Result<(), JsValue> {
        if !self.element.is_connected() {
            let document = self.element.owner_document();
            let body = document.and_then(|document| document.body());
            body.ok_or("the page has no body")?
                .append_child(&self.element)?;
        }
        self.root.append_child(element).map(drop)
    }
}
