//! What each part of `nosale.js` costs: the module's functions by the Rust module they come from, the
//! scripts by their file. And which functions can still panic.

use std::collections::BTreeMap;
use std::fmt::Write;

use rustc_demangle::demangle;
use serde::Deserialize;
use wasmparser::{BinaryReaderError, KnownCustom, Name, Operator, Parser, Payload};

use crate::error::{Error, Result};
use crate::sizes::grouped;

/// Where the functions of a Rust module count, and the scripts of a folder or file below `www/`.
/// The first that fits counts.
const PARTS: &[(&str, &[&str])] = &[
    (
        "decision, record",
        &[
            "policy",
            "audit",
            "status",
            "browser::store",
            "browser::sources",
            "browser::visitor",
        ],
    ),
    ("config", &["config", "browser::json"]),
    ("GPP, US Privacy", &["gpp", "strings", "browser::cmp_api"]),
    (
        "gate",
        &[
            "browser::gate",
            "browser::inert",
            "browser::placeholder",
            "browser::late",
            "gate/",
            "gate.js",
            "marked.js",
            "placeholder.js",
            "stand_ins.js",
            "write.js",
            "hold.js",
        ],
    ),
    ("adapters", &["browser::adapters", "tags/", "tags.js"]),
    (
        "notice, dialog",
        &[
            "notice",
            "browser::notice",
            "browser::dialog",
            "browser::texts",
            "browser::elements",
            "dialog/",
            "dialog.js",
        ],
    ),
    ("reporter", &["report", "browser::reporter"]),
    (
        "start, API",
        &[
            "browser",
            "",
            "api.js",
            "boot.js",
            "unpack.js",
            "load.js",
            "inlined.js",
            "fallback/",
        ],
    ),
];

/// What belongs to no part: the standard library, allocator, wasm-bindgen, serde.
const RUNTIME: &str = "runtime, libraries";
/// wasm-bindgen's JavaScript.
const GLUE: &str = "glue";
/// Texts, the catalogue, tables.
const DATA: &str = "data: texts, catalogue";
/// Imports, types and whatever else a module has.
const OTHER: &str = "module's other sections";

/// What esbuild says of a bundle, as far as it is read here.
#[derive(Deserialize)]
pub struct Meta {
    outputs: BTreeMap<String, Output>,
}

#[derive(Deserialize)]
struct Output {
    inputs: BTreeMap<String, Input>,
}

#[derive(Deserialize)]
struct Input {
    #[serde(rename = "bytesInOutput")]
    bytes: u64,
}

/// Bytes by part, and the functions that can panic.
#[derive(Debug, Default)]
pub struct Map {
    parts: BTreeMap<&'static str, [u64; 2]>,
    panicking: BTreeMap<String, usize>,
}

const WASM: usize = 0;
const SCRIPT: usize = 1;

impl Map {
    /// Measures a module that has the names of its functions.
    pub fn add_module(&mut self, module: &[u8]) -> Result<()> {
        self.read_module(module)
            .map_err(|error| Error::invalid("the module with names", error))
    }

