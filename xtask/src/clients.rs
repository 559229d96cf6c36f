//! The ad clients of the end-to-end tests: what publishers run, bundled from npm packages. Nothing
//! of them ships.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::slice;

use crate::error::{Error, Result};
use crate::fingerprint::Stage;
use crate::project::{Project, remove};
use crate::step::{quietly, step};
use crate::tools::Tools;

/// Their npm package, below the root of the checkout.
pub const FOLDER: &str = "tests/e2e/clients";

/// Where the clients are.
pub struct Clients<'a> {
    project: &'a Project,
    /// The directory of the bundles that the tests serve.
    pub bundles: PathBuf,
    /// Where the tests write each GPP string that nosale gave to a page, one a line.
    pub strings: PathBuf,
}

impl<'a> Clients<'a> {
    /// Below cargo's target directory.
    pub fn new(project: &'a Project) -> Self {
        let bundles = project.target.join("clients");
        Self {
            project,
            strings: bundles.join("strings.txt"),
            bundles,
        }
    }

    /// Installs and bundles them where that is not done yet, and forgets the strings of the last run.
    pub fn make(&self, tools: &Tools) -> Result<()> {
        tools.clients()?;
        self.bundle(|| {
            step("ad clients", || {
                let mut node = self.script(tools, "build.mjs")?;
                quietly(node.arg(&self.bundles)).map(drop)
            })
        })
    }

    /// Calls `work` in an empty directory, unless the bundles follow from the sources as they are.
    fn bundle(&self, work: impl FnOnce() -> Result<()>) -> Result<()> {
        // Before the bundles are looked at, beside which they lie.
        match fs::remove_file(&self.strings) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(Error::file(&self.strings)(error));
            }
            _ => {}
        }
        let directory = self.project.work();
        fs::create_dir_all(&directory).map_err(Error::file(&directory))?;
        let stage = Stage {
            name: "ad clients",
            root: &self.project.root,
            inputs: &[Path::new(FOLDER)],
            outputs: slice::from_ref(&self.bundles),
            mark: directory.join("clients.mark"),
        };
        stage.run(false, || {
            remove(&self.bundles)?;
            fs::create_dir_all(&self.bundles).map_err(Error::file(&self.bundles))?;
            work()
        })
    }

    /// The IAB's own library as a reader of GPP strings: a string a line in, JSON a line out.
    pub fn reader(&self, tools: &Tools) -> Result<Command> {
        self.script(tools, "read.mjs")
    }

    fn script(&self, tools: &Tools, name: &str) -> Result<Command> {
        let mut node = tools.command("node")?;
        node.arg(self.project.root.join(FOLDER).join(name));
        Ok(node)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn bundles_are_made_anew_when_a_source_changed() {
        let directory = tempfile::tempdir().unwrap();
        let project = Project {
            root: directory.path().join("checkout"),
            target: directory.path().join("target"),
            version: "1.2.3".into(),
        };
        let clients = Clients::new(&project);
        let source = |name: &str, content: &str| {
            let path = project.root.join(FOLDER).join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        };
        let runs = Cell::new(0);
        let run = || {
            let work = || {
                runs.set(runs.get() + 1);
                fs::write(clients.bundles.join("a.js"), "made").map_err(Error::file(Path::new("")))
            };
            clients.bundle(work).unwrap();
            assert!(!clients.strings.exists());
            runs.get()
        };
        source("package-lock.json", "1");
        source("build.mjs", "1");
        assert_eq!(run(), 1);
        fs::write(&clients.strings, "DBAA\n").unwrap();
        assert_eq!(run(), 1, "the tests wrote strings, nothing else");
        source("node_modules/a/index.js", "1");
        assert_eq!(run(), 1, "packages follow from the lock file");
        source("package-lock.json", "2");
        assert_eq!(run(), 2, "other packages");
        source("build.mjs", "2");
        assert_eq!(run(), 3, "another source");
        fs::write(clients.bundles.join("a.js"), "damaged").unwrap();
        assert_eq!(run(), 4, "a bundle was changed");
        fs::write(clients.bundles.join("b.js"), "left").unwrap();
        assert_eq!(run(), 5, "something else lies there");
        assert!(!clients.bundles.join("b.js").exists());
    }
}
