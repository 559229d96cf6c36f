//! The link itself, with California's icon.

use wasm_bindgen::JsValue;
use web_sys::Element;

use super::{Notice, OWN, prepare};
use crate::notice::Title;

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
}
