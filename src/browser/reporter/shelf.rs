//! Where events wait: each under a key of its own in localStorage, so that tabs that write at the
//! same moment lose nothing of each other's.

use std::cell::RefCell;

use web_sys::Storage;

use crate::browser::page::Page;
use crate::browser::store::local_storage;
use crate::report::queue::Waiting;

/// A queue. An event that has no room in localStorage waits in sessionStorage, which survives a
/// reload at least; one that has room in neither, in the page's memory.
pub struct Shelf {
    page: Page,
    prefix: &'static str,
    memory: RefCell<Vec<Waiting>>,
}

impl Shelf {
    /// The queue whose keys begin with `prefix`.
    pub fn new(page: Page, prefix: &'static str) -> Shelf {
        Shelf {
            page,
            prefix,
            memory: RefCell::default(),
        }
    }

    /// Everything that waits, oldest first.
    pub fn all(&self) -> Vec<Waiting> {
        let mut all: Vec<Waiting> = Vec::new();
        // Few, and mostly in order. The same name twice is the same event.
        let mut add = |event: Waiting| {
            let before = all.iter().rposition(|known| known.name <= event.name);
            match before {
                Some(place) if all[place].name == event.name => {}
                place => all.insert(place.map_or(0, |place| place + 1), event),
            }
        };
        for storage in self.storages() {
            for place in 0..storage.length().unwrap_or(0) {
                let Ok(Some(key)) = storage.key(place) else {
                    continue;
                };
                if let Some(name) = key.strip_prefix(self.prefix)
                    && let Ok(Some(text)) = storage.get_item(&key)
                {
                    let name = name.to_owned();
                    add(Waiting { name, text });
                }
            }
        }
        for event in self.memory.borrow().iter() {
            add(event.clone());
        }
        all
    }

    /// Puts an event there.
    pub fn put(&self, event: Waiting) {
        let key = self.key(&event.name);
        for storage in self.storages() {
            if storage.set_item(&key, &event.text).is_ok() {
                return;
            }
        }
        self.memory.borrow_mut().push(event);
    }

    /// Takes an event away.
    pub fn remove(&self, name: &str) {
        let key = self.key(name);
        for storage in self.storages() {
            let _ = storage.remove_item(&key);
        }
        self.memory.borrow_mut().retain(|event| event.name != name);
    }

    fn key(&self, name: &str) -> String {
        [self.prefix, name].concat()
    }

    fn storages(&self) -> Vec<Storage> {
        let mut storages = Vec::new();
        storages.extend(local_storage(&self.page));
        storages.extend(self.page.window.session_storage().ok().flatten());
        storages
    }
}
