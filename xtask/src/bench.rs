//! `cargo xtask bench`: what the core and the pages cost.

use clap::{Args, ValueEnum};

use crate::browser::Browser;
use crate::build;
use crate::error::Result;
use crate::manifest::Manifest;
use crate::node;
use crate::project::{PACKAGE, Project};
use crate::step::openly;
use crate::tools::Tools;

/// What is measured.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Part {
    /// The core, natively: time, and bytes allocated
    Core,
    /// A page's start in headless Chromium, beside other tools; takes some ten minutes and writes
    /// docs/benchmarks.md
    Page,
}

/// What the benchmarks can be told.
#[derive(Args, Debug)]
pub struct Options {
    /// Only this part; core if none is named
    part: Option<Part>,
    /// Only those whose name contains this; docs/benchmarks.md then stays as it is
    #[arg(requires = "part")]
    filter: Option<String>,
    /// How often each page is loaded
    #[arg(long, requires = "part")]
    runs: Option<usize>,
}

/// Runs them.
pub fn run(project: &Project, manifest: &Manifest, tools: &Tools, options: &Options) -> Result<()> {
    match options.part {
        None | Some(Part::Core) => core(tools, options),
        Some(Part::Page) => page(project, manifest, tools, options),
    }
}

fn core(tools: &Tools, options: &Options) -> Result<()> {
    tools.c_compiler()?;
    let mut cargo = tools.command("cargo")?;
    cargo.args(["bench", "--package", PACKAGE, "--benches", "--"]);
    openly(cargo.args(&options.filter))
}

fn page(project: &Project, manifest: &Manifest, tools: &Tools, options: &Options) -> Result<()> {
    let browser = Browser::find_or_install(tools)?;
    build::make(project, manifest, tools, false)?;
    node::PEERS.make(project, tools)?;
    let mut cargo = tools.command("cargo")?;
    cargo
        .args(["bench", "--package", "e2e", "--bench", "page"])
        // The work is the browser's: what drives it need not be compiled anew.
        .args(["--profile", "dev", "--"])
        .args(&options.filter)
        .env("CHROMEDRIVER", browser.driver)
        .env("CHROMIUM", browser.chromium)
        .env("NOSALE_PEERS", node::PEERS.output(project));
    if let Some(runs) = options.runs {
        cargo.args(["--runs", &runs.to_string()]);
    }
    openly(&mut cargo)
}
