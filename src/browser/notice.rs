//! The notice on the page: the link, and the status beside it.

use std::cell::RefCell;

use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use super::page::Page;
use crate::config::{LinkKind, NoticeSettings};

/// The alternative link (regs 7015).
const YOUR_PRIVACY_CHOICES: &str = "Your Privacy Choices";
/// The link of regs 7013.
const DO_NOT_SELL_OR_SHARE: &str = "Do Not Sell or Share My Personal Information";
/// The same before 2023.
const DO_NOT_SELL: &str = "Do Not Sell My Personal Information";
/// The regulation's own example of the status that must be displayed (regs 7025(c)(6)).
pub const HONORED: &str = "Opt-Out Request Honored";

const SVG: &str = "http://www.w3.org/2000/svg";

/// The icon's shapes: a pill in two halves, with a check mark and a cross. Drawn for nosale.
const ICON: [(&str, &str, &str); 4] = [
    ("M7 0h16a7 7 0 0 1 0 14H7A7 7 0 0 1 7 0Z", "#06f", "none"),
    (
        "M7 1.2h9.8L13.2 12.8H7A5.8 5.8 0 0 1 7 1.2Z",
        "#fff",
        "none",
    ),
    ("M4.9 7.3l2.4 2.4 4-5.4", "none", "#06f"),
    ("M18.6 4.4l5 5.2m0-5.2l-5 5.2", "none", "#fff"),
];

/// What the visitor sees on the page itself.
pub struct Notice {
    page: Page,
    settings: NoticeSettings,
    /// The status beside each link.
    statuses: RefCell<Vec<Element>>,
}

impl Notice {
    /// A notice that is not on the page yet.
    pub fn new(page: Page, settings: NoticeSettings) -> Notice {
        Notice {
            page,
            settings,
            statuses: RefCell::default(),
        }
    }

    /// Puts the link on the page: wherever the publisher marked a place, else into the footer.
    /// `open` is called when it is used.
    ///
    /// # Errors
    ///
    /// What the browser throws when it refuses an element.
    pub fn place(&self, open: impl Fn() + Clone + 'static) -> Result<(), JsValue> {
        let marked = self
            .page
            .document
            .query_selector_all("[data-nosale-link]")?;
        for place in 0..marked.length() {
            let Some(element) = marked
                .get(place)
                .and_then(|node| node.dyn_into::<Element>().ok())
            else {
                continue;
            };
            if matches!(element.local_name().as_str(), "a" | "button") {
                self.wire(&element, open.clone())?;
            } else {
                let link = self.link()?;
                element.append_child(&link)?;
                self.wire(&link, open.clone())?;
            }
        }
        if marked.length() == 0 && self.settings.link != LinkKind::None {
            let link = self.link()?;
            self.insert(&link)?;
            self.wire(&link, open)?;
        }
        Ok(())
    }

    /// Shows beside each link what a screen reader announces, too; an empty text hides it.
    pub fn show_status(&self, text: &str) {
        for status in self.statuses.borrow().iter() {
            if status.text_content().as_deref() != Some(text) {
                status.set_text_content(Some(text));
            }
        }
    }

    fn link(&self) -> Result<Element, JsValue> {
        let document = self.page.plain();
        let link = document.create_element("a")?;
        // A link of the page's own kind: it takes the look of the links beside it (regs 7003(c)).
        link.set_attribute("href", self.settings.opt_out_url.as_deref().unwrap_or("#"))?;
        link.set_attribute("data-nosale", "")?;
        link.set_attribute("role", "button")?;
        let text = match self.settings.link {
            LinkKind::DoNotSellOrShare => DO_NOT_SELL_OR_SHARE,
            LinkKind::DoNotSell => DO_NOT_SELL,
            LinkKind::Auto | LinkKind::YourPrivacyChoices | LinkKind::None => YOUR_PRIVACY_CHOICES,
        };
        link.append_child(&document.create_text_node(text))?;
        if text == YOUR_PRIVACY_CHOICES {
            link.append_child(&document.create_text_node("\u{a0}"))?;
            let icon = self.icon()?;
            link.append_child(&icon)?;
        }
        Ok(link)
    }

