//! `cargo xtask build`: `dist/` and `pkg/`, in stages that run only when something changed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::slice;

use crate::bundle;
use crate::carry::Carrier;
use crate::error::{Error, Result};
use crate::fingerprint::Stage;
use crate::machine::Machine;
use crate::manifest::{self, Manifest};
use crate::map::Map;
use crate::pack::pack;
use crate::package;
use crate::plain;
use crate::project::{Project, remove};
use crate::sizes::{BEST, Listing, brotli_at};
use crate::step::{quietly, step};
use crate::tools::Tools;
use crate::wasm;

/// What everything is made from, the build's own program included.
const SOURCES: [&str; 9] = [
    "src",
    "www",
    "xtask/src",
    "xtask/unpack",
    "build.rs",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    manifest::FILE,
];

/// Builds everything, prints the sizes, and fails if a file is over its budget.
pub fn run(project: &Project, manifest: &Manifest, tools: &Tools, force: bool) -> Result<()> {
    make(project, manifest, tools, force)?;
    let listing = Listing::read(&project.dist())?;
    print!(
        "{}\n{}",
        listing.table(&manifest.bundles),
        map(project, manifest, tools)?
    );
    listing.check(&manifest.bundles)
}

/// The table of what each part of nosale.js costs; which functions can panic goes into a file.
fn map(project: &Project, manifest: &Manifest, tools: &Tools) -> Result<String> {
    let (table, panicking) = ["map.txt", "panicking.txt"]
        .map(|file| project.work().join(file))
        .into();
    let dist = project.dist();
    let stage = Stage {
        name: "map",
        root: &project.root,
        inputs: &[&dist, Path::new("xtask/src")],
        outputs: &[table.clone(), panicking.clone()],
        mark: project.work().join("map.mark"),
    };
    stage.run(false, || {
        let made = wasm::Paths::new(project);
        let read = |path: &Path| fs::read_to_string(path).map_err(Error::file(path));
        let mut map = Map::default();
        map.add_module(&wasm::named(&manifest.wasm, tools, &made)?)?;
        let main = &manifest.bundles[0];
        let meta = bundle::meta(project, main);
        let parsed = serde_json::from_str(&read(&meta)?);
        map.add_scripts(
            &parsed.map_err(|error| Error::invalid(meta.display().to_string(), error))?,
        );
        let whole = brotli_at(BEST, read(&dist.join(&main.file))?.as_bytes());
        let module = brotli_at(BEST, read(&made.literal)?.as_bytes());
        write(&table, &map.table([module, whole.saturating_sub(module)]))?;
        write(&panicking, &map.panicking())
    })?;
    let text = fs::read_to_string(&table).map_err(Error::file(&table))?;
    Ok(format!("{text}which: {}\n", panicking.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(Error::file(path))
}

/// Builds everything.
pub fn make(project: &Project, manifest: &Manifest, tools: &Tools, force: bool) -> Result<()> {
    tools.for_build()?;
    // `dist/` and `pkg/` are the checkout's, wherever the target directory is: one build at a time.
    let manifest_file = project.root.join(manifest::FILE);
    let lock = File::open(&manifest_file).map_err(Error::file(&manifest_file))?;
    lock.lock().map_err(Error::file(&manifest_file))?;
    let work = project.work();
    fs::create_dir_all(&work).map_err(Error::file(&work))?;
    let (root, sources) = (project.root.as_path(), SOURCES.map(Path::new));
    let (dist, pkg) = (project.dist(), root.join("pkg"));
    let made = wasm::Paths::new(project);

    let module = [&made.module, &made.unpacker, &made.glue].map(PathBuf::clone);
    let stage = Stage {
        name: "wasm module",
        root,
        inputs: &sources,
        outputs: &module,
        mark: work.join("module.mark"),
    };
    stage.run(force, || wasm::make(project, &manifest.wasm, tools, &made))?;

    // Apart from `dist/`, because it takes longest and scripts change more often than the module.
    let stage = Stage {
        name: "carrier of the module",
        root,
        inputs: &[
            &made.module,
            &made.unpacker,
            Path::new("xtask/src/carry.rs"),
            Path::new("xtask/src/pack.rs"),
            Path::new("xtask/unpack"),
        ],
        outputs: &[made.carrier.clone(), made.literal.clone()],
        mark: work.join("carrier.mark"),
    };
    stage.run(force, || {
        step("carrier of the module", || {
            let wasm = fs::read(&made.module).map_err(Error::file(&made.module))?;
            let unpacker = fs::read(&made.unpacker).map_err(Error::file(&made.unpacker))?;
            let Carrier { module, literal } = Carrier::of(&unpacker, &pack(&wasm)?);
            fs::write(&made.carrier, module).map_err(Error::file(&made.carrier))?;
            fs::write(&made.literal, literal).map_err(Error::file(&made.literal))
        })
    })?;

    let stage = Stage {
        name: "module as plain JavaScript",
        root,
        inputs: &[
            &made.module,
            Path::new("xtask/src/carry.rs"),
            Path::new("xtask/src/plain.rs"),
            Path::new("www/package-lock.json"),
            Path::new(manifest::FILE),
        ],
        outputs: &[made.plain.clone(), made.plain_literal.clone()],
        mark: work.join("plain.mark"),
    };
    stage.run(force, || {
        step("wasm2js", || plain::make(&manifest.wasm, tools, &made))
    })?;

    let stage = Stage {
        name: "dist/",
        root,
        inputs: &sources,
        outputs: slice::from_ref(&dist),
        mark: work.join("dist.mark"),
    };
    stage.run(force, || {
        step("dist/", || bundle::make(project, manifest, tools, &made))
    })?;

    // wasm-pack puts these into the package.
    let beside = ["LICENSE", "README.md"].map(Path::new);
    let stage = Stage {
        name: "pkg/",
        root,
        inputs: &[&sources[..], &beside].concat(),
        outputs: slice::from_ref(&pkg),
        mark: work.join("pkg.mark"),
    };
    stage.run(force, || {
        step("pkg/", || {
            remove(&pkg)?;
            let machine = Machine::of(project, tools)?;
            let mut wasm_pack = tools.command("wasm-pack")?;
            wasm_pack.args(["build", "--mode", "no-install", "--target", "web"]);
            wasm_pack.env("CARGO_ENCODED_RUSTFLAGS", machine.rustflags(&[]));
            quietly(wasm_pack.arg("--out-dir").arg(&pkg))?;
            machine.check(&pkg.join("nosale_bg.wasm"))?;
            package::complete(project, &made, &pkg)
        })
    })
}
