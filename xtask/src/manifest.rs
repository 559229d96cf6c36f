//! `wasm-pack.toml`, the build manifest.

use std::path::PathBuf;

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::project::Project;

/// The manifest's name, in the root of the checkout.
pub const FILE: &str = "wasm-pack.toml";

/// The whole file. An unknown key is an error everywhere in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Which tools.
    pub tools: Tools,
    /// How the module is compiled and optimized.
    pub wasm: Wasm,
    /// Which vendors of the catalogue are inside it.
    pub catalogue: Inside,
    /// What comes into `dist/`.
    pub bundles: Vec<Bundle>,
}

/// Exact versions, by the names of the crates and the npm packages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Tools {
    /// The crate that runs the browser tests and makes `pkg/`.
    pub wasm_pack: String,
    /// The crate that writes the glue; equal to the library's version.
    pub wasm_bindgen_cli: String,
    /// The crate that drives Firefox.
    pub geckodriver: String,
    /// The npm package with wasm-opt.
    pub binaryen: String,
    /// The npm package that bundles and minifies.
    pub esbuild: String,
    /// The npm package that checks types.
    pub typescript: String,
}

/// How the module is made.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Wasm {
    /// What the module may ask of a browser, by Binaryen's names.
    pub features: Vec<String>,
    /// Flags of wasm-opt besides those that name the features.
    pub wasm_opt: Vec<String>,
    /// Flags of rustc, for the module and its standard library.
    pub rustflags: Vec<String>,
}

/// Which vendors are inside the module; `build.rs` reads the same.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inside {
    /// All of these kinds.
    pub kinds: Vec<String>,
    /// These, too.
    pub vendors: Vec<String>,
    /// But not these.
    pub without: Vec<String>,
}

impl Inside {
    /// Whether a vendor is.
    pub fn has(&self, kind: &str, name: &str) -> bool {
        let named = |list: &[String], word: &str| list.iter().any(|listed| listed == word);
        (named(&self.kinds, kind) || named(&self.vendors, name)) && !named(&self.without, name)
    }
}

/// One file in `dist/`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// Its name, below `dist/`.
    pub file: String,
    /// A second name for the same bytes; `{version}` stands for the version.
    pub also: Option<String>,
    /// The file it starts from, below the root of the checkout.
    pub entry: PathBuf,
    /// What becomes of the entry.
    pub format: Format,
    /// The largest size after brotli, in bytes.
    pub budget: Option<u64>,
    /// The largest size as it is, in bytes: for what is pasted into pages.
    pub limit: Option<u64>,
}

/// What becomes of an entry.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Copied as it is.
    Copy,
    /// An ES module, bundled and minified.
    Module,
    /// A classic script, bundled and minified, wrapped in a function.
    Script,
    /// A classic script to paste into a page: one file without imports, minified, nothing added.
    Snippet,
}

impl Manifest {
    /// Reads the checkout's manifest.
    pub fn read(project: &Project) -> Result<Self> {
        let path = project.root.join(FILE);
        Self::parse(&std::fs::read_to_string(&path).map_err(Error::file(&path))?)
    }

    fn parse(text: &str) -> Result<Self> {
        let invalid = |reason: String| Error::invalid(FILE, reason);
        let manifest: Self = toml::from_str(text).map_err(|error| invalid(error.to_string()))?;
        for bundle in &manifest.bundles {
            let (needed, why) = match bundle.format {
                Format::Copy => continue,
                Format::Module | Format::Script => (bundle.budget, "a budget: pages load it"),
                Format::Snippet => (bundle.limit, "a limit: it is pasted into pages"),
            };
            if needed.is_none() {
                let reason = format!("bundle `{}` needs {why}", bundle.file);
                return Err(invalid(reason));
            }
        }
        Ok(manifest)
    }
}

