//! Carries bytes inside a script (the module, or the data of its plain form), as a string with one
//! character for each byte.
//!
//! In UTF-8 a character up to U+007F takes one byte and one up to U+00FF takes two, and a compressor
//! undoes most of that. Which bytes fall where changes when all are shifted by a constant, so every
//! constant is tried and the smallest result after brotli is kept.

use crate::error::{Error, Result};
use crate::sizes::{BEST, brotli_at};

/// The brotli quality that ranks the shifts: a tenth of the time of the best, and nearly its order.
const FAST: i32 = 5;

/// How many of the ranked shifts are tried at the best quality.
const FINALISTS: usize = 8;

/// What the bundler sees in place of the string, which it would write in a longer way.
const MARK: &str = "\"nosale: here bytes are carried\"";

/// The carrier of some bytes.
pub struct Carrier {
    /// An ES module whose export `carried()` gives the bytes, with a mark where the string comes.
    pub module: String,
    /// The string, as JavaScript.
    pub literal: String,
}

impl Carrier {
    /// Carries bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::shifted(bytes, best_shift(bytes))
    }

    fn shifted(bytes: &[u8], shift: u8) -> Self {
        let module = format!(
            "const text = {MARK};
export function carried() {{
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i) - {shift};
  return bytes;
}}
"
        );
        let literal = literal(bytes, shift);
        Self { module, literal }
    }
}

/// Puts the string into a bundled script, if that uses the carrier.
pub fn fill(script: &str, literal: &str) -> Result<String> {
    match script.matches(MARK).count() {
        0 | 1 => Ok(script.replace(MARK, literal)),
        // A minifier that repeats a constant would carry the bytes more than once.
        n => Err(Error::invalid(
            "the bundled script",
            format!("it has {n} marks for what it carries"),
        )),
    }
}

fn best_shift(wasm: &[u8]) -> u8 {
    let size = |shift, quality| brotli_at(quality, literal(wasm, shift).as_bytes());
    let mut shifts: Vec<u8> = (0..=u8::MAX).collect();
    shifts.sort_by_cached_key(|&shift| size(shift, FAST));
    shifts.truncate(FINALISTS);
    shifts.sort_by_cached_key(|&shift| size(shift, BEST));
    shifts[0]
}

/// A template literal, because a raw line feed and both quotes may stand in it. What would end it or
/// be read as something else is escaped; U+2028 and U+2029 are no bytes.
fn literal(wasm: &[u8], shift: u8) -> String {
    let mut text = String::with_capacity(wasm.len() * 3 / 2);
    text.push('`');
    let mut bytes = wasm.iter().map(|byte| byte.wrapping_add(shift)).peekable();
    while let Some(byte) = bytes.next() {
        let next = bytes.peek().copied().unwrap_or(0);
        match byte {
            0 if next.is_ascii_digit() => text.push_str("\\x00"),
            0 => text.push_str("\\0"),
            b'\r' => text.push_str("\\r"),
            b'$' if next == b'{' => text.push_str("\\$"),
            b'\\' | b'`' => text.extend(['\\', char::from(byte)]),
            _ => text.push(char::from(byte)),
        }
    }
    text.push('`');
    text
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    /// Reads a template literal as JavaScript does.
    fn read(literal: &str, shift: u8) -> Vec<u8> {
        let inside = literal
            .strip_prefix('`')
            .unwrap()
            .strip_suffix('`')
            .unwrap();
        let mut characters = inside.chars().peekable();
        let mut bytes = Vec::new();
        while let Some(character) = characters.next() {
            let next = characters.peek().copied();
            let value = match character {
                '\r' => panic!("a raw CR is read as LF"),
                '`' => panic!("the string ends early"),
                '$' => {
                    assert_ne!(next, Some('{'), "an expression begins");
                    '$'
                }
                '\\' => match characters.next() {
                    Some('0') => {
                        assert!(characters.peek().is_none_or(|c| !c.is_ascii_digit()));
                        '\0'
                    }
                    Some('r') => '\r',
                    Some('x') => {
                        let digits: String = characters.by_ref().take(2).collect();
                        char::from(u8::from_str_radix(&digits, 16).unwrap())
                    }
                    Some(same @ ('$' | '`' | '\\')) => same,
                    other => panic!("unknown escape {other:?}"),
                },
                other => other,
            };
            let code = u8::try_from(u32::from(value)).unwrap();
            bytes.push(code.wrapping_sub(shift));
        }
        bytes
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes: Vec<u8>, shift: u8) {
            prop_assert_eq!(read(&literal(&bytes, shift), shift), bytes);
        }
    }

    #[test]
    fn only_one_string_is_filled_in() {
        assert_eq!(fill("a()", "`x`").unwrap(), "a()");
        assert_eq!(fill(&format!("c={MARK};"), "`x`").unwrap(), "c=`x`;");
        assert!(fill(&format!("{MARK}+{MARK}"), "`x`").is_err());
    }

    #[test]
    fn the_shift_is_chosen_by_size() {
        // As they are, half of the bytes need two of UTF-8; shifted down, none does.
        let wasm: Vec<u8> = (0..4000_u32)
            .map(|n| ((n.wrapping_mul(2_654_435_761) >> 16) % 61 + 97) as u8)
            .collect();
        let size = |shift| brotli_at(BEST, literal(&wasm, shift).as_bytes());
        let best = best_shift(&wasm);
        assert!(
            size(best) < size(0),
            "{best}: {} of {}",
            size(best),
            size(0)
        );
    }

    /// The whole module, in the engine: many pairs of bytes, so that every escape meets every byte.
    #[test]
    fn the_engine_reads_what_was_written() {
        let pairs = |first: u8| (0..=u8::MAX).flat_map(move |second| [first, second]);
        let wasm: Vec<u8> = [0, 13, 36, 48, 92, 96, 110, 120, 128, 255]
            .into_iter()
            .flat_map(pairs)
            .map(|byte| byte.wrapping_sub(9))
            .collect();
        let carrier = Carrier::shifted(&wasm, 9);
        let module = fill(&carrier.module, &carrier.literal).unwrap();
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("carrier.mjs"), module).unwrap();
        let script = "import { carried } from './carrier.mjs'; process.stdout.write(carried());";
        let output = Command::new("node")
            .args(["--input-type=module", "--eval", script])
            .current_dir(directory.path())
            .output()
            .expect("node is needed");
        assert!(output.status.success(), "{output:?}");
        assert!(output.stdout == wasm);
    }
}
