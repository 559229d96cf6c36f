//! Keeps the builder's machine out of what is shipped: panics and snippets would show its paths, and
//! two machines would build different bytes.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::project::Project;
use crate::step::quietly;
use crate::tools::Tools;

/// The places that must not show, each with the name that stands for it.
pub struct Machine(Vec<(&'static str, String)>);

impl Machine {
    /// The checkout, and where cargo and rustup keep things.
    pub fn of(project: &Project, tools: &Tools) -> Result<Self> {
        let home = |variable: &str, folder: &str| {
            let set = env::var_os(variable).map(PathBuf::from);
            set.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(folder)))
        };
        let sysroot = quietly(tools.command("rustc")?.args(["--print", "sysroot"]))?;
        let places = [
            ("nosale", Some(project.root.clone())),
            ("cargo", home("CARGO_HOME", ".cargo")),
            ("rustup", home("RUSTUP_HOME", ".rustup")),
            ("rust", Some(PathBuf::from(sysroot.trim()))),
        ];
        let mut names = Vec::new();
        for (name, place) in places {
            let Some(place) = place else { continue };
            // The compiler may see the path as it is written or as it is.
            let real = fs::canonicalize(&place).ok();
            let both = [Some(place), real].into_iter().flatten();
            names.extend(both.map(|path| (name, path.display().to_string())));
        }
        Ok(Self(names))
    }

    /// The compiler's flags that put the names in place of the paths; for `CARGO_ENCODED_RUSTFLAGS`
    /// together with `others`.
    pub fn rustflags(&self, others: &[String]) -> String {
        let remap = |(name, path): &_| format!("--remap-path-prefix={path}={name}");
        let flags: Vec<String> = others
            .iter()
            .cloned()
            .chain(self.0.iter().map(remap))
            .collect();
        flags.join("\u{1f}")
    }

    /// Fails if a file shows one of the places.
    pub fn check(&self, file: &Path) -> Result<()> {
        let content = fs::read(file).map_err(Error::file(file))?;
        let shows = |path: &str| content.windows(path.len()).any(|w| w == path.as_bytes());
        // A bare `/` would be found everywhere.
        let found = self
            .0
            .iter()
            .find(|(_, path)| path.len() > 1 && shows(path));
        let Some((_, path)) = found else {
            return Ok(());
        };
        let reason = format!("it shows the path {path} of this machine");
        Err(Error::invalid(file.display().to_string(), reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine() -> Machine {
        Machine(vec![
            ("nosale", "/home/someone/nosale".into()),
            ("cargo", "/".into()),
        ])
    }

    #[test]
    fn a_path_of_the_machine_is_found() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("module.wasm");
        fs::write(&file, b"\0asm nosale/src/lib.rs").unwrap();
        machine().check(&file).unwrap();
        fs::write(&file, b"\0asm /home/someone/nosale/src/lib.rs").unwrap();
        let error = machine().check(&file).unwrap_err().to_string();
        assert!(
            error.contains("it shows the path /home/someone/nosale"),
            "{error}"
        );
    }

    #[test]
    fn names_stand_for_the_paths() {
        assert_eq!(
            machine().rustflags(&["-Zx".into()]),
            "-Zx\u{1f}--remap-path-prefix=/home/someone/nosale=nosale\u{1f}--remap-path-prefix=/=cargo"
        );
    }
}
