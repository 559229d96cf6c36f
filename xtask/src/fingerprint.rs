//! Knows whether a stage of the build has anything to do: a hash over what it reads, and one over
//! what it wrote, kept beside the work.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::step::skipped;

/// Directories that nothing is built from: packages, and the demo site's own crate.
const APART: [&str; 2] = ["node_modules", "www/demo"];

/// A stage whose outputs follow from its inputs alone. Paths are files or directories below `root`.
pub struct Stage<'a> {
    /// What the progress line calls it when it is skipped; `work` names its own steps.
    pub name: &'a str,
    /// What the paths are relative to.
    pub root: &'a Path,
    /// What it reads.
    pub inputs: &'a [&'a Path],
    /// What it writes.
    pub outputs: &'a [PathBuf],
    /// Where the hashes are kept.
    pub mark: PathBuf,
}

impl Stage<'_> {
    /// Runs `work` unless it ran on the same inputs before and its outputs are untouched.
    pub fn run(&self, force: bool, work: impl FnOnce() -> Result<()>) -> Result<()> {
        let inputs = of(self.root, self.inputs)?;
        let mark = |outputs: String| format!("{inputs} {outputs}");
        let done = || Some(fs::read_to_string(&self.mark).ok()? == mark(self.written().ok()?));
        if !force && done() == Some(true) {
            skipped(self.name);
            return Ok(());
        }
        work()?;
        fs::write(&self.mark, mark(self.written()?)).map_err(Error::file(&self.mark))
    }

    fn written(&self) -> Result<String> {
        let mut hash = Sha256::new();
        for output in self.outputs {
            add(&mut hash, self.root, output)?;
        }
        Ok(hex(hash))
    }
}

/// The hash of files and directories: their names below `root`, and what they hold.
pub fn of(root: &Path, paths: &[&Path]) -> Result<String> {
    let mut hash = Sha256::new();
    for path in paths {
        add(&mut hash, root, &root.join(path))?;
    }
    Ok(hex(hash))
}

fn add(hash: &mut Sha256, root: &Path, path: &Path) -> Result<()> {
    if APART.iter().any(|name| path.ends_with(name)) {
        return Ok(());
    }
    if path.is_dir() {
        let entries = fs::read_dir(path).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
        let mut entries: Vec<PathBuf> = entries
            .map_err(Error::file(path))?
            .into_iter()
            .map(|entry| entry.path())
            .collect();
        entries.sort();
        return entries.iter().try_for_each(|entry| add(hash, root, entry));
    }
    let content = fs::read(path).map_err(Error::file(path))?;
    let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
    // The lengths keep `a` + `bc` apart from `ab` + `c`.
    hash.update((name.len() as u64).to_le_bytes());
    hash.update(name.as_bytes());
    hash.update((content.len() as u64).to_le_bytes());
    hash.update(content);
    Ok(())
}

fn hex(hash: Sha256) -> String {
    let digits = hash.finalize();
    digits.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn names_and_content_both_count() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        let hash = |files: &[(&str, &str)]| {
            let _ = fs::remove_dir_all(root.join("in"));
            fs::create_dir_all(root.join("in/deep")).unwrap();
            for (name, content) in files {
                fs::write(root.join("in").join(name), content).unwrap();
            }
            of(root, &[Path::new("in")]).unwrap()
        };
        let one = hash(&[("a", "bc"), ("deep/d", "e")]);
        assert_eq!(one, hash(&[("deep/d", "e"), ("a", "bc")]));
        assert_ne!(one, hash(&[("a", "bc"), ("deep/d", "f")]));
        assert_ne!(one, hash(&[("a", "bc"), ("d", "e")]));
        assert_ne!(hash(&[("ab", "c")]), hash(&[("a", "bc")]));
    }

    #[test]
    fn a_stage_runs_only_when_it_must() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        let output = root.join("out");
        let runs = Cell::new(0);
        fs::write(root.join("in"), "1").unwrap();
        let run = |force| {
            let stage = Stage {
                name: "test",
                root,
                inputs: &[Path::new("in")],
                outputs: std::slice::from_ref(&output),
                mark: root.join("mark"),
            };
            let work = || {
                runs.set(runs.get() + 1);
                fs::write(&output, "made").map_err(Error::file(&output))
            };
            stage.run(force, work).unwrap();
            runs.get()
        };
        assert_eq!(run(false), 1);
        assert_eq!(run(false), 1, "done already");
        assert_eq!(run(true), 2, "forced");
        fs::write(root.join("in"), "2").unwrap();
        assert_eq!(run(false), 3, "another input");
        fs::write(&output, "damaged").unwrap();
        assert_eq!(run(false), 4, "the output was changed");
        fs::remove_file(&output).unwrap();
        assert_eq!(run(false), 5, "the output is gone");
        assert_eq!(run(false), 5, "done already");
    }

    #[test]
    fn a_failing_stage_is_not_done() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        fs::write(root.join("in"), "1").unwrap();
        let stage = Stage {
            name: "test",
            root,
            inputs: &[Path::new("in")],
            outputs: &[],
            mark: root.join("mark"),
        };
        let fails = || Err(Error::invalid("in", "always"));
        assert!(stage.run(false, fails).is_err());
        assert!(!stage.mark.exists());
        assert!(stage.run(false, || Ok(())).is_ok());
    }
}
