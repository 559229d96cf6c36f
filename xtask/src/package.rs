//! `pkg/`: wasm-pack's package, with the module that `nosale.js` carries, which is less than half as
//! large as the one that wasm-pack makes, and with a start that finds the files beside it: bundlers move
//! and rename files, and follow only addresses that are written out.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::project::{Project, remove};
use crate::sizes::Listing;
use crate::wasm;

/// Its sources, below the root of the checkout.
const FOLDER: &str = "www/package";

/// The types, in the checkout and in the package.
const TYPES: [&str; 2] = ["www/nosale.d.ts", "types.d.ts"];

/// What of `dist/` the module loads when it is needed.
const LOADED: [&str; 2] = ["nosale.dialog.js", "locales/"];

/// What the sources call modules that are elsewhere in the package.
const NAMES: [(&str, &str); 5] = [
    ("'nosale:glue'", "'./nosale.js'"),
    ("'nosale:files'", "'../../../files.js'"),
    ("'../nosale'", "'./types.js'"),
    ("'./nosale'", "'./types.js'"),
    ("'../api.js'", "'./api.js'"),
];

/// Makes the package of what wasm-pack wrote to `pkg`.
pub fn complete(project: &Project, made: &wasm::Paths, pkg: &Path) -> Result<()> {
    copy(&made.module, &pkg.join("nosale_bg.wasm"))?;
    copy(&made.glue, &pkg.join("nosale.js"))?;
    let snippets = pkg.join("snippets");
    remove(&snippets)?;
    copy_folder(&made.glue.with_file_name("snippets"), &snippets)?;
    // They are of wasm-pack's own module.
    for name in ["nosale.d.ts", "nosale_bg.wasm.d.ts"] {
        let path = pkg.join(name);
        fs::remove_file(&path).map_err(Error::file(&path))?;
    }
    let source = |name: &str| {
        let path = project.root.join(FOLDER).join(name);
        let text = fs::read_to_string(&path).map_err(Error::file(&path))?;
        Ok::<_, Error>(
            NAMES
                .iter()
                .fold(text, |text, (from, to)| text.replace(from, to)),
        )
    };
    for (name, from) in [
        ("index.js", "index.js"),
        ("index.d.ts", "index.d.ts"),
        ("api.js", "../api.js"),
    ] {
        write(&pkg.join(name), &source(from)?)?;
    }
    write(&find(&snippets, "www/place.js")?, &source("place.js")?)?;
    let [from, to] = TYPES;
    copy(&project.root.join(from), &pkg.join(to))?;
    let dist = project.dist();
    let loaded: Vec<String> = Listing::read(&dist)?
        .files
        .into_keys()
        .filter(|name| LOADED.iter().any(|start| name.starts_with(start)))
        .collect();
    for name in &loaded {
        copy(&dist.join(name), &pkg.join(name))?;
    }
    write(&pkg.join("files.js"), &addresses(&loaded))?;
    let path = pkg.join("package.json");
    let text = fs::read_to_string(&path).map_err(Error::file(&path))?;
    let package = described(&text).map_err(|reason| Error::invalid("pkg/package.json", reason))?;
    write(&path, &package)
}

/// The file below a snippet's folder, whose name wasm-bindgen chose.
fn find(snippets: &Path, name: &str) -> Result<PathBuf> {
    let entries = fs::read_dir(snippets).map_err(Error::file(snippets))?;
    let mut paths = entries.flatten().map(|entry| entry.path().join(name));
    paths
        .find(|path| path.is_file())
        .ok_or_else(|| Error::invalid("pkg/snippets", format!("there is no {name}")))
}

/// Bundlers read such lines, and put the files' new names into them.
fn addresses(names: &[String]) -> String {
    let mut text = String::from("// The files beside the module.\n\nexport const files = {\n");
    for name in names {
        text += &format!("  '{name}': new URL('./{name}', import.meta.url),\n");
    }
    text + "};\n"
}

/// The package's description with all of its files.
fn described(json: &str) -> serde_json::Result<String> {
    let mut package: Value = serde_json::from_str(json)?;
    package["main"] = json!("index.js");
    package["types"] = json!("index.d.ts");
    package["exports"] = json!({ ".": "./index.js", "./*": "./*" });
    // The gate saves the browser's functions when its files run.
    package["sideEffects"] = json!(["./snippets/**"]);
    if let Some(files) = package["files"].as_array_mut() {
        files.retain(|name| *name != "nosale.d.ts");
        let more = ["index.js", "index.d.ts", "api.js", "types.d.ts", "files.js"];
        files.extend(more.into_iter().chain(LOADED).map(Value::from));
    }
    Ok(serde_json::to_string_pretty(&package)? + "\n")
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    parent(to)?;
    fs::copy(from, to).map(drop).map_err(Error::file(from))
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from).map_err(Error::file(from))?.flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy_folder(&from, &to)?;
        } else {
            copy(&from, &to)?;
        }
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<()> {
    parent(path)?;
    fs::write(path, text).map_err(Error::file(path))
}

fn parent(path: &Path) -> Result<()> {
    path.parent().map_or(Ok(()), |folder| {
        fs::create_dir_all(folder).map_err(Error::file(folder))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_has_an_address_that_bundlers_can_read() {
        let text = addresses(&["a.js".into(), "locales/es.json".into()]);
        assert!(text.contains("  'a.js': new URL('./a.js', import.meta.url),\n"));
        assert!(text.contains("new URL('./locales/es.json', import.meta.url)"));
    }

    #[test]
    fn the_description_keeps_what_wasm_pack_says() {
        let text = described(r#"{ "name": "a", "main": "a.js", "files": ["a.js"] }"#).unwrap();
        let package: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(package["name"], "a");
        assert_eq!(package["exports"]["."], "./index.js");
        let files: Vec<_> = package["files"].as_array().unwrap().iter().collect();
        for file in [
            "a.js",
            "index.js",
            "files.js",
            "nosale.dialog.js",
            "locales/",
        ] {
            assert!(files.iter().any(|name| **name == file), "{file}");
        }
    }
}
