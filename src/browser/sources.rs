//! The attributes by which elements load something, and what stands in their place while they may not.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use super::page::member;

/// Attributes that load. `data-` and the same name is the inert form.
const LIVE: [&str; 10] = [
    "src",
    "srcset",
    "srcdoc",
    "href",
    "poster",
    "data",
    "imagesrcset",
    "background",
    "ping",
    "content",
];

/// The attributes of that element that load, and the name of each one's inert form.
pub fn of(element: &Element) -> impl Iterator<Item = (&'static str, String)> {
    // Elsewhere `data-content` is the page's own word.
    let meta = element.local_name() == "meta";
    LIVE.into_iter()
        .filter(move |live| meta || *live != "content")
        .map(|live| (live, ["data-", live].concat()))
}

/// Changes an element; a frame is out of the page meanwhile, because it goes on until it leaves.
pub fn change_apart(element: &Element, change: impl FnOnce()) {
    let tag = element.local_name();
    let place = matches!(tag.as_str(), "iframe" | "frame" | "embed" | "object")
        .then(|| Some((element.parent_node()?, element.next_sibling())))
        .flatten();
    if place.is_some() {
        element.remove();
    }
    change();
    if let Some((parent, next)) = place {
        // Nobody else has had a turn: the place is there.
        let _ = parent.insert_before(element, next.as_ref());
    }
}

/// The addresses in the value of such an attribute.
pub fn addresses<'a>(live: &str, value: &'a str) -> Vec<&'a str> {
    match live {
        "srcdoc" | "content" => Vec::new(),
        // Cut too often, as in a data: address, a piece is an address of the page's own.
        "srcset" | "imagesrcset" | "ping" => value
            .split([',', ' ', '\t', '\n'])
            .filter(|piece| !piece.is_empty())
            .collect(),
        _ => vec![value],
    }
}

/// A list of elements.
pub fn elements(list: &js_sys::Array) -> Vec<Element> {
    list.iter()
        .filter_map(|element| element.dyn_into().ok())
        .collect()
}

/// Lets a player look again for what it may play, if it has found nothing.
pub fn look_again(source: &Element) {
    if let Some(player) = source.parent_element()
        && matches!(member(&player, "networkState").as_f64(), Some(0.0 | 3.0))
    {
        load(&player);
    }
}

/// Makes a player begin anew; on another element this does nothing.
pub fn load(player: &JsValue) {
    if let Ok(load) = member(player, "load").dyn_into::<js_sys::Function>() {
        let _ = load.call0(player);
    }
}
