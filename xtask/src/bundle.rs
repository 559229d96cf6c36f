//! `dist/`: esbuild bundles and minifies each entry; a classic script carries the module in itself, an
//! ES module the data of its plain form, if they import them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::carry;
use crate::catalogue::{self, Catalogue};
use crate::compress;
use crate::error::{Error, Result};
use crate::manifest::{Bundle, Format, Manifest};
use crate::plain;
use crate::project::{Project, remove};
use crate::sizes::{Entry, Listing};
use crate::step::silently;
use crate::tools::Tools;
use crate::wasm;

/// The oldest JavaScript that comes out.
const LANGUAGE: &str = "es2020";

/// The texts, below the root of the checkout.
const LOCALES: &str = "www/locales";

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
            Format::Snippet => snippet(project, bundle, tools)?,
        };
        let entry = match bundle.format {
            Format::Snippet => Entry::of_snippet(content.as_bytes()),
            _ => Entry::of(content.as_bytes()),
        };
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
    for (name, content) in locales(&project.root.join(LOCALES))? {
        files.insert(name.clone(), Entry::of(content.as_bytes()));
        write(&dist.join(&name), &content)?;
    }
    let version = project.version.clone();
    let listing = Listing { version, files };
    listing.write(&dist)?;
    compress::all(&dist, &listing)
}

/// The texts in each language but English, which the dialog's file holds: names below `dist/`, and
/// the same JSON without blanks.
fn locales(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .map_err(Error::file(folder))?;
    paths.retain(|path| {
        path.extension().is_some_and(|end| end == "json") && !path.ends_with("en.json")
    });
    paths.sort();
    let minified = |path: &PathBuf| {
        let text = fs::read_to_string(path).map_err(Error::file(path))?;
        let texts: BTreeMap<String, String> = serde_json::from_str(&text)
            .map_err(|error| Error::invalid(path.display().to_string(), error))?;
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        Ok((
            format!("locales/{file}"),
            serde_json::to_string(&texts)
                .map_err(|error| Error::invalid(path.display().to_string(), error))?,
        ))
    };
    paths.iter().map(minified).collect()
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
        Format::Copy | Format::Module | Format::Snippet => "esm",
    };
    let module = fs::read(&paths.module).map_err(Error::file(&paths.module))?;
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
        .arg(format!("--define:ROOM={}", module.len()))
        .arg(format!("--alias:nosale:plain={}", paths.plain.display()))
        .arg(format!("--define:MARK=\"{}\"", plain::mark_of(&module)))
        .arg(format!("--define:VERSION=\"{}\"", project.version))
        // The glue's asynchronous start wants it; a classic script has none and starts the other way.
        .arg("--log-override:empty-import-meta=silent")
        .arg(format!("--metafile={}", meta(project, bundle).display()))
        .arg(format!("--outfile={}", output.display()));
    silently(&mut esbuild)?;
    let read = |path: &Path| fs::read_to_string(path).map_err(Error::file(path));
    let literal = match bundle.format {
        Format::Script => &paths.literal,
        Format::Copy | Format::Module | Format::Snippet => &paths.plain_literal,
    };
    carry::fill(&read(&output)?, &read(literal)?)
}

/// Where esbuild says how much of a bundle comes from which file.
pub fn meta(project: &Project, bundle: &Bundle) -> PathBuf {
    let file = format!("{}.json", bundle.file);
    project.work().join("bundled").join(file)
}

/// What a publisher pastes: a byte more is a byte on every page.
fn snippet(project: &Project, bundle: &Bundle, tools: &Tools) -> Result<String> {
    let output = project.work().join("bundled").join(&bundle.file);
    let mut esbuild = tools.command("esbuild")?;
    esbuild
        .arg(project.root.join(&bundle.entry))
        .args(["--minify", "--legal-comments=none", "--log-level=warning"])
        // Without the checker's settings, for which it would add `"use strict"`.
        .arg("--tsconfig-raw={}")
        .arg(format!("--target={LANGUAGE}"))
        .arg(format!("--outfile={}", output.display()));
    silently(&mut esbuild)?;
    let content = fs::read_to_string(&output).map_err(Error::file(&output))?;
    Ok(content.trim_end().to_owned())
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
    fn a_language_is_copied_without_blanks_and_english_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        file("en.json", r#"{ "b": "1" }"#);
        file("README.md", "no JSON");
        file("es.json", "{\n  \"b\": \"dos\",\n  \"a\": \"\u{f1}\"\n}\n");
        let made = locales(folder.path()).unwrap();
        assert_eq!(
            made,
            [(
                "locales/es.json".to_owned(),
                "{\"a\":\"\u{f1}\",\"b\":\"dos\"}".to_owned()
            )]
        );
        file("fr.json", r#"{ "b": 1 }"#);
        assert!(
            locales(folder.path())
                .unwrap_err()
                .to_string()
                .contains("fr.json")
        );
    }

    #[test]
    fn only_a_script_that_needs_it_is_marked_as_utf8() {
        assert_eq!(classic_script("a()".into()), "a()");
        assert_eq!(classic_script("\u{e9}".into()), "\u{feff}\u{e9}");
    }
}