    fn read_module(&mut self, module: &[u8]) -> std::result::Result<(), BinaryReaderError> {
        let mut names = BTreeMap::new();
        let (mut imported, mut bodies) = (0, Vec::new());
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(sections) = section.as_known() {
                        for section in sections {
                            if let Name::Function(functions) = section? {
                                for function in functions {
                                    let function = function?;
                                    names.insert(function.index, function.name);
                                }
                            }
                        }
                    }
                }
                Payload::ImportSection(section) => {
                    imported = section.count();
                    self.add(OTHER, WASM, section.range());
                }
                Payload::DataSection(section) => self.add(DATA, WASM, section.range()),
                Payload::CodeSectionEntry(body) => bodies.push(body),
                Payload::TypeSection(section) => self.add(OTHER, WASM, section.range()),
                Payload::FunctionSection(section) => self.add(OTHER, WASM, section.range()),
                Payload::ExportSection(section) => self.add(OTHER, WASM, section.range()),
                Payload::ElementSection(section) => self.add(OTHER, WASM, section.range()),
                _ => {}
            }
        }
        for (index, body) in (imported..).zip(bodies) {
            let name = names.get(&index).copied().unwrap_or_default();
            let name = without_hashes(&format!("{:#}", demangle(name)));
            self.add(part_of(&name), WASM, body.range());
            let mut panics = 0;
            for operator in body.get_operators_reader()? {
                panics += usize::from(matches!(operator?, Operator::Unreachable));
            }
            if panics > 0 {
                *self.panicking.entry(name).or_default() += panics;
            }
        }
        Ok(())
    }

    /// Measures the scripts of a bundle; `carried` bytes of them are the module itself.
    pub fn add_scripts(&mut self, meta: &Meta) {
        let inputs = meta.outputs.values().flat_map(|output| &output.inputs);
        for (path, Input { bytes }) in inputs {
            self.count(part_of_script(path), SCRIPT, *bytes);
        }
    }

    fn add(&mut self, part: &'static str, kind: usize, range: std::ops::Range<u64>) {
        self.count(part, kind, range.end - range.start);
    }

    fn count(&mut self, part: &'static str, kind: usize, bytes: u64) {
        self.parts.entry(part).or_default()[kind] += bytes;
    }

    /// The table. What a part costs after brotli is its share of `brotli`, by the bytes of its kind:
    /// parts share what they repeat of each other, so none can be weighed alone.
    pub fn table(&self, brotli: [u64; 2]) -> String {
        let mut totals = [0; 2];
        for bytes in self.parts.values() {
            for kind in [WASM, SCRIPT] {
                totals[kind] += bytes[kind];
            }
        }
        let share = |bytes: [u64; 2]| -> u64 {
            let of = |kind: usize| (bytes[kind] * brotli[kind]).checked_div(totals[kind]);
            of(WASM).unwrap_or(0) + of(SCRIPT).unwrap_or(0)
        };
        let mut rows: Vec<(&str, [u64; 2])> = self.parts.iter().map(|(k, v)| (*k, *v)).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(share(row.1)));
        let row = |part: &str, cells: [String; 3]| {
            let [wasm, script, brotli] = cells;
            format!("{part:<26}{wasm:>10}{script:>10}{brotli:>10}\n")
        };
        let mut table = row("nosale.js", ["wasm", "script", "brotli"].map(String::from));
        for (part, bytes) in rows.into_iter().chain([("together", totals)]) {
            table += &row(
                part,
                [bytes[WASM], bytes[SCRIPT], share(bytes)].map(grouped),
            );
        }
        let sites: usize = self.panicking.values().sum();
        let functions = self.panicking.len();
        let _ = writeln!(table, "{sites} places in {functions} functions can panic");
        table
    }

    /// The functions that can panic, the ones with the most places first.
    pub fn panicking(&self) -> String {
        let mut functions: Vec<_> = self.panicking.iter().collect();
        functions.sort_by_key(|(name, places)| (std::cmp::Reverse(**places), *name));
        functions
            .iter()
            .map(|(name, places)| format!("{places}\t{name}\n"))
            .collect()
    }
}

/// `nosale[cf84…]::gpp` as `nosale::gpp`.
fn without_hashes(name: &str) -> String {
    let mut parts = name.split('[');
    let mut short = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(']') {
            Some((hash, rest)) if hash.len() == 16 => short += rest,
            _ => short = short + "[" + part,
        }
    }
    short
}

/// The part of a function, by the first place of this crate that its name has.
fn part_of(name: &str) -> &'static str {
    let Some((_, path)) = name.split_once("nosale::") else {
        // wasm-bindgen names what it exports by itself.
        return if name.contains("multivalue shim") && !name.contains("::") {
            "start, API"
        } else {
            RUNTIME
        };
    };
    let fits = |place: &&str| {
        let rest = path.strip_prefix(*place);
        !place.contains(['/', '.'])
            && rest.is_some_and(|rest| {
                place.is_empty() || !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
            })
    };
    let found = PARTS.iter().find(|(_, places)| places.iter().any(fits));
    found.map_or(RUNTIME, |(part, _)| part)
}

