//! Whether the same sources give the same bytes, wherever they lie.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::error::{Error, Result};
use crate::project::Project;
use crate::step::{quietly, step};

/// The part of `soak` that builds twice.
pub const PART: &str = "reproducible";

/// What no build reads: what it writes, and git's own.
const APART: [&str; 6] = [".git", "target", "dist", "pkg", "node_modules", "docs"];

/// What is compared.
const MADE: [&str; 2] = ["dist", "pkg"];

/// Builds two copies of the checkout, in folders of different names and with nothing kept from an
/// earlier build, and fails unless every file is the same in both.
pub fn check(project: &Project) -> Result<()> {
    let folder = tempfile::tempdir().map_err(Error::system("a folder for two checkouts"))?;
    let roots = ["one", "the-other/further-down"].map(|name| folder.path().join(name));
    for root in &roots {
        copy(&project.root, root)?;
        // What npm installs follows from the lock file.
        let modules = "www/node_modules";
        copy(&project.root.join(modules), &root.join(modules))?;
    }
    let mut builds = Vec::new();
    for (root, title) in roots.iter().zip(["a clean build", "another, elsewhere"]) {
        step(title, || {
            let program = env::current_exe().map_err(Error::system("xtask's own path"))?;
            let mut build = Command::new(program);
            build
                .arg("build")
                .current_dir(root)
                .env("CARGO_TARGET_DIR", root.join("target"));
            quietly(&mut build).map(drop)
        })?;
        let mut files = BTreeMap::new();
        for made in MADE {
            read(&root.join(made), made, &mut files)?;
        }
        builds.push(files);
    }
    compare(&builds[0], &builds[1])
}

type Files = BTreeMap<String, Vec<u8>>;

fn compare(one: &Files, other: &Files) -> Result<()> {
    let names = one.keys().chain(other.keys());
    let mut different: Vec<&str> = names
        .filter(|name| one.get(*name) != other.get(*name))
        .map(String::as_str)
        .collect();
    different.sort_unstable();
    different.dedup();
    if different.is_empty() {
        return Ok(());
    }
    let reason = format!("two clean builds differ in {}", different.join(", "));
    Err(Error::invalid(MADE.join(", "), reason))
}

fn read(folder: &Path, name: &str, files: &mut Files) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(Error::file(folder))? {
        let path = entry.map_err(Error::file(folder))?.path();
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{name}/{file}");
        if path.is_dir() {
            read(&path, &name, files)?;
        } else {
            files.insert(name, fs::read(&path).map_err(Error::file(&path))?);
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).map_err(Error::file(to))?;
    for entry in fs::read_dir(from).map_err(Error::file(from))? {
        let path = entry.map_err(Error::file(from))?.path();
        let name = path.file_name().unwrap_or_default();
        if APART.iter().any(|apart| name == *apart) {
            continue;
        }
        let beside = to.join(name);
        if path.is_symlink() {
            let target = fs::read_link(&path).map_err(Error::file(&path))?;
            std::os::unix::fs::symlink(target, &beside).map_err(Error::file(&beside))?;
        } else if path.is_dir() {
            copy(&path, &beside)?;
        } else {
            fs::copy(&path, &beside).map_err(Error::file(&path))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_that_differs_is_named() {
        let files = |list: &[(&str, &str)]| -> Files {
            let owned = |(name, text): &(&str, &str)| (name.to_string(), text.as_bytes().to_vec());
            list.iter().map(owned).collect()
        };
        let one = files(&[("dist/a", "1"), ("dist/b", "2"), ("pkg/c", "3")]);
        compare(&one, &one).unwrap();
        let other = files(&[("dist/a", "1"), ("dist/b", "x"), ("pkg/d", "3")]);
        let error = compare(&one, &other).unwrap_err().to_string();
        assert!(error.contains("dist/b, pkg/c, pkg/d"), "{error}");
        assert!(!error.contains("dist/a"), "{error}");
    }

    #[test]
    fn a_copy_is_of_the_sources_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        for name in [
            "src/a.rs",
            "dist/a.js",
            "www/node_modules/x/x.js",
            "www/a.js",
        ] {
            let path = from.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, name).unwrap();
        }
        copy(&from, &to).unwrap();
        let mut files = Files::new();
        read(&to, "to", &mut files).unwrap();
        assert_eq!(
            files.keys().collect::<Vec<_>>(),
            ["to/src/a.rs", "to/www/a.js"]
        );
    }
}