impl Tools {
    /// The npm packages with their versions.
    pub fn npm(&self) -> [(&'static str, &str); 3] {
        [
            ("binaryen", &self.binaryen),
            ("esbuild", &self.esbuild),
            ("typescript", &self.typescript),
        ]
    }
}

impl Wasm {
    /// All arguments of wasm-opt but the files.
    pub fn wasm_opt_arguments(&self) -> Vec<String> {
        let features = self.features.iter().map(|name| format!("--enable-{name}"));
        self.wasm_opt.iter().cloned().chain(features).collect()
    }
}

impl Bundle {
    /// The second name, with the version in its place.
    pub fn alias(&self, version: &str) -> Option<String> {
        Some(self.also.as_ref()?.replace("{version}", version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = r#"
        [tools]
        wasm-pack = "1.0.0"
        wasm-bindgen-cli = "1.0.0"
        geckodriver = "1.0.0"
        binaryen = "1.0.0"
        esbuild = "1.0.0"
        typescript = "1.0.0"

        [wasm]
        features = ["sign-ext", "bulk-memory"]
        wasm-opt = ["-Oz"]
        rustflags = []

        [catalogue]
        kinds = ["advertising"]
        vendors = []
        without = []

        [[bundles]]
        file = "a.js"
        also = "a.{version}.js"
        entry = "www/a.js"
        format = "script"
        budget = 1_000
    "#;

    #[test]
    fn a_manifest_becomes_arguments_and_names() {
        let manifest = Manifest::parse(MANIFEST).unwrap();
        assert_eq!(
            manifest.wasm.wasm_opt_arguments(),
            ["-Oz", "--enable-sign-ext", "--enable-bulk-memory"]
        );
        let bundle = &manifest.bundles[0];
        assert_eq!(bundle.format, Format::Script);
        assert_eq!(bundle.alias("0.1.0").as_deref(), Some("a.0.1.0.js"));
    }

    #[test]
    fn what_cannot_be_is_named() {
        let refused = |from: &str, to: &str| {
            assert!(MANIFEST.contains(from));
            let error = Manifest::parse(&MANIFEST.replace(from, to)).unwrap_err();
            error.to_string()
        };
        for unknown in [
            ("rustflags", "rust-flags"),
            ("typescript", "typoscript"),
            ("also", "als"),
            ("[wasm]", "[wasn]"),
        ] {
            assert!(refused(unknown.0, unknown.1).contains(&format!(
                "unknown field `{}`",
                unknown.1.trim_matches(['[', ']'])
            )));
        }
        assert!(refused("\"script\"", "\"scrypt\"").contains("unknown variant `scrypt`"));
        assert!(refused("budget = 1_000", "").contains("bundle `a.js` needs a budget"));
        assert!(refused("\"script\"", "\"snippet\"").contains("bundle `a.js` needs a limit"));
    }

    /// The checkout's own manifest against those who must say the same.
    mod checkout {
        use super::*;
        use crate::{clients, node};

        fn text(name: &str) -> String {
            std::fs::read_to_string(Project::here().root.join(name)).unwrap()
        }

        fn toml(name: &str) -> toml::Table {
            text(name).parse().unwrap()
        }

        fn manifest() -> Manifest {
            Manifest::read(&Project::here()).unwrap()
        }

        #[test]
        fn wasm_bindgen_is_the_locked_one() {
            let lock = toml("Cargo.lock");
            let packages = lock["package"].as_array().unwrap();
            let locked: Vec<_> = packages
                .iter()
                .filter(|package| package["name"].as_str() == Some("wasm-bindgen"))
                .map(|package| package["version"].as_str().unwrap())
                .collect();
            assert_eq!(locked, [manifest().tools.wasm_bindgen_cli]);
        }

        #[test]
        fn npm_packages_are_the_locked_ones() {
            let json = |name| serde_json::from_str::<serde_json::Value>(&text(name)).unwrap();
            let (package, lock) = (json("www/package.json"), json("www/package-lock.json"));
            for (name, version) in manifest().tools.npm() {
                assert_eq!(package["devDependencies"][name], version, "{name}");
                let locked = &lock["packages"][format!("node_modules/{name}")]["version"];
                assert_eq!(*locked, version, "{name}");
            }
        }

        #[test]
        fn the_npm_locks_name_no_host() {
            for folder in ["www", clients::FOLDER, node::BUNDLED.path, node::PEERS.path] {
                let lock = text(&format!("{folder}/package-lock.json"));
                assert!(!lock.contains("\"resolved\""), "{folder}");
            }
        }

        #[test]
        fn clients_and_peers_are_bundled_by_the_same_tool() {
            for folder in [clients::FOLDER, node::PEERS.path] {
                let package = text(&format!("{folder}/package.json"));
                let package: serde_json::Value = serde_json::from_str(&package).unwrap();
                let esbuild = &package["devDependencies"]["esbuild"];
                assert_eq!(*esbuild, manifest().tools.esbuild, "{folder}");
            }
        }

        #[test]
        fn wasm_pack_optimizes_with_the_same_arguments() {
            let cargo = toml("Cargo.toml");
            let release = &cargo["package"]["metadata"]["wasm-pack"]["profile"]["release"];
            let arguments: Vec<_> = release["wasm-opt"].as_array().unwrap().iter().collect();
            let arguments: Vec<_> = arguments.iter().map(|a| a.as_str().unwrap()).collect();
            assert_eq!(arguments, manifest().wasm.wasm_opt_arguments());
        }
    }
}
