//! Where the config stands in the page: a JSON script element before ours, and attributes of ours.

use js_sys::JSON;
use web_sys::HtmlScriptElement;

use super::console;
use super::json::from_js;
use super::page::Page;
use crate::config::{self, Config, Json};

const SELECTOR: &str = "script#nosale-config";

/// The attributes of the script element, and what they stand for.
const ATTRIBUTES: [(&str, &[&str]); 5] = [
    ("data-jurisdiction", &["jurisdiction"]),
    ("data-endpoint", &["endpoint", "url"]),
    ("data-mode", &["gate", "mode"]),
    ("data-vendors", &["vendors"]),
    ("data-locale", &["notice", "locale"]),
];

/// Reads the config, names every mistake on the console, and says whether the page has a config
/// element by now.
pub fn read(page: &Page, script: Option<&HtmlScriptElement>) -> (Config, bool) {
    let found = text(page);
    let mut json = found.as_deref().map_or(Json::Object(Vec::new()), parse);
    if let Some(script) = script {
        for (attribute, path) in ATTRIBUTES {
            let Some(value) = script.get_attribute(attribute) else {
                continue;
            };
            let value = match attribute {
                "data-vendors" => {
                    let names = value
                        .split([' ', ',', '\n'])
                        .filter(|name| !name.is_empty());
                    Json::List(names.map(|name| Json::Text(name.to_owned())).collect())
                }
                _ => Json::Text(value),
            };
            json.add(path, value);
        }
    }
    let (config, problems) = config::read(&json);
    for problem in problems {
        console::error(&problem.message());
    }
    (config, found.is_some())
}

/// Says so if a config turned up after the script had started without one.
pub fn check_late(page: &Page) {
    if text(page).is_some() {
        console::error(
            "config: the script element with the id \"nosale-config\" stands after nosale.js and was not read; put it before",
        );
    }
}

fn text(page: &Page) -> Option<String> {
    page.document.query_selector(SELECTOR).ok()??.text_content()
}

fn parse(text: &str) -> Json {
    match JSON::parse(text) {
        Ok(value) => from_js(&value),
        Err(thrown) => {
            let reason = console::text_of(&thrown);
            console::error(&["config is not JSON (", &reason, "); its defaults apply"].concat());
            Json::Object(Vec::new())
        }
    }
}
