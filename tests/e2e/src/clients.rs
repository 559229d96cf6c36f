//! The real clients of `__gpp` and `__uspapi`: their bundles, and the strings that they and every
//! other test saw, for an independent reader.
//!
//! `tests/e2e/clients` holds the clients' sources; `node build.mjs <folder>` there bundles them.

use std::collections::BTreeSet;
use std::env;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use demo::Page;
use serde_json::Value;

/// Where the bundles are; `NOSALE_CLIENTS`, or `target/clients`.
fn folder() -> PathBuf {
    env::var_os("NOSALE_CLIENTS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/clients"),
        PathBuf::from,
    )
}

fn bundle(name: &str) -> Page {
    Page::script(text(name))
}

fn text(name: &str) -> String {
    let file = folder().join(name);
    fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!(
            "{}: {error}: run `cargo xtask test e2e` once, which bundles it",
            file.display()
        )
    })
}

/// axe-core, as a script that puts `axe` on the window.
#[must_use]
pub fn axe() -> String {
    text("axe.js")
}

/// Prebid, with the modules that read both APIs and deny by what they read.
#[must_use]
pub fn prebid() -> Page {
    bundle("prebid.js")
}

/// A consent tool for European visitors, made with the reference library.
#[must_use]
pub fn second_tool() -> Page {
    bundle("second-tool.js")
}

/// Notes a GPP string that came from the module, for the reference library to read after the run:
/// a line of the file that `NOSALE_STRINGS` names, or of `strings.txt` beside the bundles. A string
/// that this process noted before is not noted again.
pub fn note(gpp: &str) {
    static NOTED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let mut noted = NOTED.lock().unwrap_or_else(PoisonError::into_inner);
    if gpp.is_empty() || !noted.insert(gpp.to_owned()) {
        return;
    }
    let file =
        env::var_os("NOSALE_STRINGS").map_or_else(|| folder().join("strings.txt"), PathBuf::from);
    let parent = file.parent().expect("a file is in a folder");
    fs::create_dir_all(parent).expect("the folder of the strings");
    // One write a line: several test processes may append at once.
    let mut strings = File::options()
        .create(true)
        .append(true)
        .open(&file)
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    strings
        .write_all(format!("{gpp}\n").as_bytes())
        .expect("a line for the string");
}

/// Notes the string in an object that has one, such as a status or a report's data.
pub(crate) fn note_in(value: &Value) {
    if let Some(gpp) = value["gpp"].as_str() {
        note(gpp);
    }
}
