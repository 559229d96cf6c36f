//! Where the things under test are, each with an environment variable that overrides it.

use std::env;
use std::path::{Path, PathBuf};

/// `dist/` with the built module; `NOSALE_DIST`.
pub(crate) fn dist() -> PathBuf {
    let folder = env::var_os("NOSALE_DIST").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dist"),
        PathBuf::from,
    );
    assert!(
        folder.join("nosale.js").is_file(),
        "{} has no nosale.js: run `cargo xtask build` first",
        folder.display()
    );
    folder
}

/// What a publisher pastes into pages that load the module with `async`.
///
/// # Panics
///
/// If it was not built.
#[must_use]
pub fn inline_snippet() -> String {
    std::fs::read_to_string(dist().join("nosale.inline.js")).expect("run `cargo xtask build` first")
}

/// A site that a bundler made of `pkg/`, or `pkg/` itself; `NOSALE_BUNDLED` for the former's folder.
pub(crate) fn bundled(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let sites =
        env::var_os("NOSALE_BUNDLED").map_or_else(|| root.join("target/bundled"), PathBuf::from);
    let folder = match name {
        "pkg" => root.join("pkg"),
        name => sites.join(name),
    };
    assert!(
        folder.is_dir(),
        "{} is missing: run `cargo xtask test e2e` once, which makes it",
        folder.display()
    );
    folder
}

/// The collector's binary; `NOSALE_COLLECTOR`, or beside this test in the target folder.
pub(crate) fn collector() -> PathBuf {
    let file = env::var_os("NOSALE_COLLECTOR").map_or_else(
        || {
            let test = env::current_exe().expect("the test's own path");
            let target = test.ancestors().nth(2).expect("a target folder");
            target.join(format!("collector{}", env::consts::EXE_SUFFIX))
        },
        PathBuf::from,
    );
    assert!(
        file.is_file(),
        "{} is missing: run `cargo build -p collector` first",
        file.display()
    );
    file
}

/// Chromium's driver; `CHROMEDRIVER`.
pub(crate) fn driver() -> PathBuf {
    env::var_os("CHROMEDRIVER").map_or_else(|| "/usr/bin/chromedriver".into(), PathBuf::from)
}

/// Chromium; `CHROMIUM`.
pub(crate) fn chromium() -> PathBuf {
    env::var_os("CHROMIUM").map_or_else(|| "/usr/bin/chromium".into(), PathBuf::from)
}

/// Firefox; `FIREFOX`.
pub(crate) fn firefox() -> PathBuf {
    env::var_os("FIREFOX").map_or_else(|| "/usr/bin/firefox-esr".into(), PathBuf::from)
}

/// Firefox's driver; `GECKODRIVER`.
pub(crate) fn geckodriver() -> PathBuf {
    env::var_os("GECKODRIVER").map_or_else(|| "geckodriver".into(), PathBuf::from)
}
