//! The visitor's device: the record's cookie and its mirror in localStorage. Either may be blocked,
//! missing, or hold something foreign.

use std::cell::{Cell, OnceCell};

use web_sys::Storage;

use super::page::{self, Page};
use crate::config::RecordSettings;
use crate::policy::{Record, Seconds, Stored};
use crate::text::digits;

/// The cookie's name and the key in localStorage.
pub const KEY: &str = "nosale";

const PROBE: &str = "nosale-probe";

/// How long a probe stays if the page ends in the middle, in seconds.
const PROBE_SECONDS: u32 = 5;

/// The record's two places.
pub struct Store {
    page: Page,
    settings: RecordSettings,
    /// The widest domain that the browser accepts, looked for at the first write.
    domain: OnceCell<Option<String>>,
    /// Whether either place kept what was last written to it.
    works: Cell<bool>,
}

impl Store {
    /// The record's places on this page. Touches neither yet.
    pub fn new(page: Page, settings: RecordSettings) -> Store {
        Store {
            page,
            settings,
            domain: OnceCell::new(),
            works: Cell::new(true),
        }
    }

    /// What both places hold. Where one has lost the record, or has an older one, it gets the newer.
    pub fn read(&self, now: Seconds) -> Stored {
        let cookies = self.cookies(KEY);
        let mirror = self.mirror();
        let copies = cookies.iter().map(String::as_str).chain(mirror.as_deref());
        let stored = Stored::read(copies, now);
        if let (Some(record), false) = (stored.record, stored.unreadable) {
            let text = record.to_text();
            if cookies.is_empty() || cookies.iter().any(|copy| *copy != text) {
                self.write_cookie(KEY, &text);
            }
            if mirror.as_deref() != Some(&text) {
                self.write_mirror(&text);
            }
        }
        stored
    }

    /// Writes the record to both places, over whatever they hold.
    pub fn write(&self, record: &Record) {
        let text = record.to_text();
        self.write_cookie(KEY, &text);
        let mirrored = self.write_mirror(&text);
        self.works
            .set(mirrored || self.cookies(KEY).contains(&text));
    }

    /// Keeps a cookie of another name in step with `text`, as long and as wide as the record's.
    pub fn keep(&self, name: &str, text: &str) {
        if self.cookies(name) != [text] {
            self.write_cookie(name, text);
        }
    }

    /// Whether the record's cookie is for that host, too.
    pub fn is_own_site(&self, host: &str) -> bool {
        let own = self.page.window.location().hostname().unwrap_or_default();
        let domain = self.domain.get_or_init(|| self.widest_domain()).as_deref();
        let below = |domain: &str| {
            let parent = host.strip_suffix(domain);
            parent.is_some_and(|parent| parent.is_empty() || parent.ends_with('.'))
        };
        host == own || domain.is_some_and(below)
    }

    /// Whether the last record written was kept anywhere.
    pub fn works(&self) -> bool {
        self.works.get()
    }

    fn mirror(&self) -> Option<String> {
        local_storage(&self.page)?.get_item(KEY).ok()?
    }

    fn write_mirror(&self, text: &str) -> bool {
        local_storage(&self.page).is_some_and(|storage| storage.set_item(KEY, text).is_ok())
    }

    /// The values of every cookie of that name that the page can see.
    fn cookies(&self, name: &str) -> Vec<String> {
        let all = page::cookies();
        all.split(';')
            .filter_map(|cookie| cookie.trim_ascii_start().split_once('='))
            .filter(|(key, _)| *key == name)
            .map(|(_, value)| value.to_owned())
            .collect()
    }

    fn write_cookie(&self, name: &str, text: &str) {
        let seconds = self.settings.days * 24 * 60 * 60;
        let domain = self.domain.get_or_init(|| self.widest_domain());
        if domain.is_some() {
            // A copy for this host alone, of an earlier setting, would stand beside the new one.
            self.set_cookie(name, "", 0, None);
        }
        self.set_cookie(name, text, seconds, domain.as_deref());
    }

    /// The widest domain that takes a cookie from this page; `None` for the host alone.
    fn widest_domain(&self) -> Option<String> {
        let host = self.page.window.location().hostname().unwrap_or_default();
        let numeric = host.contains(':')
            || host
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.');
        if numeric || !host.contains('.') {
            return None;
        }
        let starts = host.match_indices('.').map(|(dot, _)| &host[dot + 1..]);
        let mut candidates: Vec<&str> =
            self.settings.cookie_domain.as_deref().into_iter().collect();
        let mut parents: Vec<&str> = std::iter::once(host.as_str()).chain(starts).collect();
        parents.reverse();
        candidates.extend(parents);
        // Another tab may be looking at the same time.
        let value = page::uuid(&self.page);
        let found = candidates.into_iter().find(|domain| {
            self.set_cookie(PROBE, &value, PROBE_SECONDS, Some(domain));
            let accepted = self.cookies(PROBE).contains(&value);
            if accepted {
                self.set_cookie(PROBE, "", 0, Some(domain));
            }
            accepted
        });
        if let Some(asked) = &self.settings.cookie_domain
            && found != Some(asked)
        {
            super::console::error(
                &[
                    "config: record.cookieDomain is \"",
                    asked,
                    "\"; this page is not in it, or the browser refuses it (\"auto\" applies)",
                ]
                .concat(),
            );
        }
        found.map(str::to_owned)
    }

    fn set_cookie(&self, name: &str, value: &str, seconds: u32, domain: Option<&str>) {
        let mut cookie = [
            name,
            "=",
            value,
            "; Path=/; SameSite=Lax; Max-Age=",
            &digits(seconds.into()),
        ]
        .concat();
        if let Some(domain) = domain {
            cookie.push_str("; Domain=");
            cookie.push_str(domain);
        }
        if self
            .page
            .window
            .location()
            .protocol()
            .is_ok_and(|protocol| protocol == "https:")
        {
            cookie.push_str("; Secure");
        }
        // Throws where cookies are blocked, as in a sandboxed frame: then the mirror or the page's
        // own memory holds the record.
        let _ = self.page.document.set_cookie(&cookie);
    }
}

/// localStorage, where it is not blocked.
pub fn local_storage(page: &Page) -> Option<Storage> {
    page.window.local_storage().ok()?
}
