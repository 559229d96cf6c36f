//! The glue, made to fit: its methods saved when the script starts, and started by either engine.
//!
//! wasm-bindgen's glue looks up the methods that pass strings at each call. A page that changes one
//! later, as with `String.prototype.charCodeAt`, would decide what the module reads.
//!
//! It starts WebAssembly itself, and knows by a detached buffer that the memory has grown. Where the
//! module runs as plain JavaScript neither is so.

use crate::error::{Error, Result};

/// What the glue looks up late, and what it calls in its place.
const LATE: [(&str, &str); 7] = [
    (
        "arg.charCodeAt(offset)",
        "saved_apply(saved_charCodeAt, arg, [offset])",
    ),
    (
        "arg.slice(offset)",
        "saved_apply(saved_slice, arg, [offset])",
    ),
    (
        "cachedTextEncoder.encodeInto(arg, view)",
        "saved_apply(saved_encodeInto, cachedTextEncoder, [arg, view])",
    ),
    ("cachedTextDecoder.decode(get", "saved_decode(get"),
    ("getUint8ArrayMemory0().subarray(", "saved_subarray("),
    ("f.apply(this, args)", "saved_apply(f, this, args)"),
    (VIEW, "saved_"),
];

/// How the glue reads and writes the module's memory.
const VIEW: &str = "getDataViewMemory0().";

/// What is saved, after the glue has put in what an old browser lacks.
const SAVED: &str = "
const { apply: saved_apply } = Reflect;
const { charCodeAt: saved_charCodeAt, slice: saved_slice } = String.prototype;
const { encodeInto: saved_encodeInto } = cachedTextEncoder;
const { decode } = cachedTextDecoder;
const { subarray } = Uint8Array.prototype;
const { getInt32, setInt32, setFloat64 } = DataView.prototype;
const saved_decode = (bytes) => saved_apply(decode, cachedTextDecoder, [bytes]);
const saved_subarray = (from, to) => saved_apply(subarray, getUint8ArrayMemory0(), [from, to]);
const saved_getInt32 = (at) => saved_apply(getInt32, getDataViewMemory0(), [at, true]);
const saved_setInt32 = (at, value) => saved_apply(setInt32, getDataViewMemory0(), [at, value, true]);
const saved_setFloat64 = (at, value) => saved_apply(setFloat64, getDataViewMemory0(), [at, value, true]);
";

/// How the glue takes the exports over.
const FINALIZE: &str = "
    wasm = instance.exports;
    wasmModule = module;
    cachedDataViewMemory0 = null;
    cachedUint8ArrayMemory0 = null;
    return wasm;
";

/// The same for any engine: it is given the imports and what to call when the memory has grown, and
/// gives the exports.
const BEGIN: &str = "
const grown = () => {
    cachedDataViewMemory0 = null;
    cachedUint8ArrayMemory0 = null;
};
export function begin(engine) {
    wasm = engine(__wbg_get_imports(), grown);
    grown();
}
";

/// What [`SAVED`] can do with a view.
const KNOWN: [&str; 3] = ["getInt32(", "setInt32(", "setFloat64("];

/// Lets the glue call what it has saved. Fails if the glue is not of the form that is known here.
pub fn save(glue: &str) -> Result<String> {
    let unknown = |what: &str| Error::invalid("wasm-bindgen's glue", what);
    for after in glue.split(VIEW).skip(1) {
        if !KNOWN.iter().any(|name| after.starts_with(name)) {
            return Err(unknown("an unknown method of a view"));
        }
    }
    if !glue.contains(FINALIZE) {
        return Err(unknown("another way to take the exports over"));
    }
    let mut saved = glue.to_owned();
    for (late, early) in LATE {
        if !saved.contains(late) {
            return Err(unknown(&["no `", late, "`"].concat()));
        }
        saved = saved.replace(late, early);
    }
    Ok([&saved, SAVED, BEGIN].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "
const code = arg.charCodeAt(offset);
arg = arg.slice(offset);
const view = getUint8ArrayMemory0().subarray(ptr + offset, ptr + len);
const ret = cachedTextEncoder.encodeInto(arg, view);
cachedTextDecoder.decode();
return cachedTextDecoder.decode(getUint8ArrayMemory0().subarray(ptr, ptr + len));
return f.apply(this, args);
getDataViewMemory0().setInt32(arg0 + 4 * 1, len1, true);
    wasm = instance.exports;
    wasmModule = module;
    cachedDataViewMemory0 = null;
    cachedUint8ArrayMemory0 = null;
    return wasm;
";

    #[test]
    fn no_method_is_looked_up_late() {
        let expected = "
const code = saved_apply(saved_charCodeAt, arg, [offset]);
arg = saved_apply(saved_slice, arg, [offset]);
const view = saved_subarray(ptr + offset, ptr + len);
const ret = saved_apply(saved_encodeInto, cachedTextEncoder, [arg, view]);
cachedTextDecoder.decode();
return saved_decode(saved_subarray(ptr, ptr + len));
return saved_apply(f, this, args);
saved_setInt32(arg0 + 4 * 1, len1, true);
    wasm = instance.exports;
    wasmModule = module;
    cachedDataViewMemory0 = null;
    cachedUint8ArrayMemory0 = null;
    return wasm;
";
        assert_eq!(save(GLUE).unwrap(), [expected, SAVED, BEGIN].concat());
    }

    #[test]
    fn glue_of_another_form_is_refused() {
        let refused = |from: &str, to: &str| save(&GLUE.replace(from, to)).unwrap_err().to_string();
        assert!(refused("charCodeAt", "codePointAt").contains("no `arg.charCodeAt(offset)`"));
        assert!(refused("f.apply", "f.call").contains("no `f.apply(this, args)`"));
        assert!(refused("setInt32", "setInt8").contains("an unknown method"));
        let started = refused("return wasm", "wasm.__wbindgen_start()");
        assert!(started.contains("another way to take the exports over"));
    }
}
