//! What denied vendors keep on the publisher's own site: their cookies, and their keys in storages.

use std::cell::Cell;

use web_sys::Storage;

use crate::browser::page::{self, Page};
use crate::browser::store::KEY;
use crate::policy::{Decision, Kept, Vendors};

/// The traces of denied vendors on one page.
pub struct Traces {
    page: Page,
    removing: Cell<bool>,
}

impl Traces {
    /// Touches nothing yet.
    pub fn new(page: Page) -> Traces {
        Traces {
            page,
            removing: Cell::new(false),
        }
    }

    /// Whether something of that name may be kept now.
    pub fn permits(&self, vendors: &Vendors, decision: &Decision, kept: Kept, name: &str) -> bool {
        // nosale's own are no vendor's, whatever a pattern says.
        self.removing.get() || name.starts_with(KEY) || !vendors.denies(kept, name, decision)
    }

    /// Deletes what denied vendors have kept.
    pub fn remove(&self, vendors: &Vendors, decision: &Decision) {
        for name in self.cookie_names() {
            if !self.permits(vendors, decision, Kept::Cookie, &name) {
                self.remove_cookie(&name);
            }
        }
        let storages = [
            self.page.window.local_storage(),
            self.page.window.session_storage(),
        ];
        for storage in storages.into_iter().filter_map(|storage| storage.ok()?) {
            for key in keys(&storage) {
                if !self.permits(vendors, decision, Kept::Storage, &key) {
                    let _ = storage.remove_item(&key);
                }
            }
        }
    }

    fn cookie_names(&self) -> Vec<String> {
        let all = page::cookies();
        all.split(';')
            .map(|cookie| {
                cookie
                    .split_once('=')
                    .map_or("", |(name, _)| name.trim_ascii())
            })
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// Overwrites a cookie with one that has run out, for every domain and path that the page
    /// reaches; which of them it has cannot be read.
    fn remove_cookie(&self, name: &str) {
        let location = self.page.window.location();
        let host = location.hostname().unwrap_or_default();
        let path = location.pathname().unwrap_or_default();
        let secure = location
            .protocol()
            .is_ok_and(|protocol| protocol == "https:");
        // A partitioned cookie is another one than that of the same name without partition.
        let kinds: &[&str] = if secure {
            &["; Secure", "; Secure; Partitioned"]
        } else {
            &[""]
        };
        let parents = host.match_indices('.').map(|(dot, _)| &host[dot + 1..]);
        let domains: Vec<String> = std::iter::once(host.as_str())
            .chain(parents)
            .map(|domain| ["; Domain=", domain].concat())
            .chain([String::new()])
            .collect();
        // Each level without its slash and with it.
        let paths = path
            .match_indices('/')
            .flat_map(|(slash, _)| [&path[..slash], &path[..=slash]])
            .chain([path.as_str()])
            .filter(|path| !path.is_empty());
        self.removing.set(true);
        for path in paths {
            for domain in &domains {
                for kind in kinds {
                    let gone = [name, "=; Max-Age=0; Path=", path, domain, kind].concat();
                    let _ = self.page.document.set_cookie(&gone);
                }
            }
        }
        self.removing.set(false);
    }
}

fn keys(storage: &Storage) -> Vec<String> {
    let count = storage.length().unwrap_or(0);
    (0..count)
        .filter_map(|place| storage.key(place).ok()?)
        .collect()
}
