//! `cargo xtask test` and `soak`.

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use clap::ValueEnum;

use crate::apt;
use crate::browser::{Browser, Firefox};
use crate::build;
use crate::clients::Clients;
use crate::error::{Error, Result};
use crate::fuzz;
use crate::manifest::Manifest;
use crate::node;
use crate::project::{PACKAGE, Project};
use crate::reproducible;
use crate::step::{Parts, openly, quietly, step};
use crate::strings;
use crate::tools::Tools;

/// The packages whose tests need neither a browser nor a build.
const NATIVE: [&str; 4] = [PACKAGE, "collector", "demo", "xtask"];

/// The part of `soak` that takes pictures of the dialog, and the folder they lie in, below cargo's
/// target directory.
const SCREENSHOTS: &str = "screenshots";

/// The part of `soak` that runs the end-to-end tests without WebAssembly.
const PLAIN: &str = "plain";

/// How many cases `soak` tries of each property.
const SOAK_CASES: &str = "100000";

/// How long a fuzz target tries inputs in every run, and in `soak`.
const FUZZ: Duration = Duration::from_secs(5);
const SOAK_FUZZ: Duration = Duration::from_secs(600);

/// Which end-to-end tests cannot apply without WebAssembly, and why.
const WASM_ONLY: &str = "tests/data/wasm-only.toml";

/// With how many threads wasm-bindgen's test server begins.
const SERVER_THREADS: usize = 4;

/// A part of the tests.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Part {
    /// The core, the collector, the demo site and xtask, as native tests; then the fuzz target.
    Native,
    /// The module in a headless Chromium, by wasm-pack.
    Web,
    /// The shipped files on real pages with real ad clients, over WebDriver; then the GPP strings of
    /// those pages, by two readers.
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
        if fuzz::GPP.is_chosen(filter) {
            parts.run("fuzz", || fuzz::run(project, tools, &fuzz::GPP, FUZZ));
        }
    }
    if chosen(Part::Web) {
        parts.run("web", || web(tools, filter));
    }
    if chosen(Part::E2e) {
        // A part of its own: a file over its budget fails the run, and the tests are run as well.
        parts.run("build", || build::run(project, manifest, tools, false));
        let arguments: Vec<&str> = filter.into_iter().collect();
        let run = E2e::new(project, manifest, tools, false);
        run.add_to(&mut parts, &arguments, filter.is_some());
    }
    parts.finish()
}

/// What takes too long for every run: the properties many more times, the fuzz targets for longer,
/// and the tests that are ignored otherwise.
pub fn soak(
    project: &Project,
    manifest: &Manifest,
    tools: &Tools,
    filter: Option<&str>,
) -> Result<()> {
    let mut parts = Parts::default();
    let arguments = [filter.unwrap_or("soak_"), "--", "--ignored"];
    let in_firefox = filter != Some(SCREENSHOTS);
    let end_to_end = E2e::new(project, manifest, tools, in_firefox);
    if filter == Some(SCREENSHOTS) {
        end_to_end.add_to(&mut parts, &arguments, true);
        return parts.finish();
    }
    if filter == Some(PLAIN) {
        end_to_end.add_plain_to(&mut parts);
        return parts.finish();
    }
    if filter == Some(reproducible::PART) {
        parts.run(reproducible::PART, || {
            tools.for_build()?;
            reproducible::check(project)
        });
        return parts.finish();
    }
    parts.run("native", || {
        tools.c_compiler()?;
        let mut cargo = tools.command("cargo")?;
        cargo
            .args(["test", "--release"])
            .args(packages(&[PACKAGE, "collector"]));
        cargo.args(filter).args(["--", "--include-ignored"]);
        openly(cargo.env("PROPTEST_CASES", SOAK_CASES))
    });
    for target in [&fuzz::GPP, &fuzz::BODY] {
        if target.is_chosen(filter) {
            parts.run("fuzz", || fuzz::run(project, tools, target, SOAK_FUZZ));
        }
    }
    if filter.is_none() {
        parts.run(reproducible::PART, || {
            tools.for_build()?;
            reproducible::check(project)
        });
    }
    end_to_end.add_to(&mut parts, &arguments, true);
    if filter.is_none() {
        end_to_end.add_plain_to(&mut parts);
    }
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
    wasm_pack.env("CHROMEDRIVER", &browser.driver);
    let address = free_address()?;
    wasm_pack.env("WASM_BINDGEN_TEST_ADDRESS", address.to_string());
    let ended = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| occupy(address, &ended));
        let result = openly(&mut wasm_pack);
        ended.store(true, Ordering::Relaxed);
        result
    })
}

fn free_address() -> Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map_err(Error::file("127.0.0.1".as_ref()))
}

