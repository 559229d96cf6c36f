//! Whether the script started too late, and the evidence.

use web_sys::{HtmlScriptElement, Url};

use super::gate::Gate;
use super::page::{Page, member};
use crate::status::{Late, LateBecause, LateRequest};

/// At most so many requests are named.
const MAX_REQUESTS: usize = 20;

/// What is wrong with the way the script is loaded, as far as its element tells. `since`: requests are
/// held since then, and the page was at its start; 0 if the inline snippet has held them.
pub fn loading(
    page: &Page,
    script: Option<&HtmlScriptElement>,
    since: Option<f64>,
) -> Vec<LateBecause> {
    let mut why = Vec::new();
    if since == Some(0.0) {
        return why;
    }
    match script {
        // Also true of a script that another script inserted.
        Some(script) if script.r#async() => why.push(LateBecause::Async),
        Some(script) if !script.has_attribute("defer") => {}
        _ => why.push(LateBecause::Defer),
    }
    if since.is_none() && !page.is_loading() {
        why.push(LateBecause::AfterParse);
    }
    if let Some(script) = script
        && other_script_before(page, script)
    {
        why.push(LateBecause::NotFirst);
    }
    why
}

/// Whether a script that the browser runs stands before ours.
fn other_script_before(page: &Page, own: &HtmlScriptElement) -> bool {
    let scripts = page.document.scripts();
    for place in 0..scripts.length() {
        let Some(script) = scripts.item(place) else {
            continue;
        };
        if script.is_same_node(Some(own)) {
            return false;
        }
        let kind = script
            .get_attribute("type")
            .unwrap_or_default()
            .to_ascii_lowercase();
        if matches!(
            kind.as_str(),
            "" | "module" | "text/javascript" | "application/javascript"
        ) {
            return true;
        }
    }
    false
}

/// Requests to vendors that are denied now, which left before `started` (milliseconds since
/// navigation).
pub fn requests(page: &Page, started: f64, gate: &Gate) -> Vec<LateRequest> {
    let Some(performance) = page.window.performance() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in performance.get_entries_by_type("resource").iter() {
        let start_time = member(&entry, "startTime")
            .as_f64()
            .unwrap_or(f64::INFINITY);
        if start_time >= started || found.len() == MAX_REQUESTS {
            continue;
        }
        let name = member(&entry, "name").as_string().unwrap_or_default();
        if let Some(vendor) = gate.denied(&name)
            && let Ok(address) = Url::new(&name)
        {
            found.push(LateRequest {
                url: [address.origin(), address.pathname()].concat(),
                vendor: vendor.name.to_string(),
                start_time,
            });
        }
    }
    found
}

/// Milliseconds since navigation.
pub fn clock(page: &Page) -> f64 {
    page.window
        .performance()
        .map_or(0.0, |performance| performance.now())
}

/// What the publisher should change, for the console, with the first request as evidence.
pub fn advice(late: &Late) -> String {
    let mut text = if late.why.contains(&LateBecause::NotFirst) && late.why.len() == 1 {
        "is not the first script: put it before every other script of the head".to_owned()
    } else if late.why == [LateBecause::Requests] {
        "requests to denied vendors left before it ran: mark those tags as inert (type=\"text/plain\" with data-purpose)"
            .to_owned()
    } else if late
        .why
        .iter()
        .all(|why| matches!(why, LateBecause::NotFirst | LateBecause::Requests))
    {
        "is not the first script, and requests to denied vendors left before it ran: put it before every other script \
         of the head"
            .to_owned()
    } else {
        "started late: put <script src=\"nosale.js\"> into the head without async, defer or type=module, and exclude \
         it from script optimizers; until it runs, tags run as if it were not there"
            .to_owned()
    };
    if let Some(request) = late.requests.first() {
        for part in [
            "; first ",
            &request.url,
            " (",
            &request.vendor,
            "), all in nosale.status().late",
        ] {
            text.push_str(part);
        }
    }
    text
}
