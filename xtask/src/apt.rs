//! Debian's packages, for what is no developer's tool but the system's.

use nix::unistd::geteuid;

use crate::error::{Error, Result};
use crate::step::{quietly, step};
use crate::tools::Tools;

/// True for the user who may install packages.
pub fn is_root() -> bool {
    geteuid().is_root()
}

/// Installs the packages that bring `program`. Who may not is told the command; where there is no
/// apt-get, only `otherwise` is said.
pub fn install(tools: &Tools, program: &str, packages: &[&str], otherwise: &str) -> Result<()> {
    let apt = |arguments: &[&str]| {
        let mut apt = tools.command("apt-get")?;
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        quietly(apt.args(arguments)).map(drop)
    };
    let found = tools.command("apt-get").is_ok();
    if let Some(remedy) = remedy(found, is_root(), packages, otherwise) {
        return Err(Error::Missing {
            program: program.into(),
            remedy,
        });
    }
    step(&packages.join(" "), || {
        apt(&["update"])?;
        let install = ["install", "--yes", "--no-install-recommends"];
        apt(&[&install[..], packages].concat())
    })
}

/// Fonts with the scripts of the dialog's languages: without them, a text that is cut would pass as
/// empty boxes.
const FONTS: [&str; 2] = ["fonts-noto-core", "fonts-noto-cjk"];

/// A language for each script that systems often lack.
const SCRIPTS: [&str; 5] = ["hy", "ja", "km", "pa", "th"];

/// Installs fonts, unless each script has one or nobody can say.
pub fn fonts(tools: &Tools) -> Result<()> {
    let has = |language: &str| {
        let Ok(mut list) = tools.command("fc-list") else {
            return true;
        };
        quietly(list.arg(format!(":lang={language}"))).map_or(true, |found| !found.is_empty())
    };
    if SCRIPTS.iter().all(|language| has(language)) {
        return Ok(());
    }
    let otherwise = "install fonts for Armenian, Japanese, Khmer, Punjabi and Thai";
    install(tools, "fonts", &FONTS, otherwise)
}

/// What the user can do; `None` if it can be done here.
fn remedy(found: bool, root: bool, packages: &[&str], otherwise: &str) -> Option<String> {
    let packages = packages.join(" ");
    match (found, root) {
        (true, true) => None,
        (true, false) => Some(format!(
            "run `sudo apt-get update && sudo apt-get install --no-install-recommends {packages}`, \
             or {otherwise}"
        )),
        (false, _) => Some(otherwise.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_not_install_is_told_what_to_do() {
        let remedy = |found, root| remedy(found, root, &["a", "b"], "set A");
        assert_eq!(remedy(true, true), None);
        assert_eq!(
            remedy(true, false).unwrap(),
            "run `sudo apt-get update && sudo apt-get install --no-install-recommends a b`, or set A"
        );
        assert_eq!(remedy(false, true).unwrap(), "set A");
        assert_eq!(remedy(false, false).unwrap(), "set A");
    }
}
