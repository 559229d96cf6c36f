//! The texts in the visitor's language. English comes with the dialog; other languages are files
//! beside the script, loaded when something is to be said in them.

use std::cell::{Cell, RefCell};

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::{Document, Node};

use super::console;
use super::files::{beside, read, within};
use super::page::{Page, member};
use crate::config::{LOCALES, choose_locale, is_right_to_left};
use crate::notice::{HONORED, Title};

/// The texts of one page.
pub struct Texts {
    address: String,
    /// The visitor's language.
    wanted: &'static str,
    /// Its texts; undefined for English, and where they did not come.
    own: RefCell<JsValue>,
    english: RefCell<JsValue>,
    is_there: Cell<bool>,
    waiting: RefCell<Vec<Box<dyn FnOnce()>>>,
}

impl Texts {
    /// The texts in the language of the config, of the page or of the browser, in that order; none
    /// is loaded yet.
    pub fn new(page: &Page, configured: Option<&'static str>, script: &str) -> Texts {
        let wanted = configured.unwrap_or_else(|| {
            let root = page.document.document_element();
            let page_says = root.and_then(|root| root.get_attribute("lang"));
            let browser = member(&page.window.navigator(), "languages");
            let browser = Array::from(&browser);
            let browser = browser.iter().filter_map(|tag| tag.as_string());
            choose_locale(page_says.into_iter().chain(browser))
        });
        Texts {
            address: beside(script, &["locales/", wanted, ".json"].concat()),
            wanted,
            own: RefCell::default(),
            english: RefCell::default(),
            is_there: Cell::new(wanted == LOCALES[0]),
            waiting: RefCell::default(),
        }
    }

    /// Calls `then` once the texts are there, or are not to be had and English stands for them.
    pub fn when_there(&'static self, then: impl FnOnce() + 'static) {
        if self.is_there.get() {
            return then();
        }
        let mut waiting = self.waiting.borrow_mut();
        waiting.push(Box::new(then));
        if waiting.len() > 1 {
            return;
        }
        within(&read(&self.address), move |came| {
            let reason = match came {
                Ok(texts) if member(&texts, HONORED.key).is_string() => {
                    *self.own.borrow_mut() = texts;
                    None
                }
                Ok(_) => Some("it holds no texts".to_owned()),
                Err(reason) => Some(reason),
            };
            if let Some(reason) = reason {
                console::error(&["English stands for ", &self.address, ": ", &reason].concat());
            }
            self.is_there.set(true);
            for then in self.waiting.take() {
                then();
            }
        });
    }

    /// Takes in the English texts, which come with the dialog.
    pub fn set_english(&self, texts: JsValue) {
        *self.english.borrow_mut() = texts;
    }

    /// The language in force.
    pub fn locale(&self) -> &'static str {
        if self.own.borrow().is_undefined() {
            LOCALES[0]
        } else {
            self.wanted
        }
    }

    /// Its direction.
    pub fn direction(&self) -> &'static str {
        if is_right_to_left(self.locale()) {
            "rtl"
        } else {
            "ltr"
        }
    }

    /// The texts as an object.
    pub fn words(&self) -> JsValue {
        let own = self.own.borrow().clone();
        if own.is_undefined() {
            self.english.borrow().clone()
        } else {
            own
        }
    }

    /// A text; what a language lacks is said in English.
    pub fn get(&self, key: &str) -> String {
        let own = self.translation(key);
        own.unwrap_or_else(|| self.english(key))
    }

    /// What a text of the dialog's data stands for: `@key`, or itself.
    pub fn of(&self, raw: &str) -> String {
        match raw.strip_prefix('@') {
            Some(key) => self.get(key),
            None => raw.to_owned(),
        }
    }

    fn english(&self, key: &str) -> String {
        member(&self.english.borrow(), key)
            .as_string()
            .unwrap_or_default()
    }

    /// A text, if there is one in a language other than English.
    pub fn translation(&self, key: &str) -> Option<String> {
        member(&self.own.borrow(), key).as_string()
    }

    /// A title that the law words: in English, with the translation beside it.
    ///
    /// # Errors
    ///
    /// What the browser throws when it refuses an element.
    pub fn title(&self, document: &Document, title: &Title) -> Result<Node, JsValue> {
        self.worded(document, title.key, title.english)
    }

    /// The same for a title whose English words came with the dialog.
    ///
    /// # Errors
    ///
    /// What the browser throws when it refuses an element.
    pub fn legal(&self, document: &Document, key: &str) -> Result<Node, JsValue> {
        self.worded(document, key, &self.english(key))
    }

    fn worded(&self, document: &Document, key: &str, english: &str) -> Result<Node, JsValue> {
        let Some(own) = self.translation(key) else {
            return Ok(document.create_text_node(english).into());
        };
        let both = document.create_element("span")?;
        for (language, text) in [(LOCALES[0], english), (self.wanted, &*own)] {
            // Each runs in its own direction, and is read out in its own language.
            let part = document.create_element("bdi")?;
            part.set_attribute("lang", language)?;
            part.set_text_content(Some(text));
            if language != LOCALES[0] {
                both.append_child(&document.create_text_node(" ("))?;
            }
            both.append_child(&part)?;
        }
        both.append_child(&document.create_text_node(")"))?;
        Ok(both.into())
    }
}
