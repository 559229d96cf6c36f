//! An opt-out in mid-page: what denied vendors show leaves the page.

use web_sys::Element;

use super::Gate;
use crate::browser::inert::find;
use crate::browser::page::member;
use crate::browser::sources::{self, addresses};

/// What goes on loading, or shows what it has loaded.
const SHOWING: &str = "iframe,frame,embed,object,video,audio,img,source,track";

impl Gate {
    /// Takes what denied vendors show out of the page, and what would still load: it becomes inert,
    /// and an opt-in releases it.
    pub fn close(&self) {
        for element in find(SHOWING) {
            self.close_one(element);
        }
    }

    fn close_one(&self, element: Element) {
        let vendor = sources::of(&element).find_map(|(live, _)| {
            let value = element.get_attribute(live)?;
            addresses(live, &value)
                .into_iter()
                .find_map(|address| self.denied_here(address))
        });
        let Some(vendor) = vendor else {
            return;
        };
        let tag = element.local_name();
        // What a picture has loaded is there, and stays.
        if tag == "img" && member(&element, "complete").is_truthy() {
            return;
        }
        // Attributes of our own choice: these cannot fail.
        sources::change_apart(&element, || {
            for (live, inert) in sources::of(&element) {
                if let Some(address) = element.get_attribute(live) {
                    let _ = element.set_attribute(&inert, &address);
                    let _ = element.remove_attribute(live);
                }
            }
            if !element.has_attribute("data-purpose") && !element.has_attribute("data-vendor") {
                let _ = element.set_attribute("data-vendor", &vendor.name);
            }
        });
        if matches!(tag.as_str(), "video" | "audio" | "source") {
            let player = element.parent_element().filter(|_| tag == "source");
            sources::load(&player.unwrap_or(element));
        }
    }
}
