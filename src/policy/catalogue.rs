//! The built-in catalogue: the vendors that the build includes, out of `src/policy/catalogue.toml`.
//!
//! They are carried as one text, a line for each, and read when they are needed: slices of slices
//! of texts would cost half as much again.

/// See `build.rs` for its grammar.
static TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/catalogue.txt"));

use super::{Mode, Purposes};

/// The restricted modes that nosale knows, one for each file in `src/browser/adapters`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adapter {
    /// Google's tags: consent mode, restricted data processing.
    Google,
    /// Google Publisher Tag: its privacy settings.
    PublisherTag,
    /// Google AdSense.
    AdSense,
    /// Meta: limited data use.
    Meta,
    /// Microsoft Advertising: consent mode for UET.
    Uet,
    /// Microsoft Clarity.
    Clarity,
    /// TikTok.
    TikTok,
    /// Pinterest.
    Pinterest,
    /// Reddit: limited data use.
    Reddit,
    /// X: restricted data use.
    X,
    /// Prebid.js: no access to what the device stores.
    Prebid,
}

impl Adapter {
    /// All of them, in the order of the letters that stand for them in the text.
    pub const ALL: [Adapter; 11] = [
        Adapter::Google,
        Adapter::PublisherTag,
        Adapter::AdSense,
        Adapter::Meta,
        Adapter::Uet,
        Adapter::Clarity,
        Adapter::TikTok,
        Adapter::Pinterest,
        Adapter::Reddit,
        Adapter::X,
        Adapter::Prebid,
    ];
}

/// A vendor of the built-in catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CatalogueEntry {
    /// The name in the config and in `data-vendor`.
    pub name: &'static str,
    /// What the vendor uses data for.
    pub purposes: Purposes,
    /// How it is treated unless the publisher says otherwise.
    pub mode: Mode,
    /// The restricted mode that it has.
    pub adapter: Option<Adapter>,
    rules: &'static str,
    cookies: &'static str,
    storage: &'static str,
    stand_ins: &'static str,
}

impl CatalogueEntry {
    /// Every vendor that this build includes.
    pub fn all() -> impl Iterator<Item = CatalogueEntry> {
        TEXT.split('\n').filter_map(CatalogueEntry::read)
    }

    /// The vendor of that name, if this build includes it.
    pub fn by_name(name: &str) -> Option<CatalogueEntry> {
        CatalogueEntry::all().find(|entry| entry.name == name)
    }

    /// See [`Rule`](super::Rule).
    pub fn rules(self) -> impl Iterator<Item = &'static str> {
        items(self.rules)
    }

    /// Patterns of its first-party cookies.
    pub fn cookies(self) -> impl Iterator<Item = &'static str> {
        items(self.cookies)
    }

    /// Patterns of its keys in localStorage and sessionStorage.
    pub fn storage(self) -> impl Iterator<Item = &'static str> {
        items(self.storage)
    }

    /// What pages call of it without asking whether it is there: `name` or `name.method`.
    pub fn stand_ins(self) -> impl Iterator<Item = &'static str> {
        items(self.stand_ins)
    }

    fn read(line: &'static str) -> Option<CatalogueEntry> {
        let mut fields = line.split('|');
        let name = fields.next()?;
        let flags = fields.next()?.as_bytes();
        let place = |flag: usize| Some(usize::from(*flags.get(flag)? - b'a'));
        Some(CatalogueEntry {
            name,
            purposes: Purposes::from_bits(flags.get(1)? - b'@'),
            mode: *Mode::ALL.get(place(0)?)?,
            adapter: place(2).and_then(|place| Adapter::ALL.get(place)).copied(),
            rules: fields.next()?,
            cookies: fields.next()?,
            storage: fields.next()?,
            stand_ins: fields.next()?,
        })
    }
}

fn items(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split(',').filter(|item| !item.is_empty())
}
