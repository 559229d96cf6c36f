//! Set-up: finds each tool that a command needs, and installs what is missing.
//!
//! Cargo's tools go to the user's cache directory by version, so that the next checkout finds them;
//! npm's go to the node_modules of their package.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::apt;
use crate::clients;
use crate::error::{Error, Result};
use crate::fingerprint;
use crate::manifest::{self, Manifest};
use crate::project::{Project, WASM_TARGET};
use crate::step::{quietly, skipped, step};

/// What helps where there is no C++ compiler and none can be installed.
const CXX: &str = "install a C++ compiler, or set CXX to one";

/// The tools of one checkout.
pub struct Tools<'a> {
    project: &'a Project,
    manifest: &'a Manifest,
    cache: PathBuf,
}

impl<'a> Tools<'a> {
    /// Nothing is looked for yet.
    pub fn new(project: &'a Project, manifest: &'a Manifest) -> Result<Self> {
        let home = |name| env::var_os(name).filter(|value| !value.is_empty());
        let cache = match (home("XDG_CACHE_HOME"), home("HOME")) {
            (Some(cache), _) => PathBuf::from(cache),
            (None, Some(home)) => PathBuf::from(home).join(".cache"),
            (None, None) => {
                let reason = "one of them must be set, to know where tools are kept";
                return Err(Error::invalid("XDG_CACHE_HOME, HOME", reason));
            }
        };
        Ok(Self {
            project,
            manifest,
            cache: cache.join("nosale").join("tools"),
        })
    }

    /// A command in the checkout's root that finds all tools on its PATH.
    pub fn command(&self, program: &str) -> Result<Command> {
        let path = self.path();
        let found = find(program, &path).ok_or_else(|| missing(program))?;
        let mut command = Command::new(found);
        command.current_dir(&self.project.root).env("PATH", path);
        Ok(command)
    }

    /// The directories that set-up adds to PATH.
    pub fn directories(&self) -> Vec<PathBuf> {
        let tools = &self.manifest.tools;
        vec![
            self.cargo_tool("wasm-pack", &tools.wasm_pack).join("bin"),
            self.cargo_tool("wasm-bindgen-cli", &tools.wasm_bindgen_cli)
                .join("bin"),
            self.project.root.join("www/node_modules/.bin"),
        ]
    }

    /// A C compiler, for crates with C in them (SQLite).
    pub fn c_compiler(&self) -> Result<()> {
        self.command("cc").map(drop)
    }

    /// A C++ compiler, for the fuzzer's runtime. As root on a Debian system it is installed.
    pub fn c_plus_plus_compiler(&self) -> Result<()> {
        let named = env::var_os("CXX").is_some_and(|value| !value.is_empty());
        if named || self.command("c++").is_ok() {
            return Ok(());
        }
        apt::install(self, "c++", &["g++"], CXX)?;
        self.command("c++").map(drop)
    }

    /// The wasm target, the standard library's source, rustfmt and clippy, for the pinned compiler.
    pub fn rust(&self) -> Result<()> {
        let sysroot = quietly(self.command("rustc")?.args(["--print", "sysroot"]))?;
        let sysroot = Path::new(sysroot.trim());
        let wanted = [
            (
                "target",
                WASM_TARGET,
                sysroot.join("lib/rustlib").join(WASM_TARGET),
            ),
            (
                "component",
                "rust-src",
                sysroot.join("lib/rustlib/src/rust/library/std"),
            ),
            ("component", "clippy", sysroot.join("bin/cargo-clippy")),
            ("component", "rustfmt", sysroot.join("bin/cargo-fmt")),
        ];
        for (kind, name, place) in wanted {
            self.ensure(&format!("rustup {kind} {name}"), &place, || {
                let mut rustup = self.command("rustup")?;
                rustup.args([kind, "add", "--toolchain", &self.channel()?, name]);
                quietly(&mut rustup).map(drop)
            })?;
        }
        Ok(())
    }

