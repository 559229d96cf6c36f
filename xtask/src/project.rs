//! Where things are: the checkout, its target directory, its version.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::step::quietly;

/// The wasm crate, which is also the root package.
pub const PACKAGE: &str = "nosale";

/// The target that the page runs.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The checkout that xtask was called in.
pub struct Project {
    /// The directory of the workspace's Cargo.toml.
    pub root: PathBuf,
    /// Cargo's target directory, wherever the user has put it.
    pub target: PathBuf,
    /// The version of the wasm crate.
    pub version: String,
}

impl Project {
    /// Asks cargo, so that `CARGO_TARGET_DIR` and the user's own settings count.
    pub fn find() -> Result<Self> {
        let mut cargo = Command::new("cargo");
        cargo.args(["metadata", "--no-deps", "--format-version", "1"]);
        Self::from_metadata(&quietly(&mut cargo)?)
    }

    fn from_metadata(json: &str) -> Result<Self> {
        let unexpected = |reason: String| Error::invalid("`cargo metadata`", reason);
        let metadata: Metadata =
            serde_json::from_str(json).map_err(|error| unexpected(error.to_string()))?;
        let package = metadata.packages.into_iter().find(|p| p.name == PACKAGE);
        Ok(Self {
            root: metadata.workspace_root,
            target: metadata.target_directory,
            version: package
                .ok_or_else(|| unexpected(format!("no package `{PACKAGE}`")))?
                .version,
        })
    }

    /// What the build keeps between its steps; apart from cargo's own directories, so that neither
    /// disturbs the other.
    pub fn work(&self) -> PathBuf {
        self.target.join("nosale-dist")
    }

    /// Where the shipped files go.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// A program that cargo built, in the profile's directory.
    pub fn program(&self, profile: &str, name: &str) -> PathBuf {
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        self.target.join(profile).join(name)
    }
}

/// Removes a directory that is about to be made anew, so that nothing old stays in it.
pub fn remove(directory: &Path) -> Result<()> {
    if directory.exists() {
        fs::remove_dir_all(directory).map_err(Error::file(directory))?;
    }
    Ok(())
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
}

#[cfg(test)]
impl Project {
    /// This checkout, for tests.
    pub fn here() -> Self {
        let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        Self {
            target: root.join("target"),
            root,
            version: env!("CARGO_PKG_VERSION").into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_names_the_places() {
        let json = r#"{
            "packages": [{"name": "xtask", "version": "9.9.9"}, {"name": "nosale", "version": "1.2.3"}],
            "workspace_root": "/checkout", "target_directory": "/elsewhere", "version": 1
        }"#;
        let project = Project::from_metadata(json).unwrap();
        assert_eq!(project.version, "1.2.3");
        assert_eq!(project.dist(), PathBuf::from("/checkout/dist"));
        assert_eq!(project.work(), PathBuf::from("/elsewhere/nosale-dist"));
    }

    #[test]
    fn another_workspace_is_refused() {
        let json = r#"{"packages": [], "workspace_root": "/a", "target_directory": "/b"}"#;
        let error = Project::from_metadata(json).err().unwrap();
        assert_eq!(error.to_string(), "`cargo metadata`: no package `nosale`");
    }
}
