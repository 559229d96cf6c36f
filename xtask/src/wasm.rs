//! The module: compiled with its own standard library, bound by wasm-bindgen, optimized by wasm-opt,
//! and checked.

use std::fs;
use std::path::{Path, PathBuf};

use wasmparser::{Parser, Payload, Validator, WasmFeatures};

use crate::error::{Error, Result};
use crate::machine::Machine;
use crate::manifest::{self, Wasm};
use crate::project::{PACKAGE, Project, WASM_TARGET, remove};
use crate::step::{quietly, step};
use crate::tools::Tools;
use crate::{names, saved};

/// The crate that unpacks the module in the browser.
const UNPACKER: &str = "unpack";

/// The stack comes first in memory, and half of the ordinary one makes every address a byte shorter.
const STACK: &str = "-Clink-arg=-zstack-size=524288";

/// Unpacking needs next to none.
const UNPACKER_STACK: &str = "-Clink-arg=-zstack-size=4096";

/// Where the stages of the module lie.
pub struct Paths {
    cargo: PathBuf,
    /// The folder with what the compiler made.
    compiled: PathBuf,
    bindgen: PathBuf,
    /// The module with names, for the map.
    named: PathBuf,
    /// The JavaScript that wasm-bindgen wrote, with short names; its snippets lie beside it.
    pub glue: PathBuf,
    /// The finished module.
    pub module: PathBuf,
    /// The module that unpacks it.
    pub unpacker: PathBuf,
    /// The script that carries both, but for the string.
    pub carrier: PathBuf,
    /// The string.
    pub literal: PathBuf,
    /// The module as plain JavaScript, but for the string with its data.
    pub plain: PathBuf,
    /// That string.
    pub plain_literal: PathBuf,
}

impl Paths {
    /// Below the build's work directory.
    pub fn new(project: &Project) -> Self {
        let work = project.work();
        let (cargo, bindgen) = (work.join("cargo"), work.join("bindgen"));
        Self {
            compiled: cargo.join(WASM_TARGET).join("dist"),
            glue: bindgen.join("glue.js"),
            module: work.join("nosale.wasm"),
            carrier: work.join("carrier.js"),
            unpacker: work.join("unpack.wasm"),
            literal: work.join("carrier.txt"),
            named: work.join("named"),
            plain: work.join("plain.js"),
            plain_literal: work.join("plain.txt"),
            cargo,
            bindgen,
        }
    }
}

/// Makes the module and its glue.
pub fn make(project: &Project, wasm: &Wasm, tools: &Tools, paths: &Paths) -> Result<()> {
    step("wasm: compile", || {
        compile(project, wasm, tools, paths, PACKAGE, STACK)?;
        compile(project, wasm, tools, paths, UNPACKER, UNPACKER_STACK)
    })?;
    step("wasm: bind", || {
        let compiled = paths.compiled.join("nosale.wasm");
        let module = fs::read(&compiled).map_err(Error::file(&compiled))?;
        for (bound, dropped) in [
            (&paths.bindgen, &["target_features", "name"][..]),
            (&paths.named, &["target_features"]),
        ] {
            remove(bound)?;
            let stripped = bound.with_extension("wasm");
            fs::write(&stripped, without(&module, dropped)?).map_err(Error::file(&stripped))?;
            bind(tools, &stripped, bound)?;
        }
        Ok(())
    })?;
    step("wasm: optimize", || {
        let mut wasm_opt = tools.command("wasm-opt")?;
        wasm_opt
            .args(wasm.wasm_opt_arguments())
            .arg(paths.bindgen.join("nosale_bg.wasm"))
            .arg(names::PASS)
            .arg("-o")
            .arg(&paths.module);
        let renamed = quietly(&mut wasm_opt)?;
        let long = paths.bindgen.join("nosale.js");
        let glue = fs::read_to_string(&long).map_err(Error::file(&long))?;
        let glue = saved::save(&names::shorten(&glue, &renamed)?)?;
        fs::write(&paths.glue, glue).map_err(Error::file(&paths.glue))?;
        let mut wasm_opt = tools.command("wasm-opt")?;
        wasm_opt
            .args(wasm.wasm_opt_arguments())
            .arg(paths.compiled.join("unpack.wasm"))
            .arg("-o")
            .arg(&paths.unpacker);
        quietly(&mut wasm_opt).map(drop)
    })?;
    for module in [&paths.module, &paths.unpacker] {
        let bytes = fs::read(module).map_err(Error::file(module))?;
        check_features(&bytes, &wasm.features)?;
        Machine::of(project, tools)?.check(module)?;
    }
    Ok(())
}

/// `cdylib` alone, because Cargo drops link-time optimization when it builds the `rlib` as well.
fn compile(
    project: &Project,
    wasm: &Wasm,
    tools: &Tools,
    paths: &Paths,
    package: &str,
    stack: &str,
) -> Result<()> {
    let machine = Machine::of(project, tools)?;
    let mut cargo = tools.command("cargo")?;
    cargo
        .args(["rustc", "--package", package, "--lib"])
        .args(["--crate-type", "cdylib", "--profile", "dist"])
        .args(["--target", WASM_TARGET, "--target-dir"])
        .arg(&paths.cargo)
        .args(["-Z", "build-std=std,panic_abort"])
        .args(["-Z", "build-std-features=optimize_for_size"])
        .env(
            "CARGO_ENCODED_RUSTFLAGS",
            machine.rustflags(&wasm.rustflags),
        )
        // The pinned stable compiler takes -Z flags with this.
        .env("RUSTC_BOOTSTRAP", "1")
        .args(["--", stack]);
    quietly(&mut cargo).map(drop)
}

