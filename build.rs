//! Turns `src/policy/catalogue.toml` into the table that the module carries. A mistake in the
//! catalogue ends the build with its place in the file.

use std::fmt::Write as _;
use std::{env, error::Error, fs, path::PathBuf};

use serde::Deserialize;

const CATALOGUE: &str = "src/policy/catalogue.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    #[serde(rename = "version")]
    _version: u32,
    vendor: Vec<Vendor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vendor {
    name: String,
    #[serde(rename = "title")]
    _title: String,
    rules: Vec<String>,
    purposes: Vec<Purpose>,
    cookies: Vec<String>,
    storage: Vec<String>,
    mode: Mode,
    #[serde(default)]
    stand_ins: Vec<String>,
    #[serde(rename = "source")]
    _source: String,
    #[serde(rename = "checked")]
    _checked: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Purpose {
    Sale,
    Sharing,
    TargetedAdvertising,
    Profiling,
    SensitiveData,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    Block,
    Allow,
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={CATALOGUE}");
    let catalogue: Catalogue = toml::from_str(&fs::read_to_string(CATALOGUE)?)?;
    let mut table =
        String::from("/// The built-in catalogue.\npub static CATALOGUE: &[CatalogueEntry] = &[\n");
    for Vendor {
        name,
        rules,
        purposes,
        cookies,
        storage,
        mode,
        stand_ins,
        ..
    } in catalogue.vendor
    {
        let purposes: Vec<String> = purposes
            .iter()
            .map(|purpose| format!("super::Purpose::{purpose:?}"))
            .collect();
        writeln!(
            table,
            "CatalogueEntry {{ name: {name:?}, rules: &{rules:?}, purposes: Purposes::of(&[{}]), \
             cookies: &{cookies:?}, storage: &{storage:?}, mode: Mode::{mode:?}, stand_ins: &{stand_ins:?} }},",
            purposes.join(", "),
        )?;
    }
    table.push_str("];\n");
    fs::write(
        PathBuf::from(env::var("OUT_DIR")?).join("catalogue.rs"),
        table,
    )?;
    Ok(())
}
