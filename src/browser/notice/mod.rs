//! The notice on the page: the link, and the status beside it.

mod link;
mod place;

use std::cell::Cell;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, KeyboardEvent, Node};

use self::place::Place;
use super::elements::all;
use super::events;
use super::page::Page;
use super::texts::Texts;
use crate::config::NoticeSettings;
use crate::notice::{HONORED, LIMIT, Links};

/// On the links that nosale made.
const OWN: &str = "data-nosale";
/// On the status beside a link.
const STATUS: &str = "data-nosale-status";

/// What opens the dialog.
const OPENERS: &str = "[data-nosale],a[data-nosale-link],button[data-nosale-link]";

/// What is said beside the link.
#[derive(Clone, Copy, Default, PartialEq)]
pub enum Said {
    /// Nothing.
    #[default]
    Nothing,
    /// That a signal is honoured.
    Honored,
    /// That the click itself opted out.
    OptedOut,
}

/// What the visitor sees on the page itself.
pub struct Notice {
    page: Page,
    settings: NoticeSettings,
    texts: &'static Texts,
    said: Cell<Said>,
}

impl Notice {
    /// A notice that is not on the page yet.
    pub fn new(page: Page, settings: NoticeSettings, texts: &'static Texts) -> Notice {
        Notice {
            page,
            settings,
            texts,
            said: Cell::default(),
        }
    }

    /// Opens the dialog when a link is used: one that nosale made, or one of the publisher's,
    /// whenever that came into the page.
    pub fn listen(&self, open: impl Fn() + Clone + 'static) {
        let opens = open.clone();
        events::listen_first(&self.page.document, "click", move |event| {
            if opener(event).is_some() {
                event.prevent_default();
                opens();
            }
        });
        events::listen_first(&self.page.document, "keydown", move |event| {
            let Some(key) = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key) else {
                return;
            };
            // A button answers to the space bar, which a link does not.
            let acts = |link: &Element| {
                link.get_attribute("role").as_deref() == Some("button")
                    && (key == " " || key == "Enter" && !link.has_attribute("href"))
            };
            if opener(event).is_some_and(|link| acts(&link)) {
                event.prevent_default();
                open();
            }
        });
    }

    /// Puts the links on the page: wherever the publisher marked a place, else into the footer.
    /// Where they stand already, nothing happens.
    ///
    /// # Errors
    ///
    /// What the browser throws when it refuses an element.
    pub fn place(&self, links: &Links) -> Result<(), JsValue> {
        let Some(root) = self.page.document.document_element() else {
            return Ok(());
        };
        let marked = all(&root, "[data-nosale-link]");
        for element in &marked {
            if matches!(element.local_name().as_str(), "a" | "button") {
                prepare(element)?;
                self.accompany(element)?;
            } else if element.query_selector("[data-nosale]")?.is_none() {
                for link in self.make(links)? {
                    element.append_child(&self.text(" "))?;
                    element.append_child(&link)?;
                    self.accompany_last(links, &link)?;
                }
            }
        }
        // A page without a body has nothing to show; it is looked at again when it has one.
        let Some(place) = Place::find(&root)? else {
            return Ok(());
        };
        let mut wanted = links.placed && marked.is_empty();
        let mut missing = if links.limit { 2 } else { 1 };
        let mut own = all(&root, "[data-nosale]");
        own.retain(|link| matches!(link.closest("[data-nosale-link]"), Ok(None)));
        for link in &own {
            missing -= i32::from(place.holds(link));
        }
        if wanted && missing == 0 && own.len() <= 2 {
            wanted = false;
            own.clear();
        }
        // Elsewhere, or one that a framework copied.
        for link in own {
            place::remove(&link);
        }
        if wanted {
            let mut neighbour = place.neighbour();
            for link in self.make(links)? {
                place.put(&link, neighbour.as_ref())?;
                self.accompany_last(links, &link)?;
                neighbour = Some(link);
            }
        }
        Ok(())
    }

    /// The status stands after the last link.
    fn accompany_last(&self, links: &Links, link: &Element) -> Result<(), JsValue> {
        let is_limit = link.get_attribute(OWN).as_deref() == Some(LIMIT.key);
        if links.limit == is_limit {
            self.accompany(link)?;
        }
        Ok(())
    }

    /// The links of this site, not in the page yet.
    fn make(&self, links: &Links) -> Result<Vec<Element>, JsValue> {
        let mut made = vec![self.link(&links.title, links.icon)?];
        if links.limit {
            made.push(self.link(&LIMIT, false)?);
        }
        Ok(made)
    }

    /// Shows beside each link what a screen reader announces, too.
    pub fn say(&self, said: Said) {
        if self.said.replace(said) == said {
            return;
        }
        let Some(root) = self.page.document.document_element() else {
            return;
        };
        for status in all(&root, "[data-nosale-status]") {
            let _ = self.fill_status(&status);
        }
    }

    /// Puts the status after a link, once.
    fn accompany(&self, link: &Element) -> Result<(), JsValue> {
        let next = link.next_element_sibling();
        if next.is_some_and(|next| next.has_attribute(STATUS)) {
            return Ok(());
        }
        let status = self.page.plain().create_element("span")?;
        status.set_attribute("role", "status")?;
        status.set_attribute(STATUS, "")?;
        self.fill_status(&status)?;
        link.after_with_node_1(&status)
    }

    fn fill_status(&self, status: &Element) -> Result<(), JsValue> {
        let document = self.page.plain();
        status.set_text_content(None);
        let node: Node = match self.said.get() {
            Said::Nothing => return Ok(()),
            Said::Honored => self.texts.title(document, &HONORED)?,
            Said::OptedOut => {
                let own = self.texts.translation("opted_out_here");
                let english =
                    "You are opted out of the sale and sharing of your personal information here.";
                self.text(own.as_deref().unwrap_or(english)).into()
            }
        };
        // The blank is inside: a link without a status keeps its neighbours where they are.
        status.append_child(&self.text(" "))?;
        status.append_child(&node)?;
        Ok(())
    }

    fn text(&self, text: &str) -> web_sys::Text {
        self.page.document.create_text_node(text)
    }
}

/// The link that an event is about.
fn opener(event: &Event) -> Option<Element> {
    events::nearest(event, OPENERS)
}

/// Tells assistive tools what a link of the publisher's does.
fn prepare(link: &Element) -> Result<(), JsValue> {
    if link.has_attribute("aria-haspopup") {
        return Ok(());
    }
    link.set_attribute("aria-haspopup", "dialog")?;
    if link.local_name() == "a" && !link.has_attribute("href") {
        // No keyboard reaches it otherwise.
        link.set_attribute("role", "button")?;
        link.set_attribute("tabindex", "0")?;
    }
    Ok(())
}
