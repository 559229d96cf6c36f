//! Line by line, from input to output.

use std::io::{BufRead, BufWriter, Result, Write};

use nosale::gpp::Gpp;
use serde_json::json;

use super::shape::{Decoded, Mistake, read};

/// What to do with each line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From strings to JSON.
    Decode,
    /// From JSON to strings.
    Encode {
        /// Sections 24 to 27, too.
        allow_unstable: bool,
    },
}

impl Direction {
    /// What the command line asks for; `None` if it cannot be understood.
    pub fn from_arguments(arguments: &[String]) -> Option<Direction> {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        match arguments[..] {
            ["decode"] => Some(Direction::Decode),
            ["encode"] => Some(Direction::Encode {
                allow_unstable: false,
            }),
            ["encode", "--allow-unstable"] | ["--allow-unstable", "encode"] => {
                Some(Direction::Encode {
                    allow_unstable: true,
                })
            }
            _ => None,
        }
    }
}

/// Gives a line for each line.
pub fn run(direction: Direction, mut input: impl BufRead, output: impl Write) -> Result<()> {
    let mut output = BufWriter::new(output);
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return output.flush();
        }
        let line = line.strip_suffix(b"\n").unwrap_or(&line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let answer = match direction {
            Direction::Decode => decode(line),
            Direction::Encode { allow_unstable } => encode(line, allow_unstable),
        };
        output.write_all(answer.unwrap_or_else(|mistake| mistake).as_bytes())?;
        output.write_all(b"\n")?;
    }
}

fn decode(line: &[u8]) -> std::result::Result<String, String> {
    let wrong =
        |error: &str, position: usize| json!({ "error": error, "position": position }).to_string();
    let text =
        std::str::from_utf8(line).map_err(|error| wrong("not UTF-8", error.valid_up_to()))?;
    let gpp = Gpp::decode(text).map_err(|error| wrong(error.kind.message(), error.position))?;
    serde_json::to_string(&Decoded(&gpp)).map_err(|error| wrong(&error.to_string(), 0))
}

fn encode(line: &[u8], allow_unstable: bool) -> std::result::Result<String, String> {
    let value = serde_json::from_slice(line).map_err(|error| {
        json!({ "error": error.to_string(), "position": error.column().saturating_sub(1) })
            .to_string()
    })?;
    let wrong = |mistake: Mistake| json!({ "error": mistake.error, "path": mistake.path });
    let gpp = read(&value).map_err(|mistake| wrong(mistake).to_string())?;
    let text = if allow_unstable {
        gpp.encode_unstable()
    } else {
        gpp.encode()
    };
    text.map_err(|error| wrong(Mistake::from(error)).to_string())
}