/// Keeps the threads that wasm-bindgen's test server begins with busy, so that it starts a new one
/// for each of the browser's connections. Its pool (tiny_http 0.12) counts a thread that it has just
/// woken as free: of six connections at once two may never be read, and the page, which is of many
/// modules, then waits for ever.
fn occupy(address: SocketAddr, ended: &AtomicBool) {
    let mut held = Vec::new();
    while !ended.load(Ordering::Relaxed) {
        if held.len() < SERVER_THREADS
            && let Ok(connection) = TcpStream::connect(address)
        {
            held.push(connection);
        } else {
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The end-to-end tests, with all that they drive.
struct E2e<'a> {
    project: &'a Project,
    manifest: &'a Manifest,
    tools: &'a Tools<'a>,
    clients: Clients<'a>,
    /// Whether some of them run in Firefox as well.
    in_firefox: bool,
}

impl<'a> E2e<'a> {
    fn new(
        project: &'a Project,
        manifest: &'a Manifest,
        tools: &'a Tools<'a>,
        in_firefox: bool,
    ) -> Self {
        Self {
            project,
            manifest,
            tools,
            clients: Clients::new(project),
            in_firefox,
        }
    }

    /// Runs the tests; if they pass, has the GPP strings that pages got in them read by two readers.
    /// There must be some, unless only a few tests run.
    fn add_to(&self, parts: &mut Parts, arguments: &[&str], few: bool) {
        let passed = parts.run("e2e", || openly(self.command()?.args(arguments)));
        if passed {
            parts.run("strings", || strings::check(&self.clients, self.tools, few));
        }
    }

    /// Runs the tests in browsers that have no WebAssembly, but for those that cannot apply there.
    fn add_plain_to(&self, parts: &mut Parts) {
        parts.run("e2e, plain", || {
            let mut cargo = self.command()?;
            cargo.args(["--test", "it", "--"]);
            for name in wasm_only(self.project)?.into_keys() {
                cargo.args(["--skip", &name]);
            }
            openly(cargo.env("NOSALE_ENGINE", "js"))
        });
    }

    fn command(&self) -> Result<Command> {
        let Self { project, tools, .. } = self;
        let browser = Browser::find_or_install(tools)?;
        apt::fonts(tools)?;
        build::make(project, self.manifest, tools, false)?;
        self.clients.make(tools)?;
        node::BUNDLED.make(project, tools)?;
        step("collector", || {
            let mut cargo = tools.command("cargo")?;
            quietly(cargo.args(["build", "--package", "collector"])).map(drop)
        })?;
        let mut cargo = tools.command("cargo")?;
        cargo
            .args(["test", "--package", "e2e"])
            .env("CHROMEDRIVER", browser.driver)
            .env("CHROMIUM", browser.chromium)
            .env("NOSALE_BUNDLED", node::BUNDLED.output(project))
            .env("NOSALE_CLIENTS", &self.clients.bundles)
            .env("NOSALE_COLLECTOR", project.program("debug", "collector"))
            .env("NOSALE_SCREENSHOTS", project.target.join(SCREENSHOTS))
            .env("NOSALE_STRINGS", &self.clients.strings);
        if self.in_firefox {
            let firefox = Firefox::find_or_install(tools)?;
            cargo
                .env("GECKODRIVER", firefox.driver)
                .env("FIREFOX", firefox.firefox);
        }
        Ok(cargo)
    }
}

/// The end-to-end tests that cannot apply without WebAssembly, each with the reason.
fn wasm_only(project: &Project) -> Result<BTreeMap<String, String>> {
    let path = project.root.join(WASM_ONLY);
    let text = fs::read_to_string(&path).map_err(Error::file(&path))?;
    toml::from_str(&text).map_err(|error| Error::invalid(WASM_ONLY, error))
}

fn packages<'a>(names: &[&'a str]) -> Vec<&'a str> {
    names.iter().flat_map(|name| ["--package", name]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A test that has another name now would be left out no longer, and nobody would know why.
    #[test]
    fn what_is_left_out_without_webassembly_is_there() {
        let project = Project::here();
        for (name, reason) in wasm_only(&project).unwrap() {
            let (path, test) = name.rsplit_once("::").unwrap();
            let tests = project.root.join("tests/e2e/tests/it");
            let file = tests.join(path.replace("::", "/")).with_extension("rs");
            let folder = tests.join(path).join("mod.rs");
            let text = fs::read_to_string(file).or_else(|_| fs::read_to_string(folder));
            assert!(
                text.unwrap().contains(&format!("async fn {test}")),
                "{name}"
            );
            assert!(!reason.is_empty(), "{name}");
        }
    }
}
