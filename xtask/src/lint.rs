//! `cargo xtask lint`: format, clippy for both faces of the code, types of the scripts.

use crate::error::Result;
use crate::project::{PACKAGE, WASM_TARGET};
use crate::step::{Parts, openly};
use crate::tools::Tools;

/// Runs all; one that fails does not hide the next.
pub fn run(tools: &Tools) -> Result<()> {
    tools.c_compiler()?;
    tools.rust()?;
    tools.npm()?;
    let cargo = |arguments: &[&str]| openly(tools.command("cargo")?.args(arguments));
    let mut parts = Parts::default();
    parts.run("format", || {
        cargo(&["fmt", "--all", "--check"])?;
        cargo(&["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"])
    });
    parts.run("clippy", || {
        cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "--deny",
            "warnings",
        ])
    });
    parts.run("clippy, wasm", || {
        let wasm = ["clippy", "--package", PACKAGE, "--lib", "--tests"];
        let deny = ["--target", WASM_TARGET, "--", "--deny", "warnings"];
        cargo(&[&wasm[..], &deny].concat())
    });
    parts.run("types", || {
        openly(tools.command("tsc")?.args(["--project", "www"]))
    });
    parts.finish()
}