    /// wasm-bindgen, at the version of the library.
    pub fn wasm_bindgen(&self) -> Result<()> {
        let version = &self.manifest.tools.wasm_bindgen_cli;
        self.cargo_install("wasm-bindgen-cli", version, "wasm-bindgen")
    }

    /// wasm-pack.
    pub fn wasm_pack(&self) -> Result<()> {
        self.cargo_install("wasm-pack", &self.manifest.tools.wasm_pack, "wasm-pack")
    }

    /// Firefox's driver.
    pub fn geckodriver(&self) -> Result<PathBuf> {
        let (name, version) = ("geckodriver", &self.manifest.tools.geckodriver);
        self.cargo_install(name, version, name)?;
        Ok(self.cargo_tool(name, version).join("bin").join(name))
    }

    /// What www/package.json names: binaryen, esbuild, TypeScript.
    pub fn npm(&self) -> Result<()> {
        let www = self.npm_ci("www")?;
        for (name, version) in self.manifest.tools.npm() {
            check_installed(&www, name, version)?;
        }
        Ok(())
    }

    /// The ad clients of the end-to-end tests.
    pub fn clients(&self) -> Result<()> {
        self.npm_ci(clients::FOLDER).map(drop)
    }

    /// Everything that is needed to make `dist/` and `pkg/`.
    pub fn for_build(&self) -> Result<()> {
        self.c_compiler()?;
        self.rust()?;
        self.wasm_bindgen()?;
        self.wasm_pack()?;
        self.npm()
    }

    fn path(&self) -> OsString {
        let inherited = env::var_os("PATH").unwrap_or_default();
        let all = self.directories().into_iter();
        let all = all.chain(env::split_paths(&inherited));
        // Only a directory with a colon in its name cannot be joined, and then nothing is found.
        env::join_paths(all).unwrap_or(inherited)
    }

    /// Installs what a folder's package-lock.json names, and gives the folder's path. Packages run no
    /// scripts of theirs.
    pub fn npm_ci(&self, folder: &str) -> Result<PathBuf> {
        let place = self.project.root.join(folder);
        // `npm ci` begins by removing node_modules, and this mark with it.
        let mark = place.join("node_modules/.installed");
        let lock = ["package.json", "package-lock.json"].map(Path::new);
        let wanted = fingerprint::of(&place, &lock)?;
        let done = || fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted);
        self.unless(done, &format!("npm packages of {folder}"), || {
            self.command("node")?;
            let mut npm = self.command("npm")?;
            quietly(npm.args(["ci", "--ignore-scripts"]).current_dir(&place))?;
            fs::write(&mark, &wanted).map_err(Error::file(&mark))
        })?;
        Ok(place)
    }

    fn cargo_tool(&self, name: &str, version: &str) -> PathBuf {
        self.cache.join(format!("{name}-{version}"))
    }

    fn cargo_install(&self, name: &str, version: &str, program: &str) -> Result<()> {
        let place = self.cargo_tool(name, version);
        let title = format!("{name} {version} (some minutes when it must be compiled)");
        self.ensure(&title, &place.join("bin").join(program), || {
            let mut cargo = self.command("cargo")?;
            cargo
                .args(["install", name, "--version", version, "--locked", "--root"])
                .arg(&place)
                .env_remove("CARGO_TARGET_DIR");
            quietly(&mut cargo).map(drop)
        })
    }

    /// The toolchain that rust-toolchain.toml pins.
    fn channel(&self) -> Result<String> {
        #[derive(Deserialize)]
        struct Pin {
            toolchain: Toolchain,
        }
        #[derive(Deserialize)]
        struct Toolchain {
            channel: String,
        }
        let path = self.project.root.join("rust-toolchain.toml");
        let text = fs::read_to_string(&path).map_err(Error::file(&path))?;
        let pin: Pin = toml::from_str(&text)
            .map_err(|error| Error::invalid(path.display().to_string(), error))?;
        Ok(pin.toolchain.channel)
    }

    fn ensure(&self, name: &str, place: &Path, install: impl FnOnce() -> Result<()>) -> Result<()> {
        self.unless(|| place.exists(), name, install)
    }

    /// Installs under a lock, so that two runs at once do not install the same thing twice.
    fn unless(
        &self,
        done: impl Fn() -> bool,
        name: &str,
        install: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        if done() {
            return Ok(());
        }
        fs::create_dir_all(&self.cache).map_err(Error::file(&self.cache))?;
        let path = self.cache.join(".lock");
        let lock = File::create(&path).map_err(Error::file(&path))?;
        lock.lock().map_err(Error::file(&path))?;
        if done() {
            skipped(name);
            return Ok(());
        }
        step(name, install)
    }
}

