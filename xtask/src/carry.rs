//! Carries bytes inside a script (the module, or the data of its plain form), as a string of ASCII, which
//! browsers decode, parse and copy fastest: one character for a byte, two for those that would need two in
//! UTF-8 as well, and a compressor undoes most of that.
//!
//! Which bytes need two changes when all are shifted by a constant, so every constant is tried and the
//! smallest result after brotli is kept.

use unpack::ESCAPES;

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
    /// An ES module with `text`, a mark where the string comes; `shift`; `border`, how many characters
    /// the first part takes; and `decode(text)`, which gives the bytes.
    pub module: String,
    /// The string, as JavaScript.
    pub literal: String,
}

impl Carrier {
    /// Carries bytes: those that the script needs first, and the rest.
    pub fn of(first: &[u8], rest: &[u8]) -> Self {
        let bytes = [first, rest].concat();
        Self::shifted(&bytes, first.len(), best_shift(&bytes))
    }

    fn shifted(bytes: &[u8], first: usize, shift: u8) -> Self {
        let border = characters(&bytes[..first], shift).len();
        let module = format!(
            "export const text = {MARK}, shift = {shift}, border = {border};
export function decode(text) {{
  const bytes = new Uint8Array(text.length);
  let end = 0;
  for (let i = 0; i < text.length; i++) {{
    let code = text.charCodeAt(i);
    if (code >= {ESCAPES}) code = text.charCodeAt(++i) + (code > {ESCAPES} ? {ESCAPES} : 254);
    bytes[end++] = code - shift;
  }}
  return bytes.subarray(0, end);
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

/// The characters that stand for the bytes: see `unpack::decode`.
fn characters(bytes: &[u8], shift: u8) -> Vec<u8> {
    let characters = bytes
        .iter()
        .flat_map(|byte| match byte.wrapping_add(shift) {
            byte @ ..ESCAPES => [Some(byte), None],
            byte @ 254.. => [Some(ESCAPES), Some(byte - 254)],
            byte => [Some(ESCAPES + 1), Some(byte - ESCAPES)],
        });
    characters.flatten().collect()
}

/// A template literal, because a raw line feed and both quotes may stand in it. What would end it or
/// be read as something else is escaped.
fn literal(bytes: &[u8], shift: u8) -> String {
    let mut text = String::with_capacity(bytes.len() * 3 / 2);
    text.push('`');
    let mut characters = characters(bytes, shift).into_iter().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied().unwrap_or(0);
        match character {
            0 if next.is_ascii_digit() => text.push_str("\\x00"),
            0 => text.push_str("\\0"),
            b'\r' => text.push_str("\\r"),
            b'$' if next == b'{' => text.push_str("\\$"),
            b'\\' | b'`' => text.extend(['\\', char::from(character)]),
            _ => text.push(char::from(character)),
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
            assert!(value.is_ascii());
            bytes.push(u8::try_from(value).unwrap());
        }
        let end = unpack::decode(&mut bytes, shift);
        bytes.truncate(end);
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
        // As they are, some of the bytes need two characters; shifted down, none does.
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
        let wasm: Vec<u8> = [
            0, 13, 36, 48, 92, 96, 110, 120, 125, 126, 127, 128, 254, 255,
        ]
        .into_iter()
        .flat_map(pairs)
        .map(|byte| byte.wrapping_sub(9))
        .collect();
        let carrier = Carrier::shifted(&wasm, 0, 9);
        let module = fill(&carrier.module, &carrier.literal).unwrap();
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("carrier.mjs"), module).unwrap();
        let script =
            "import { text, decode } from './carrier.mjs'; process.stdout.write(decode(text));";
        let output = Command::new("node")
            .args(["--input-type=module", "--eval", script])
            .current_dir(directory.path())
            .output()
            .expect("node is needed");
        assert!(output.status.success(), "{output:?}");
        assert!(output.stdout == wasm);
    }
}
