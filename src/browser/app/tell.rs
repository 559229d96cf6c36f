//! What the app tells of itself: `status()` and `audit()`.

use wasm_bindgen::JsValue;

use super::{App, VERSION};
use crate::audit::{Audit, Entry, List};
use crate::browser::json::to_js;
use crate::browser::page::{self, member};
use crate::status::{GateStatus, Status};
use crate::text::find;

impl App {
    /// The state of everything.
    pub fn status(&self) -> JsValue {
        to_js(&self.status_now())
    }

    fn status_now(&self) -> Status {
        let record = self.stored.get().record;
        let strings = self.strings();
        let told = self.cmp_api.told(&strings);
        Status {
            version: VERSION,
            revision: self.config.revision,
            jurisdiction: self.visitor.jurisdiction.get().code,
            jurisdiction_from: self.visitor.jurisdiction_from.get(),
            late: self.late(),
            signals: self.signals_seen(),
            purposes: self.decision(),
            record: record.as_ref().map(Into::into),
            gate: GateStatus {
                mode: self.gate.mode(),
                active: self.gate.is_raised(),
                engine: if self.plain { "js" } else { "wasm" },
                blocked: self.gate.blocked(),
                reload: self.gate.needs_reload(),
            },
            gpp: told.text,
            gpp_sections: told.applicable,
            usp: strings.usp().to_text(),
            reports: self.reporter.status(),
        }
    }

    /// What happened on this page so far, as evidence.
    pub fn audit(&self) -> JsValue {
        let gate = self.gate;
        let refused = gate.refused();
        let (mut leaks, mut hosts) = (List::default(), List::default());
        let performance = self.page.window.performance();
        let entries = performance.map(|performance| performance.get_entries_by_type("resource"));
        for entry in entries.iter().flat_map(|entries| entries.iter()) {
            let text = |name| member(&entry, name).as_string().unwrap_or_default();
            let number = |name| member(&entry, name).as_f64().unwrap_or_default();
            let address = text("name");
            let Some((host, vendor)) = gate.known(&address) else {
                continue;
            };
            let (way, time) = (text("initiatorType"), number("startTime"));
            if !self.store.is_own_site(host) {
                let end = find(&address, host).unwrap_or_default() + host.len();
                hosts.add(Entry::new(&address[..end], host, vendor, "", time));
            }
            let permitted = gate.history.borrow().at(time);
            if vendor.is_none_or(|vendor| vendor.permitted_under(permitted)) {
                continue;
            }
            // What a policy refused is there as well, and took no time; or is a frame, which does.
            let frame = matches!(way.as_str(), "iframe" | "frame" | "object" | "embed");
            let same = |one: &Entry| address.starts_with(one.url.as_str());
            if number("duration") > 0.0 && !(frame && refused.entries.iter().any(same)) {
                leaks.add(Entry::new(&address, host, vendor, &way, time));
            }
        }
        to_js(&Audit {
            time: page::now_text(),
            page: [self.page.origin(), self.page.path()].concat(),
            started: self.started,
            status: self.status_now(),
            policies: gate.policies(),
            blocked: gate.log.borrow().clone(),
            refused,
            leaks,
            hosts,
        })
    }
}
