//! Where the links stand: in the page's footer, beside the links that are there, and like them.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, Node, Text};

use super::STATUS;
use crate::browser::elements::all;

/// On a list item that was made for a link.
const ITEM: &str = "data-nosale-item";

/// A place for the links.
pub struct Place {
    /// The page's footer, or its body where it has none.
    within: Element,
    is_footer: bool,
}

impl Place {
    /// The last footer that is the page's own and not an article's; without one, any last footer.
    pub fn find(root: &Element) -> Result<Option<Place>, JsValue> {
        let mut found = None;
        let mut is_own = false;
        for footer in all(root, "footer,[role=contentinfo]") {
            let own = footer
                .closest("article,aside,blockquote,dialog,nav,section")?
                .is_none();
            if own || !is_own {
                found = Some(footer);
                is_own = own;
            }
        }
        let is_footer = found.is_some();
        let body = || root.query_selector("body");
        let within = found.map_or_else(body, |footer| Ok(Some(footer)))?;
        Ok(within.map(|within| Place { within, is_footer }))
    }

    /// Whether a link stands here.
    pub fn holds(&self, link: &Element) -> bool {
        self.within.contains(Some(link))
    }

    /// The last link that is here and whose look a text can take: not a picture, if there is one.
    pub fn neighbour(&self) -> Option<Element> {
        let mut found = None;
        let mut is_text = false;
        if self.is_footer {
            for link in all(&self.within, "a[href]") {
                let text = link.text_content()?.bytes().any(|byte| byte > b' ')
                    && matches!(link.query_selector("img,svg"), Ok(None));
                if text || !is_text {
                    found = Some(link);
                    is_text = text;
                }
            }
        }
        found
    }

    /// Puts a link after another, with that one's look, or at the end.
    pub fn put(&self, link: &Element, neighbour: Option<&Element>) -> Result<(), JsValue> {
        let Some(neighbour) = neighbour else {
            return self.within.append_child(link).map(drop);
        };
        let item = neighbour
            .parent_element()
            .filter(|parent| parent.local_name() == "li" && self.holds(parent));
        if let Some(item) = item {
            let own: Element = item.clone_node()?.unchecked_into();
            for single in ["id", "aria-current"] {
                own.remove_attribute(single)?;
            }
            own.set_attribute(ITEM, "")?;
            own.append_child(link)?;
            item.after_with_node_1(&own)?;
        } else {
            neighbour.after_with_node_1(link)?;
            neighbour.after_with_node_1(&separator(neighbour)?)?;
        }
        take_look(link, neighbour)
    }
}

/// What stands between a link and the one before it, for the next one.
fn separator(link: &Element) -> Result<Node, JsValue> {
    let before = link.previous_sibling();
    let text = before.filter(|node| {
        node.is_instance_of::<Text>()
            && node.text_content().is_some_and(|text| text.len() < 10)
            && node
                .previous_sibling()
                .is_some_and(|other| other.node_name() == "A")
    });
    match text {
        Some(text) => text.clone_node(),
        None => Ok(link
            .owner_document()
            .ok_or(JsValue::NULL)?
            .create_text_node(" ")
            .into()),
    }
}

/// A link looks like the links near it (regs 7003): it takes their classes and their own styles,
/// unless these hide it.
fn take_look(link: &Element, neighbour: &Element) -> Result<(), JsValue> {
    let (Some(link), Some(neighbour)) = (
        link.dyn_ref::<HtmlElement>(),
        neighbour.dyn_ref::<HtmlElement>(),
    ) else {
        return Ok(());
    };
    let (class, style) = (neighbour.class_name(), neighbour.style().css_text());
    if class.is_empty() && style.is_empty() {
        return Ok(());
    }
    link.set_class_name(&class);
    // Through the object, a style passes every Content-Security-Policy.
    link.style().set_css_text(&style);
    if link.offset_height() == 0 && neighbour.offset_height() > 0 {
        link.remove_attribute("class")?;
        link.remove_attribute("style")?;
    }
    Ok(())
}

/// Takes a link out of the page, with what was made for it.
pub fn remove(link: &Element) {
    if let Some(status) = link.next_element_sibling()
        && status.has_attribute(STATUS)
    {
        status.remove();
    }
    match link.parent_element() {
        Some(item) if item.has_attribute(ITEM) => item.remove(),
        _ => link.remove(),
    }
}