/// Without the custom sections of these names. Without `target_features`, wasm-bindgen keeps its
/// object table in JavaScript.
fn without(module: &[u8], names: &[&str]) -> Result<Vec<u8>> {
    let refused = |error| Error::invalid("the compiled module", error);
    let mut stripped = module.get(..8).unwrap_or_default().to_vec();
    let mut start = stripped.len();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.map_err(refused)?;
        let Some((_, range)) = payload.as_section() else {
            continue;
        };
        let end = range.end as usize;
        let kept =
            !matches!(&payload, Payload::CustomSection(custom) if names.contains(&custom.name()));
        if kept {
            stripped.extend(&module[start..end]);
        }
        start = end;
    }
    Ok(stripped)
}

/// Names of functions stay, if the module has them.
fn bind(tools: &Tools, module: &Path, folder: &Path) -> Result<()> {
    let mut bindgen = tools.command("wasm-bindgen")?;
    bindgen
        .args(["--target", "web", "--no-typescript", "--out-name", PACKAGE])
        .args(["--remove-producers-section", "--out-dir"])
        .args([folder, module]);
    quietly(&mut bindgen).map(drop)
}

/// The finished module with the names of its functions, for the map.
pub fn named(wasm: &Wasm, tools: &Tools, paths: &Paths) -> Result<Vec<u8>> {
    let module = paths.named.join("named.wasm");
    let mut wasm_opt = tools.command("wasm-opt")?;
    wasm_opt
        .arg("-g")
        .args(wasm.wasm_opt_arguments())
        .arg(paths.named.join("nosale_bg.wasm"))
        .arg("-o")
        .arg(&module);
    quietly(&mut wasm_opt)?;
    fs::read(&module).map_err(Error::file(&module))
}

/// Fails if the module needs anything that the manifest does not name: `externref` above all, which
/// comes back if wasm-bindgen sees which features are in use.
fn check_features(module: &[u8], names: &[String]) -> Result<()> {
    let mut features = WasmFeatures::WASM1;
    for name in names {
        features |= feature(name)?;
    }
    let refused = |error| {
        let allowed = names.join(", ");
        let reason = format!("{error}; {} allows only {allowed}", manifest::FILE);
        Error::invalid("the built module", reason)
    };
    let mut validator = Validator::new_with_features(features);
    validator.validate_all(module).map(drop).map_err(refused)
}

fn feature(name: &str) -> Result<WasmFeatures> {
    Ok(match name {
        "bulk-memory" => WasmFeatures::BULK_MEMORY,
        "multivalue" => WasmFeatures::MULTI_VALUE,
        "mutable-globals" => WasmFeatures::MUTABLE_GLOBAL,
        "nontrapping-float-to-int" => WasmFeatures::SATURATING_FLOAT_TO_INT,
        "reference-types" => WasmFeatures::REFERENCE_TYPES,
        "sign-ext" => WasmFeatures::SIGN_EXTENSION,
        _ => {
            let reason = format!("wasm.features: `{name}` is not known here; add it to xtask too");
            return Err(Error::invalid(manifest::FILE, reason));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &[u8] = b"\0asm\x01\0\0\0";

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn externref_is_refused_unless_named() {
        // One type: a function from externref (0x6f) to nothing; one import of that type.
        let types: &[u8] = &[1, 5, 1, 0x60, 1, 0x6f, 0];
        let imports: &[u8] = &[2, 7, 1, 1, b'm', 1, b'f', 0, 0];
        let module = [HEADER, types, imports].concat();
        let error = check_features(&module, &names(&["bulk-memory"])).unwrap_err();
        assert!(error.to_string().contains("allows only bulk-memory"));
        check_features(&module, &names(&["reference-types"])).unwrap();
    }

    #[test]
    fn only_the_named_sections_are_dropped() {
        let text = r#"(module (@custom "name" (before first) "") (memory 1) (@custom "kept" "a"))"#;
        let module = wat::parse_str(text).unwrap();
        assert_eq!(without(&module, &[]).unwrap(), module);
        let stripped = without(&module, &["name"]).unwrap();
        let kept = wat::parse_str(r#"(module (memory 1) (@custom "kept" "a"))"#).unwrap();
        assert_eq!(stripped, kept);
        assert!(without(b"no module", &[]).is_err());
    }

    #[test]
    fn a_plain_module_passes() {
        check_features(HEADER, &[]).unwrap();
    }

    #[test]
    fn an_unknown_feature_is_named() {
        let error = check_features(HEADER, &names(&["tail-call"])).unwrap_err();
        assert!(error.to_string().contains("`tail-call` is not known"));
    }
}
