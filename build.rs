//! Turns the vendors of `src/policy/catalogue.toml` that `[catalogue]` in `wasm-pack.toml` names into
//! the text that the module carries. A mistake in either ends the build and is named.

use std::{env, error::Error, fs, path::PathBuf};

use serde::Deserialize;

const CATALOGUE: &str = "src/policy/catalogue.toml";
const MANIFEST: &str = "wasm-pack.toml";

/// The restricted modes, in the order of `Adapter::ALL` in `src/policy/catalogue.rs`.
const ADAPTERS: [&str; 11] = [
    "google",
    "publisher_tag",
    "adsense",
    "meta",
    "uet",
    "clarity",
    "tiktok",
    "pinterest",
    "reddit",
    "x",
    "prebid",
];

#[derive(Deserialize)]
struct Catalogue {
    vendor: Vec<Vendor>,
}

/// What the module needs of a vendor; `tests/core/catalogue.rs` checks the rest of the file.
#[derive(Deserialize)]
struct Vendor {
    name: String,
    kind: String,
    rules: Vec<String>,
    purposes: Vec<Purpose>,
    cookies: Vec<String>,
    storage: Vec<String>,
    mode: Mode,
    adapter: Option<String>,
    #[serde(default)]
    stand_ins: Vec<String>,
}

/// In the order of `Purpose::ALL`.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Purpose {
    Sale,
    Sharing,
    TargetedAdvertising,
    Profiling,
    SensitiveData,
}

/// In the order of `Mode::ALL`.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    Block,
    Signal,
    Allow,
}

#[derive(Deserialize)]
struct Manifest {
    catalogue: Inside,
}

/// Which vendors are inside the module: those of some kinds, and some by name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Inside {
    kinds: Vec<String>,
    vendors: Vec<String>,
    without: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={CATALOGUE}");
    println!("cargo::rerun-if-changed={MANIFEST}");
    let catalogue: Catalogue = toml::from_str(&fs::read_to_string(CATALOGUE)?)?;
    let Manifest { catalogue: inside } = toml::from_str(&fs::read_to_string(MANIFEST)?)?;
    let known = |name: &String| catalogue.vendor.iter().any(|vendor| vendor.name == *name);
    let mut named = inside.vendors.iter().chain(&inside.without);
    if let Some(name) = named.find(|name| !known(name)) {
        return Err(format!("{MANIFEST}: [catalogue]: {CATALOGUE} has no vendor {name:?}").into());
    }
    for kind in &inside.kinds {
        if !catalogue.vendor.iter().any(|vendor| vendor.kind == *kind) {
            return Err(format!("{MANIFEST}: [catalogue]: no vendor is of kind {kind:?}").into());
        }
    }
    let mut table = String::new();
    for vendor in &catalogue.vendor {
        let chosen = inside.kinds.contains(&vendor.kind) || inside.vendors.contains(&vendor.name);
        if chosen && !inside.without.contains(&vendor.name) {
            table.push_str(&vendor.line()?);
        }
    }
    let file = PathBuf::from(env::var("OUT_DIR")?).join("catalogue.txt");
    Ok(fs::write(file, table)?)
}

impl Vendor {
    /// `name|flags|rules|cookies|storage|stand-ins` and a line feed, with commas between items; the flags are a
    /// letter for the mode, one for the purposes' set and one for the adapter, if there is one.
    fn line(&self) -> Result<String, Box<dyn Error>> {
        let lists = [&self.rules, &self.cookies, &self.storage, &self.stand_ins];
        let texts = lists.into_iter().flatten().chain([&self.name]);
        for text in texts {
            if text.is_empty() || text.contains(['|', ',', '\n']) {
                return Err(
                    format!("{CATALOGUE}: {}: {text:?} cannot be carried", self.name).into(),
                );
            }
        }
        let purposes = self
            .purposes
            .iter()
            .fold(0, |set, purpose| set | 1 << *purpose as u8);
        let mut flags = String::from_utf8(vec![b'a' + self.mode as u8, b'@' + purposes])?;
        if let Some(adapter) = &self.adapter {
            let place = ADAPTERS.iter().position(|known| known == adapter);
            let place = place
                .ok_or_else(|| format!("{CATALOGUE}: {}: no adapter {adapter:?}", self.name))?;
            flags.push(char::from(b'a' + u8::try_from(place)?));
        }
        let lists = lists.map(|list| list.join(",")).join("|");
        Ok(format!("{}|{flags}|{lists}\n", self.name))
    }
}