    fn icon(&self) -> Result<Element, JsValue> {
        let document = self.page.plain();
        let icon = document.create_element_ns(Some(SVG), "svg")?;
        for (name, value) in [
            ("viewBox", "0 0 30 14"),
            ("width", "1.9em"),
            ("height", ".9em"),
            ("aria-hidden", "true"),
        ] {
            icon.set_attribute(name, value)?;
        }
        for (shape, fill, stroke) in ICON {
            let path = document.create_element_ns(Some(SVG), "path")?;
            for (name, value) in [
                ("d", shape),
                ("fill", fill),
                ("stroke", stroke),
                ("stroke-width", "1.5"),
            ] {
                path.set_attribute(name, value)?;
            }
            icon.append_child(&path)?;
        }
        Ok(icon)
    }

    /// After the last link of the last footer, in a list item of its own if that link has one.
    fn insert(&self, link: &Element) -> Result<(), JsValue> {
        let document = self.page.plain();
        let footers = document.query_selector_all("footer")?;
        let footer = footers
            .length()
            .checked_sub(1)
            .and_then(|last| footers.get(last));
        let Some(footer) = footer.and_then(|node| node.dyn_into::<Element>().ok()) else {
            if let Some(body) = document.body() {
                body.append_child(link)?;
            }
            return Ok(());
        };
        let links = footer.query_selector_all("a[href]")?;
        let last = links
            .length()
            .checked_sub(1)
            .and_then(|last| links.get(last));
        let parent = last.as_ref().and_then(|last| last.parent_element());
        match (last, parent) {
            (_, Some(item)) if item.local_name() == "li" => {
                let own: Element = item.clone_node()?.unchecked_into();
                for single in ["id", "aria-current"] {
                    own.remove_attribute(single)?;
                }
                own.append_child(link)?;
                if let Some(list) = item.parent_node() {
                    list.insert_before(&own, item.next_sibling().as_ref())?;
                }
            }
            (Some(last), Some(parent)) => {
                parent.insert_before(
                    &document.create_text_node(" "),
                    last.next_sibling().as_ref(),
                )?;
                parent.insert_before(
                    link,
                    last.next_sibling()
                        .and_then(|space| space.next_sibling())
                        .as_ref(),
                )?;
            }
            _ => {
                footer.append_child(link)?;
            }
        }
        Ok(())
    }

    /// Makes an element open the dialog, and puts the status after it.
    fn wire(&self, link: &Element, open: impl Fn() + Clone + 'static) -> Result<(), JsValue> {
        link.set_attribute("aria-haspopup", "dialog")?;
        let bare = link.local_name() == "a" && !link.has_attribute("href");
        if bare {
            // No keyboard reaches it otherwise.
            link.set_attribute("role", "button")?;
            link.set_attribute("tabindex", "0")?;
        }
        let opens = open.clone();
        let options = gloo_events::EventListenerOptions::enable_prevent_default();
        gloo_events::EventListener::new_with_options(
            link,
            "click",
            options,
            move |event: &Event| {
                event.prevent_default();
                opens();
            },
        )
        .forget();
        if link.get_attribute("role").as_deref() == Some("button") {
            // A button answers to the space bar, a link does not.
            gloo_events::EventListener::new_with_options(
                link,
                "keydown",
                options,
                move |event: &Event| {
                    if event
                        .dyn_ref::<KeyboardEvent>()
                        .is_some_and(|event| event.key() == " " || bare && event.key() == "Enter")
                    {
                        event.prevent_default();
                        open();
                    }
                },
            )
            .forget();
        }
        let status = self.page.plain().create_element("span")?;
        status.set_attribute("role", "status")?;
        status.set_attribute("data-nosale-status", "")?;
        if let Some(status) = status.dyn_ref::<HtmlElement>() {
            // Set through the object, a style passes every Content-Security-Policy.
            status.style().set_property("margin-inline-start", ".5em")?;
        }
        if let Some(parent) = link.parent_node() {
            parent.insert_before(&status, link.next_sibling().as_ref())?;
        }
        self.statuses.borrow_mut().push(status);
        Ok(())
    }
}
