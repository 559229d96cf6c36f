//! The link itself, with California's icon.

use wasm_bindgen::JsValue;
use web_sys::Element;

use super::{Notice, OWN, prepare};
use crate::notice::Title;

const SVG: &str = "http://www.w3.org/2000/svg";

/// The icon: a pill in two halves, with a check mark and a cross. Drawn for nosale, as one path: its
/// first 16 units are a blue stroke, wide and with round ends, which is the pill; above that lies what
/// the whole of it encloses, in white. What leads from shape to shape runs along one line and encloses
/// nothing.
const ICON: [(&str, &str); 7] = [
    (
        "d",
        "M7 7h16H22.14l2 2.08-1.08 1.04-5-5.2 1.08-1.04 3 3.12-3 3.12-1.08-1.04 5-5.2 1.08 1.04-2 2.08\
         H15l1.8-5.8H7a5.8 5.8 0 0 0 0 11.6h6.2L15 7\
         H10.23l-2.85 3.85-3.02-3.02 1.06-1.06 1.79 1.79 3.48-4.7 1.21.89-1.67 2.25",
    ),
    ("fill", "#fff"),
    ("stroke", "#06f"),
    ("stroke-width", "14"),
    ("stroke-linecap", "round"),
    ("stroke-dasharray", "16 999"),
    ("paint-order", "stroke"),
];

impl Notice {
    pub(super) fn link(&self, title: &Title, icon: bool) -> Result<Element, JsValue> {
        let document = self.page.plain();
        let link = document.create_element("a")?;
        // A link of the page's own kind: it takes the look of the links beside it (regs 7003(c)).
        link.set_attribute("href", self.settings.opt_out_url.as_deref().unwrap_or("#"))?;
        link.set_attribute(OWN, title.key)?;
        link.set_attribute("role", "button")?;
        prepare(&link)?;
        link.append_child(&self.texts.title(document, title)?)?;
        if icon {
            link.append_child(&self.text("\u{a0}"))?;
            let icon = self.icon()?;
            link.append_child(&icon)?;
        }
        Ok(link)
    }

    fn icon(&self) -> Result<Element, JsValue> {
        let icon = self.drawn(
            "svg",
            &[
                ("viewBox", "0 0 30 14"),
                ("width", "1.9em"),
                ("height", ".9em"),
                ("aria-hidden", "true"),
            ],
        )?;
        let path = self.drawn("path", &ICON)?;
        icon.append_child(&path)?;
        Ok(icon)
    }

    fn drawn(&self, name: &str, attributes: &[(&str, &str)]) -> Result<Element, JsValue> {
        let element = self.page.plain().create_element_ns(Some(SVG), name)?;
        for (name, value) in attributes {
            element.set_attribute(name, value)?;
        }
        Ok(element)
    }
}
