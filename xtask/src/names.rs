//! Short names between the module and its glue.
//!
//! wasm-bindgen gives each import a name with a hash, and a hash does not compress: once in the
//! module and once in the glue, they are a tenth of what a visitor loads. wasm-opt renames them in
//! the module and says how; here the glue follows.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::{Error, Result};

/// The pass of wasm-opt that renames, and prints what [`shorten`] reads.
pub const PASS: &str = "--minify-imports-and-exports-and-modules";

/// The one module name that the pass leaves.
const MODULE: &str = "a";

/// The module name of imports that the glue itself provides; others are the snippets'.
const GLUE: &str = "./nosale_bg.js";

#[derive(Deserialize)]
struct Renamed {
    imports: Vec<Import>,
    /// Old name, new name.
    exports: Vec<(String, String)>,
}

/// Module, old name, new name.
#[derive(Deserialize)]
struct Import(String, String, String);

/// Gives the glue the names that wasm-opt gave the module, as it said in `renamed`. Fails if the glue
/// is not of the form that is known here, because the two would not fit then.
pub fn shorten(glue: &str, renamed: &str) -> Result<String> {
    let unknown = |reason: String| Error::invalid("wasm-bindgen's glue", reason);
    let renamed: Renamed = serde_json::from_str(renamed)
        .map_err(|error| Error::invalid("what wasm-opt renamed", error))?;
    let (glue, open) = merge_modules(glue, renamed.imports);
    let open = open.into_iter().map(|Import(_, old, new)| (old, new));
    let mut imports: BTreeMap<_, _> = open.collect();
    let exports: BTreeMap<_, _> = renamed.exports.into_iter().collect();

    let mut short = String::with_capacity(glue.len());
    let mut rest = glue.as_str();
    while let Some(start) = rest.find(is_name) {
        short.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        rest = after;
        if is_member_of_wasm(&short) {
            let new = exports.get(name);
            short.push_str(new.ok_or_else(|| unknown(format!("no export `{name}`")))?);
        } else {
            let defined = after.starts_with(": function(");
            let new = defined.then(|| imports.remove(name)).flatten();
            short.push_str(new.as_deref().unwrap_or(name));
        }
    }
    short.push_str(rest);
    match imports.keys().next() {
        Some(name) => Err(unknown(format!("nothing for the import `{name}`"))),
        None => Ok(short),
    }
}

/// The glue hands over an object of functions for each module name; the renamed module wants all in
/// one. Gives the imports back for which no function has been named yet.
fn merge_modules(glue: &str, imports: Vec<Import>) -> (String, Vec<Import>) {
    let mut open = imports;
    let mut merged = String::new();
    let mut functions = Vec::new();
    for line in glue.lines() {
        let entry = line.trim().trim_end_matches(',').split_once("\": ");
        let entry = entry.and_then(|(module, object)| Some((module.strip_prefix('"')?, object)));
        match entry {
            Some((GLUE, object)) => functions.push(format!("...{object}")),
            Some((module, object)) if open.iter().any(|import| import.0 == module) => {
                for Import(_, old, new) in open.extract_if(.., |import| import.0 == module) {
                    functions.push(format!("{new}: {object}.{old}"));
                }
            }
            _ => {
                if !functions.is_empty() {
                    let functions = std::mem::take(&mut functions).join(", ");
                    merged += &format!("\"{MODULE}\": {{ __proto__: null, {functions} }},\n");
                }
                merged += line;
                merged.push('\n');
            }
        }
    }
    (merged, open)
}

fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '$')
}

/// True if what comes next is a property of the variable `wasm`, which holds the exports.
fn is_member_of_wasm(before: &str) -> bool {
    let object = before.strip_suffix("wasm.");
    object.is_some_and(|text| !text.ends_with(|c| is_name(c) || c == '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RENAMED: &str = r#"{
        "imports": [
            ["./nosale_bg.js", "__wbg_log_0123", "a"],
            ["./nosale_bg.js", "__wbindgen_throw", "b"],
            ["./snippets/x/gate.js", "raise", "e"]
        ],
        "exports": [["memory", "c"], ["start", "d"]]
    }"#;

    const GLUE: &str = r#"
import * as import1 from "./snippets/x/gate.js"
export function start(v) {
    wasm.start(v); memory.start(wasm.memory.buffer, this.wasm.x, mywasm.start);
}
const import0 = {
    __wbg_log_0123: function(arg0) { start(arg0); },
    __wbindgen_throw: function(arg0) {},
};
return {
    "./nosale_bg.js": import0,
    "./snippets/x/gate.js": import1,
};
"#;

    #[test]
    fn only_what_crosses_is_renamed() {
        let expected = r#"
import * as import1 from "./snippets/x/gate.js"
export function start(v) {
    wasm.d(v); memory.start(wasm.c.buffer, this.wasm.x, mywasm.start);
}
const import0 = {
    a: function(arg0) { start(arg0); },
    b: function(arg0) {},
};
return {
"a": { __proto__: null, ...import0, e: import1.raise },
};
"#;
        assert_eq!(shorten(GLUE, RENAMED).unwrap(), expected);
    }

    #[test]
    fn glue_that_does_not_fit_is_refused() {
        let refused = |glue: &str| shorten(glue, RENAMED).unwrap_err().to_string();
        let without = GLUE.replace("__wbg_log_0123: function(", "__wbg_log_0123(");
        assert!(refused(&without).contains("nothing for the import `__wbg_log_0123`"));
        let more = GLUE.replace("wasm.start(", "wasm.begin(");
        assert!(refused(&more).contains("no export `begin`"));
        let apart = GLUE.replace("\"./snippets/x/gate.js\": import1,", "");
        assert!(refused(&apart).contains("nothing for the import `raise`"));
    }
}
