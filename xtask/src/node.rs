//! Folders with npm packages and a `build.mjs`, which makes files for tests and benchmarks out of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::slice;

use crate::error::{Error, Result};
use crate::fingerprint::Stage;
use crate::project::{Project, remove};
use crate::step::{quietly, step};
use crate::tools::Tools;

/// Such a folder.
pub struct Folder {
    /// What the progress lines call what it makes.
    pub name: &'static str,
    /// Below the root of the checkout.
    pub path: &'static str,
    /// What it also reads, below the root; given to `build.mjs` before the output folder.
    pub reads: Option<&'static str>,
    /// The output folder, below cargo's target directory.
    pub makes: &'static str,
}

/// The sites that publishers' bundlers make of `pkg/`, for the end-to-end tests.
pub const BUNDLED: Folder = Folder {
    name: "bundled sites",
    path: "tests/e2e/bundlers",
    reads: Some("pkg"),
    makes: "bundled",
};

/// What publishers use today, for the benchmark of pages.
pub const PEERS: Folder = Folder {
    name: "peers",
    path: "tests/e2e/benches/page/peers",
    reads: None,
    makes: "peers",
};

impl Folder {
    /// Where the files are.
    pub fn output(&self, project: &Project) -> PathBuf {
        project.target.join(self.makes)
    }

    /// Installs the packages and makes the files, where that is not done yet.
    pub fn make(&self, project: &Project, tools: &Tools) -> Result<()> {
        tools.npm_ci(self.path)?;
        let work = project.work();
        fs::create_dir_all(&work).map_err(Error::file(&work))?;
        let output = self.output(project);
        let inputs: Vec<&Path> = [self.path]
            .into_iter()
            .chain(self.reads)
            .map(Path::new)
            .collect();
        let stage = Stage {
            name: self.name,
            root: &project.root,
            inputs: &inputs,
            outputs: slice::from_ref(&output),
            mark: work.join(format!("{}.mark", self.makes)),
        };
        stage.run(false, || {
            step(self.name, || {
                remove(&output)?;
                fs::create_dir_all(&output).map_err(Error::file(&output))?;
                let mut node = tools.command("node")?;
                node.arg(project.root.join(self.path).join("build.mjs"));
                node.args(self.reads.map(|name| project.root.join(name)));
                quietly(node.arg(&output)).map(drop)
            })
        })
    }
}