fn part_of_script(path: &str) -> &'static str {
    let Some((_, file)) = path.rsplit_once("www/") else {
        return GLUE;
    };
    let fits = |place: &&str| match place.strip_suffix('/') {
        Some(_) => file.starts_with(*place),
        None => file == *place,
    };
    let found = PARTS.iter().find(|(_, places)| places.iter().any(fits));
    found.map_or(GLUE, |(part, _)| part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_hashes_only() {
        let name = "<[nosale[cf8494cada5359dd]::a::B] as core[0123456789abcdef]::C>::d";
        assert_eq!(without_hashes(name), "<[nosale::a::B] as core::C>::d");
    }

    #[test]
    fn functions_count_where_they_come_from() {
        let cases = [
            ("<nosale::browser::gate::Gate>::close", "gate"),
            (
                "nosale::browser::cmp_api::gpp::told_beside",
                "GPP, US Privacy",
            ),
            ("nosale::gpp::header::split", "GPP, US Privacy"),
            (
                "<nosale::report::Event as core::clone::Clone>::clone",
                "reporter",
            ),
            ("<nosale::browser::reporter::Reporter>::keep", "reporter"),
            (
                "core::slice::sort::sort::<nosale::policy::rule::Rule>",
                "decision, record",
            ),
            ("<nosale::browser::app::App>::start", "start, API"),
            ("nosale::browser::notice::link", "notice, dialog"),
            ("start multivalue shim", "start, API"),
            ("core::str::slice_error_fail", RUNTIME),
            ("", RUNTIME),
        ];
        for (name, part) in cases {
            assert_eq!(part_of(name), part, "{name}");
        }
    }

    #[test]
    fn scripts_count_by_file() {
        let cases = [
            (
                "../target/nosale-dist/bindgen/snippets/nosale-6c/www/gate/ask.js",
                "gate",
            ),
            ("www/boot.js", "start, API"),
            ("bindgen/snippets/nosale-6c/www/tags/adsense.js", "adapters"),
            ("bindgen/glue.js", GLUE),
        ];
        for (path, part) in cases {
            assert_eq!(part_of_script(path), part, "{path}");
        }
    }

    #[test]
    fn a_module_is_measured_by_name_and_its_panics_counted() {
        let module = wat::parse_str(
            r#"(module
                (import "a" "b" (func))
                (func $nosale::gpp::one nop nop nop unreachable)
                (func $nosale::browser::gate::two (result i32) i32.const 1)
                (memory 1) (data (i32.const 0) "text"))"#,
        );
        let mut map = Map::default();
        map.add_module(&module.unwrap()).unwrap();
        assert_eq!(map.panicking(), "1\tnosale::gpp::one\n");
        assert_eq!(map.parts["gate"][WASM], 4);
        assert_eq!(map.parts["GPP, US Privacy"][WASM], 6);
        let table = map.table([1000, 0]);
        assert!(table.contains("1 places in 1 functions"), "{table}");
        assert!(map.add_module(b"no module").is_err());
    }

    #[test]
    fn shares_add_up_to_what_the_file_has() {
        let mut map = Map::default();
        map.count("gate", WASM, 300);
        map.count("gate", SCRIPT, 50);
        map.count(GLUE, SCRIPT, 50);
        let table = map.table([100, 40]);
        let line = |part: &str| table.lines().find(|line| line.starts_with(part)).unwrap();
        assert!(line("gate").ends_with("120"), "{table}");
        assert!(line(GLUE).ends_with("20"), "{table}");
        assert!(line("together").ends_with("140"), "{table}");
    }
}
