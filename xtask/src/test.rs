//! `cargo xtask test`, `bench` and `soak`.

use std::process::Command;

use clap::ValueEnum;

use crate::browser::Browser;
use crate::build;
use crate::error::Result;
use crate::manifest::Manifest;
use crate::project::{PACKAGE, Project};
use crate::step::{Parts, openly, quietly, step};
use crate::tools::Tools;

/// The packages whose tests need neither a browser nor a build.
const NATIVE: [&str; 4] = [PACKAGE, "collector", "demo", "xtask"];

/// How many cases `soak` tries of each property.
const SOAK_CASES: &str = "100000";

/// A part of the tests.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Part {
    /// The core, the collector, the demo site and xtask, as native tests.
    Native,
    /// The module in a headless Chromium, by wasm-pack.
    Web,
    /// The shipped files on real pages, over WebDriver.
    E2e,
}

/// Runs one part or all; a failing part does not stop the next.
pub fn run(
    project: &Project,
    manifest: &Manifest,
    tools: &Tools,
    part: Option<Part>,
    filter: Option<&str>,
) -> Result<()> {
    let mut parts = Parts::default();
    let chosen = |this| part.is_none_or(|part| part == this);
    if chosen(Part::Native) {
        parts.run("native", || native(tools, filter));
    }
    if chosen(Part::Web) {
        parts.run("web", || web(tools, filter));
    }
    if chosen(Part::E2e) {
        // A part of its own: a file over its budget fails the run, and the tests are run as well.
        parts.run("build", || build::run(project, manifest, tools, false));
        parts.run("e2e", || {
            let mut cargo = e2e(project, manifest, tools)?;
            openly(cargo.args(filter))
        });
    }
    parts.finish()
}

/// Benchmarks of the core.
pub fn bench(tools: &Tools, filter: Option<&str>) -> Result<()> {
    tools.c_compiler()?;
    let mut cargo = tools.command("cargo")?;
    openly(
        cargo
            .args(["bench", "--package", PACKAGE, "--benches"])
            .args(filter),
    )
}

/// What takes too long for every run: the properties many more times, and the tests that are
/// ignored otherwise.
pub fn soak(
    project: &Project,
    manifest: &Manifest,
    tools: &Tools,
    filter: Option<&str>,
) -> Result<()> {
    let mut parts = Parts::default();
    parts.run("native", || {
        tools.c_compiler()?;
        let mut cargo = tools.command("cargo")?;
        cargo
            .args(["test", "--release"])
            .args(packages(&[PACKAGE, "collector"]));
        cargo.args(filter).args(["--", "--include-ignored"]);
        openly(cargo.env("PROPTEST_CASES", SOAK_CASES))
    });
    parts.run("e2e", || {
        let mut cargo = e2e(project, manifest, tools)?;
        openly(
            cargo
                .arg(filter.unwrap_or("soak_"))
                .args(["--", "--ignored"]),
        )
    });
    parts.finish()
}

fn native(tools: &Tools, filter: Option<&str>) -> Result<()> {
    tools.c_compiler()?;
    // xtask's own tests have the engine read what the build writes.
    tools.command("node")?;
    let mut cargo = tools.command("cargo")?;
    openly(cargo.arg("test").args(packages(&NATIVE)).args(filter))
}

fn web(tools: &Tools, filter: Option<&str>) -> Result<()> {
    tools.rust()?;
    tools.wasm_bindgen()?;
    tools.wasm_pack()?;
    let browser = Browser::find_or_install(tools)?;
    let mut wasm_pack = tools.command("wasm-pack")?;
    wasm_pack.args(["test", "--headless", "--chrome", "--mode", "no-install"]);
    wasm_pack.arg("--chromedriver").arg(&browser.driver);
    // Only what follows a second `--` is not given to `cargo build` as well.
    wasm_pack.args(["--", "--"]).args(filter);
    openly(wasm_pack.env("CHROMEDRIVER", &browser.driver))
}

/// `cargo test` of the end-to-end package, with all that it drives.
fn e2e(project: &Project, manifest: &Manifest, tools: &Tools) -> Result<Command> {
    let browser = Browser::find_or_install(tools)?;
    build::make(project, manifest, tools, false)?;
    step("collector", || {
        let mut cargo = tools.command("cargo")?;
        quietly(cargo.args(["build", "--package", "collector"])).map(drop)
    })?;
    let mut cargo = tools.command("cargo")?;
    cargo
        .args(["test", "--package", "e2e"])
        .env("CHROMEDRIVER", browser.driver)
        .env("CHROMIUM", browser.chromium)
        .env("NOSALE_COLLECTOR", project.program("debug", "collector"));
    Ok(cargo)
}

fn packages<'a>(names: &[&'a str]) -> Vec<&'a str> {
    names.iter().flat_map(|name| ["--package", name]).collect()
}