/// Looks a program up in a PATH.
pub fn find(program: &str, path: &OsString) -> Option<PathBuf> {
    let name = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(path)
        .map(|directory| directory.join(&name))
        .find(|candidate| candidate.is_file())
}

/// Fails if www/package.json brings another version of a package than the manifest names.
fn check_installed(www: &Path, name: &str, version: &str) -> Result<()> {
    #[derive(Deserialize)]
    struct Package {
        version: String,
    }
    let path = www.join("node_modules").join(name).join("package.json");
    let text = fs::read_to_string(&path).map_err(Error::file(&path))?;
    let package: Package = serde_json::from_str(&text)
        .map_err(|error| Error::invalid(path.display().to_string(), error))?;
    if package.version == version {
        return Ok(());
    }
    let installed = package.version;
    let reason = format!("tools.{name} is {version}, but www/package.json brings {installed}");
    Err(Error::invalid(manifest::FILE, reason))
}

fn missing(program: &str) -> Error {
    let remedy = match program {
        "cc" => "install a C compiler, on Debian with `apt-get install gcc libc6-dev`",
        "c++" => CXX,
        "node" | "npm" => "install Node.js 18 or newer with npm, from nodejs.org or your system",
        "rustup" => "install it from rustup.rs: it adds what the pinned compiler lacks",
        "cargo" | "rustc" => "install Rust with rustup, from rustup.rs",
        _ => "run `cargo xtask setup`",
    };
    Error::Missing {
        program: program.into(),
        remedy: remedy.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_of_a_package_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        let www = directory.path();
        let package = www.join("node_modules/esbuild");
        fs::create_dir_all(&package).unwrap();
        fs::write(package.join("package.json"), r#"{"version": "1.2.3"}"#).unwrap();
        check_installed(www, "esbuild", "1.2.3").unwrap();
        let error = check_installed(www, "esbuild", "1.2.4").unwrap_err();
        assert_eq!(
            error.to_string(),
            "wasm-pack.toml: tools.esbuild is 1.2.4, but www/package.json brings 1.2.3"
        );
    }

    #[test]
    fn tools_come_first_on_the_path() {
        let (project, path) = (Project::here(), env::var_os("PATH").unwrap());
        let manifest = Manifest::read(&project).unwrap();
        let tools = Tools::new(&project, &manifest).unwrap();
        let places: Vec<PathBuf> = env::split_paths(&tools.path()).collect();
        let inherited: Vec<PathBuf> = env::split_paths(&path).collect();
        assert_eq!(places, [tools.directories(), inherited].concat());
        let version = &manifest.tools.wasm_bindgen_cli;
        assert!(places[1].ends_with(format!("nosale/tools/wasm-bindgen-cli-{version}/bin")));
    }

    #[test]
    fn what_is_missing_is_said_with_a_remedy() {
        let (project, manifest) = (Project::here(), Manifest::read(&Project::here()).unwrap());
        let tools = Tools::new(&project, &manifest).unwrap();
        let error = tools.command("no-such-program").unwrap_err().to_string();
        assert!(error.contains("`no-such-program` was not found"), "{error}");
        assert!(missing("cc").to_string().contains("apt-get install gcc"));
    }
}
