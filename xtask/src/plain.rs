//! The module as plain JavaScript, for browsers that have no WebAssembly or refuse it: wasm2js
//! translates it, and here its output becomes what `www/fallback.js` takes in.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::carry::Carrier;
use crate::error::{Error, Result};
use crate::manifest::Wasm;
use crate::step::quietly;
use crate::tools::Tools;
use crate::wasm::Paths;

/// What wasm2js cannot translate is first put in other words.
const LOWERED: [&str; 4] = [
    "--llvm-memory-copy-fill-lowering",
    "--signext-lowering",
    "--llvm-nontrapping-fptoint-lowering",
    "-Oz",
];

/// The import that wasm2js writes; the caller hands the imports over.
const IMPORT: &str = "import * as a from 'a';\n";

/// Where the program ends, and the module starts it.
const START: &str = "\nvar retasmFunc = asmFunc(";

/// Where the memory has grown.
const GROWN: &str = "   buffer = newBuffer;\n";

/// The same, and the caller hears of it.
const GROWN_TOLD: &str = "   buffer = newBuffer;\n   grown();\n";

/// Where wasm2js decodes a piece of the data.
const SEGMENTS: &str = "function initActiveSegments(imports) {\n";
const SEGMENT: &str = "  base64DecodeToExistingUint8Array(bufferView, ";

/// From here to the segments stands the decoder, which nothing calls any more.
const DECODER: &str = "  var base64ReverseLookup";

const EXPORT: &str = "
let grown;
export function instantiate(imports, told) {
  grown = told;
  return asmFunc(imports);
}
";

/// Translates the finished module.
pub fn make(wasm: &Wasm, tools: &Tools, paths: &Paths) -> Result<()> {
    let features = wasm.features.iter().map(|name| format!("--enable-{name}"));
    let lowered = paths.plain.with_extension("wasm");
    let mut wasm_opt = tools.command("wasm-opt")?;
    wasm_opt.args(features).args(LOWERED).arg(&paths.module);
    quietly(wasm_opt.arg("-o").arg(&lowered))?;
    let mut wasm2js = tools.command("wasm2js")?;
    let translated = quietly(wasm2js.arg("-O").arg(&lowered))?;
    let (program, data) = shape(&translated)?;
    let Carrier { module, literal } = Carrier::of(&[], &data);
    let write = |path, text: &str| fs::write(path, text).map_err(Error::file(path));
    write(&paths.plain, &(module + &program))?;
    write(&paths.plain_literal, &literal)
}

/// What tells one module from every other: a fallback fits no other glue than its own.
pub fn mark_of(module: &[u8]) -> String {
    let digest = Sha256::digest(module);
    digest[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Makes of wasm2js's output an ES module that is started by its caller, and takes the data out of
/// it, which is shorter as characters than in base64. Fails if the output is not of the form that is
/// known here.
fn shape(translated: &str) -> Result<(String, Vec<u8>)> {
    let unknown = |what: &str| Error::invalid("what wasm2js wrote", format!("no {what}"));
    let rest = translated.strip_prefix(IMPORT);
    let rest = rest.ok_or_else(|| unknown("import of one module `a` at its start"))?;
    let (program, _) = rest
        .split_once(START)
        .ok_or_else(|| unknown("`retasmFunc`"))?;
    if program.matches(GROWN).count() != 1 {
        return Err(unknown("memory that grows in one place"));
    }
    let program = program.replace(GROWN, GROWN_TOLD);
    let (head, rest) = program
        .split_once(DECODER)
        .ok_or_else(|| unknown("decoder"))?;
    let (_, rest) = rest
        .split_once(SEGMENTS)
        .ok_or_else(|| unknown("segments"))?;

    let mut shaped = [head, SEGMENTS, "  const data = decode(text);\n"].concat();
    let mut data = Vec::new();
    for line in rest.split_inclusive('\n') {
        let Some(segment) = line.strip_prefix(SEGMENT) else {
            shaped += line;
            continue;
        };
        let parts = segment.trim_end().strip_suffix("\");");
        let (place, encoded) = parts
            .and_then(|parts| parts.split_once(", \""))
            .ok_or_else(|| unknown("place and data in a segment"))?;
        let from = data.len();
        STANDARD
            .decode_vec(encoded, &mut data)
            .map_err(|error| Error::invalid("a segment that wasm2js wrote", error))?;
        let to = data.len();
        shaped += &format!("  bufferView.set(data.subarray({from}, {to}), {place});\n");
    }
    if data.is_empty() || shaped.contains("base64") {
        return Err(unknown("data in base64 alone"));
    }
    Ok((shaped + EXPORT, data))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRANSLATED: &str = r#"import * as a from 'a';

  var bufferView;
  var base64ReverseLookup = new Uint8Array(123/*'z'+1*/);
  function base64DecodeToExistingUint8Array(uint8Array, offset, b64) {
  }
function initActiveSegments(imports) {
  base64DecodeToExistingUint8Array(bufferView, 1024, "AQI=");
  base64DecodeToExistingUint8Array(bufferView, 2048, "Aw==");
}
function asmFunc(imports) {
   buffer = newBuffer;
 return { "b": 1 };
}

var retasmFunc = asmFunc({
  "a": a,
});
export var b = retasmFunc.b;
"#;

    #[test]
    fn the_caller_starts_it_and_the_data_is_apart() {
        let (program, data) = shape(TRANSLATED).unwrap();
        let expected = "
  var bufferView;
function initActiveSegments(imports) {
  const data = decode(text);
  bufferView.set(data.subarray(0, 2), 1024);
  bufferView.set(data.subarray(2, 3), 2048);
}
function asmFunc(imports) {
   buffer = newBuffer;
   grown();
 return { \"b\": 1 };
}
";
        assert_eq!(program, [expected, EXPORT].concat());
        assert_eq!(data, [1, 2, 3]);
    }

    #[test]
    fn output_of_another_form_is_refused() {
        let refused = |from: &str, to: &str| {
            assert!(TRANSLATED.contains(from), "{from}");
            let error = shape(&TRANSLATED.replace(from, to)).unwrap_err();
            error.to_string()
        };
        assert!(refused("from 'a'", "from 'b'").contains("no import of one module `a`"));
        assert!(refused("newBuffer", "longer").contains("no memory that grows in one place"));
        assert!(refused("retasmFunc", "ret").contains("no `retasmFunc`"));
        assert!(refused("AQI=", "A").contains("a segment that wasm2js wrote"));
        assert!(refused("  base64Decode", "base64Decode").contains("no data in base64 alone"));
    }

    #[test]
    fn modules_have_marks_of_their_own() {
        // SHA-256 of nothing begins so (FIPS 180-4).
        assert_eq!(mark_of(b""), "e3b0c442");
        assert_ne!(mark_of(b"a"), mark_of(b"b"));
    }
}
