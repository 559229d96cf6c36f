//! Everything that is done with this repository, behind `cargo xtask`. Each command first installs
//! what it needs and is missing.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod apt;
mod bench;
mod browser;
mod build;
mod bundle;
mod carry;
mod catalogue;
mod clients;
mod compress;
mod demo;
mod error;
mod fingerprint;
mod fuzz;
mod lint;
mod machine;
mod manifest;
mod map;
mod names;
mod node;
mod pack;
mod package;
mod plain;
mod project;
mod reproducible;
mod saved;
mod server;
mod sizes;
mod step;
mod strings;
mod test;
mod tools;
mod wasm;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::browser::Browser;
use crate::error::Result;
use crate::manifest::Manifest;
use crate::project::Project;
use crate::test::Part;
use crate::tools::Tools;

/// Builds, tests and shows nosale; installs what that needs.
#[derive(Parser)]
#[command(name = "xtask", bin_name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure the core, or a page's start in Chromium beside other tools
    Bench(bench::Options),
    /// Build dist/ and pkg/, print the size of each file, fail over budget
    Build {
        /// Do again what is done already
        #[arg(long)]
        force: bool,
    },
    /// The vendor catalogue
    #[command(subcommand)]
    Catalogue(catalogue::Command),
    /// Serve the demo publisher site, its third parties and the collector, on loopback
    Demo(demo::Options),
    /// Check format, clippy (native and wasm) and the types of the scripts
    Lint,
    /// Install everything that any command needs, and print the PATH for using the tools by hand
    Setup,
    /// Run what is too long for every run: many more property cases, ten minutes of each fuzz target,
    /// the ignored tests, all end-to-end tests without WebAssembly; `screenshots` takes pictures of the
    /// dialog in every state alone, `plain` runs those without WebAssembly alone
    Soak {
        /// Only those whose name contains this
        filter: Option<String>,
    },
    /// Run the tests: native, then web, then end to end
    Test {
        /// Only this part
        part: Option<Part>,
        /// Only those whose name contains this
        #[arg(requires = "part")]
        filter: Option<String>,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    let project = Project::find()?;
    let manifest = Manifest::read(&project)?;
    let tools = Tools::new(&project, &manifest)?;
    match command {
        Command::Bench(options) => bench::run(&project, &manifest, &tools, &options),
        Command::Build { force } => build::run(&project, &manifest, &tools, force),
        Command::Catalogue(command) => catalogue::run(&project, &command),
        Command::Demo(options) => demo::run(&project, &manifest, &tools, &options),
        Command::Lint => lint::run(&tools),
        Command::Setup => setup(&tools),
        Command::Soak { filter } => test::soak(&project, &manifest, &tools, filter.as_deref()),
        Command::Test { part, filter } => {
            test::run(&project, &manifest, &tools, part, filter.as_deref())
        }
    }
}

fn setup(tools: &Tools) -> Result<()> {
    tools.for_build()?;
    tools.c_plus_plus_compiler()?;
    tools.clients()?;
    tools.npm_ci(node::BUNDLED.path)?;
    Browser::find_or_install(tools)?;
    apt::fonts(tools)?;
    let directories = tools.directories();
    let directories: Vec<_> = directories
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    println!("export PATH=\"{}:$PATH\"", directories.join(":"));
    Ok(())
}
