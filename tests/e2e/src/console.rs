//! What the browser's console said.

use std::fmt;

use serde_json::Value;

use crate::launch::everywhere_plain;

/// In what the script says where it starts without WebAssembly.
const REPLACED: &str = "WebAssembly cannot start, so";

/// The lines of a console, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Console(Vec<Line>);

#[derive(Clone, Debug)]
struct Line {
    level: String,
    text: String,
}

impl Console {
    /// Appends the entries that the driver gave since it was last asked.
    pub(crate) fn extend(&mut self, entries: &Value) {
        let entries = entries.as_array().into_iter().flatten();
        self.0.extend(entries.map(|entry| {
            Line {
                level: entry["level"].as_str().unwrap_or_default().to_owned(),
                // The driver gives a text as the script wrote it: in quotes.
                text: entry["message"]
                    .as_str()
                    .unwrap_or_default()
                    .replace("\\\"", "\""),
            }
        }));
    }

    /// Lines in which each of `parts` occurs, letters of either case.
    fn find<'a>(&'a self, parts: &'a [&str]) -> impl Iterator<Item = &'a Line> {
        self.0.iter().filter(move |line| {
            let text = line.text.to_lowercase();
            parts.iter().all(|part| text.contains(&part.to_lowercase()))
        })
    }

    /// Whether one line, of any level, has each of `parts` in it.
    #[must_use]
    pub fn says(&self, parts: &[&str]) -> bool {
        self.find(parts).next().is_some()
    }

    /// Whether one warning or error has each of `parts` in it.
    #[must_use]
    pub fn warns(&self, parts: &[&str]) -> bool {
        self.find(parts)
            .any(|line| line.level == "WARNING" || line.level == "SEVERE")
    }

    /// Whether one error has each of `parts` in it.
    #[must_use]
    pub fn errs(&self, parts: &[&str]) -> bool {
        self.find(parts).any(|line| line.level == "SEVERE")
    }

    /// Warnings and errors that the module wrote, but for one that a browser without WebAssembly gets on
    /// every page.
    #[must_use]
    pub fn complaints(&self) -> Vec<&str> {
        self.find(&["nosale"])
            .filter(|line| !(everywhere_plain() && line.text.contains(REPLACED)))
            .filter(|line| line.level == "WARNING" || line.level == "SEVERE")
            .map(|line| line.text.as_str())
            .collect()
    }
}

impl fmt::Display for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Line { level, text } in &self.0 {
            writeln!(f, "  {level:8}{text}")?;
        }
        Ok(())
    }
}
