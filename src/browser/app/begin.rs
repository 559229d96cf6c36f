//! The page is there: what the visitor sees on it.

use wasm_bindgen::prelude::*;
use web_sys::Url;

use super::App;
use crate::browser::store::{KEY, local_storage};
use crate::browser::{console, events, files, settings};
use crate::config::NoticeMode;
use crate::notice::{Links, has_new_policy};
use crate::text::digits;

impl App {
    /// The page is there: the link appears, and what is permitted runs.
    pub(super) fn begin(&'static self, has_config: bool) {
        self.tell_news();
        if !has_config {
            settings::check_late(&self.page);
        }
        for vendor in self.gate.without_signal() {
            console::warn(&["vendor ", &vendor.name, " is blocked where it would be told: this version knows no restricted mode of it"].concat());
        }
        self.check_late();
        self.notice.listen(move || drop(self.open()));
        self.texts.when_there(move || {
            let changed = Closure::<dyn Fn()>::new(move || self.place());
            // Which places it at once.
            files::watch(&changed);
            changed.forget();
            self.say_quietly();
        });
        // What the parser made and the browser has put off, as with `loading=lazy`.
        if self.gate.is_raised() {
            self.gate.close();
        }
        self.inert.check();
        self.cmp_api.begin();
        self.follow_cookies();
        self.ready.set(true);
        self.show();
        self.adapters.ready(&self.decision());
        events::send(&self.page, "nosale:ready", &self.status());
        self.let_persist();
        self.reporter.watch_tokens(|id| self.token_refused(id));
        self.reporter.start();
        self.inert.release();
        self.inert.follow();
    }

    /// Puts the links where they belong, also after a page has built its footer anew.
    pub(super) fn place(&self) {
        let links = Links::of(
            &self.config.notice,
            self.visitor.jurisdiction.get(),
            self.config.purposes,
        );
        if let Err(thrown) = self.notice.place(&links) {
            console::error(&["the link cannot be shown: ", &console::text_of(&thrown)].concat());
        }
    }

    /// What may be said once: that a signal is honoured (not where the publisher claims the
    /// frictionless exemption, regs 7025(f)), or that the policy is new.
    pub(super) fn say_quietly(&'static self) {
        if self.config.notice.mode == NoticeMode::Frictionless {
            return;
        }
        let honored = self.facts().parts().contains(&"honored");
        let stored = self.stored.get();
        let (used, revision) = (self.config.purposes, self.config.revision);
        let text = if honored && self.signal_is_new.get() {
            "honored"
        } else if has_new_policy(&self.decision(), &stored, used, revision)
            && self.is_first_look_at(revision)
        {
            "policy_changed"
        } else {
            return;
        };
        self.dialog.say_quietly(self, text);
    }

    /// Whether this browser is told of a revision for the first time; never where it cannot remember.
    pub(super) fn is_first_look_at(&self, revision: u32) -> bool {
        let Some(storage) = local_storage(&self.page) else {
            return false;
        };
        let (key, revision) = ("nosale.revision", digits(revision.into()));
        storage.get_item(key).ok().flatten().as_deref() != Some(&revision)
            && storage.set_item(key, &revision).is_ok()
    }

    /// An endpoint on the page's own site may answer with the record's cookie, which browsers keep
    /// longer than what a script has set.
    pub(super) fn let_persist(&'static self) {
        let Some(endpoint) = self.reporter.endpoint().filter(|endpoint| endpoint.persist) else {
            return;
        };
        let url = Url::new_with_base(&endpoint.url, &self.page.origin());
        if !url.is_ok_and(|url| self.store.is_own_site(&url.hostname())) {
            console::error("config: endpoint.persist is ignored: the endpoint is on another site");
            return;
        }
        self.reporter.persist(|| {
            // The answer may hold a record that is older than a choice made since.
            self.follow();
            let stored = self.stored.get();
            if let Some(record) = stored.record.filter(|_| !stored.unreadable) {
                self.store.keep(KEY, &record.to_text());
            }
        });
    }
}
