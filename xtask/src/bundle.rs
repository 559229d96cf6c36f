//! `dist/`: esbuild bundles and minifies each entry; classic scripts carry the module in themselves.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::carry;
use crate::catalogue::{self, Catalogue};
use crate::error::{Error, Result};
use crate::manifest::{Bundle, Format, Manifest};
use crate::project::{Project, remove};
use crate::sizes::{Entry, Listing};
use crate::step::silently;
use crate::tools::Tools;
use crate::wasm;

/// The oldest JavaScript that comes out.
const LANGUAGE: &str = "es2020";

const LICENSE: &str = env!("CARGO_PKG_LICENSE");

/// Writes all of `dist/` anew.
pub fn make(
    project: &Project,
    manifest: &Manifest,
    tools: &Tools,
    paths: &wasm::Paths,
) -> Result<()> {
    let dist = project.dist();
    remove(&dist)?;
    let mut files = BTreeMap::new();
    for bundle in &manifest.bundles {
        let entry = project.root.join(&bundle.entry);
        let content = match bundle.format {
            Format::Copy => fs::read_to_string(&entry).map_err(Error::file(&entry))?,
            Format::Module => esbuild(project, bundle, tools, paths)?,
            Format::Script => classic_script(esbuild(project, bundle, tools, paths)?),
        };
        let entry = Entry::of(content.as_bytes());
        for name in [Some(bundle.file.clone()), bundle.alias(&project.version)] {
            let Some(name) = name else { continue };
            write(&dist.join(&name), &content)?;
            files.insert(name, entry.clone());
        }
    }
    let catalogue = Catalogue::read(project)?;
    let catalogue = catalogue.to_json(&manifest.catalogue, &project.version)?;
    write(&dist.join(catalogue::FILE), &catalogue)?;
    files.insert(catalogue::FILE.to_owned(), Entry::of(catalogue.as_bytes()));
    let version = project.version.clone();
    Listing { version, files }.write(&dist)
}

fn esbuild(
    project: &Project,
    bundle: &Bundle,
    tools: &Tools,
    paths: &wasm::Paths,
) -> Result<String> {
    let output = project.work().join("bundled").join(&bundle.file);
    let format = match bundle.format {
        Format::Script => "iife",
        Format::Copy | Format::Module => "esm",
    };
    let mut esbuild = tools.command("esbuild")?;
    esbuild
        .arg(project.root.join(&bundle.entry))
        .args([
            "--bundle",
            "--minify",
            "--charset=utf8",
            "--legal-comments=none",
        ])
        .args(["--log-level=warning", "--log-limit=0"])
        .arg(format!("--format={format}"))
        .arg(format!("--target={LANGUAGE}"))
        .arg(format!(
            "--banner:js=/*! nosale {} | {LICENSE} */",
            project.version
        ))
        .arg(format!("--alias:nosale:glue={}", paths.glue.display()))
        .arg(format!("--alias:nosale:wasm={}", paths.carrier.display()))
        // The glue's asynchronous start wants it; a classic script has none and starts the other way.
        .arg("--log-override:empty-import-meta=silent")
        .arg(format!("--outfile={}", output.display()));
    silently(&mut esbuild)?;
    let read = |path: &Path| fs::read_to_string(path).map_err(Error::file(path));
    carry::fill(&read(&output)?, &read(&paths.literal)?)
}

/// Marks the text as UTF-8, or a page in another encoding would read other characters in it. An ES
/// module is always UTF-8.
fn classic_script(mut content: String) -> String {
    if !content.is_ascii() {
        content.insert(0, '\u{feff}');
    }
    content
}

fn write(path: &Path, content: &str) -> Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(Error::file(directory))?;
    }
    fs::write(path, content).map_err(Error::file(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_script_that_needs_it_is_marked_as_utf8() {
        assert_eq!(classic_script("a()".into()), "a()");
        assert_eq!(classic_script("\u{e9}".into()), "\u{feff}\u{e9}");
    }
}
