//! What a file costs on the wire, against its budget.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha384};

use crate::error::{Error, Result};
use crate::manifest::{self, Bundle};

/// The best quality of brotli.
pub const BEST: i32 = 11;

/// The list of what was built, in `dist/`.
pub const FILE: &str = "manifest.json";

/// `dist/manifest.json`.
#[derive(Debug, Deserialize, Serialize)]
pub struct Listing {
    /// The version of all files.
    pub version: String,
    /// Each file by name.
    pub files: BTreeMap<String, Entry>,
}

/// One file in the list.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Entry {
    /// Bytes.
    pub raw: u64,
    /// Bytes after gzip at its best.
    pub gzip: u64,
    /// Bytes after brotli at its best.
    pub brotli: u64,
    /// For the `integrity` attribute.
    pub integrity: String,
    /// For `script-src` of a Content-Security-Policy, if it is pasted into pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script_src: Option<String>,
}

impl Entry {
    /// Measures a file's content.
    pub fn of(content: &[u8]) -> Self {
        let digest = STANDARD.encode(Sha384::digest(content));
        Self {
            raw: content.len() as u64,
            gzip: gzip(content),
            brotli: brotli_at(BEST, content),
            integrity: format!("sha384-{digest}"),
            script_src: None,
        }
    }

    /// The same of one that is pasted into pages.
    pub fn of_snippet(content: &[u8]) -> Self {
        let digest = STANDARD.encode(Sha256::digest(content));
        Self {
            script_src: Some(format!("'sha256-{digest}'")),
            ..Self::of(content)
        }
    }
}

impl Listing {
    /// Reads it back.
    pub fn read(dist: &Path) -> Result<Self> {
        let path = dist.join(FILE);
        let text = fs::read_to_string(&path).map_err(Error::file(&path))?;
        serde_json::from_str(&text)
            .map_err(|error| Error::invalid(path.display().to_string(), error))
    }

    /// Writes it beside the files.
    pub fn write(&self, dist: &Path) -> Result<()> {
        let path = dist.join(FILE);
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| Error::invalid(path.display().to_string(), error))?;
        fs::write(&path, text + "\n").map_err(Error::file(&path))
    }

    /// The table that the build prints.
    pub fn table(&self, bundles: &[Bundle]) -> String {
        let row = |cells: [String; 5]| {
            let [file, raw, gzip, brotli, budget] = cells;
            format!("{file:<22}{raw:>10}{gzip:>10}{brotli:>10}{budget:>10}\n")
        };
        let mut table = row(["dist/", "raw", "gzip", "brotli", "budget"].map(String::from));
        for bundle in bundles {
            if let Some(entry) = self.files.get(&bundle.file) {
                let sizes = [entry.raw, entry.gzip, entry.brotli].map(grouped);
                let [raw, gzip, brotli] = sizes;
                let budget = match (bundle.budget, bundle.limit) {
                    (Some(budget), _) => grouped(budget),
                    (None, Some(limit)) => format!("{} raw", grouped(limit)),
                    (None, None) => "–".into(),
                };
                table += &row([bundle.file.clone(), raw, gzip, brotli, budget]);
            }
        }
        for (file, entry) in &self.files {
            if let Some(source) = &entry.script_src {
                table += &format!("script-src for {file} in a page: {source}\n");
            }
        }
        table
    }

    /// Fails for every file that is over its budget.
    pub fn check(&self, bundles: &[Bundle]) -> Result<()> {
        let over = bundles.iter().filter_map(|bundle| {
            let (entry, file) = (self.files.get(&bundle.file)?, &bundle.file);
            let sizes = [
                (entry.brotli, bundle.budget, "after brotli", "budget"),
                (entry.raw, bundle.limit, "as it is", "limit"),
            ];
            let (size, most, measure, word) = sizes
                .into_iter()
                .find(|(size, most, ..)| most.is_some_and(|most| *size > most))?;
            let most = most.unwrap_or_default();
            let [size, over, most] = [size, size - most, most].map(grouped);
            let name = manifest::FILE;
            Some(format!(
                "dist/{file} is {size} bytes {measure}, {over} more than its {word} of {most} in {name}"
            ))
        });
        let over: Vec<String> = over.collect();
        if over.is_empty() {
            return Ok(());
        }
        Err(Error::OverBudget(over))
    }
}

/// Bytes after brotli at a quality from 0 to 11.
pub fn brotli_at(quality: i32, content: &[u8]) -> u64 {
    compressed(quality, content).len() as u64
}

/// Brotli at a quality from 0 to 11, with its largest ordinary window.
pub fn compressed(quality: i32, mut content: &[u8]) -> Vec<u8> {
    let mut small = Vec::new();
    let parameters = BrotliEncoderParams {
        quality,
        lgwin: 24,
        size_hint: content.len(),
        ..BrotliEncoderParams::default()
    };
    // Memory takes every read and every write.
    let _ = brotli::BrotliCompress(&mut content, &mut small, &parameters);
    small
}

fn gzip(content: &[u8]) -> u64 {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Memory takes every write.
    let written = encoder.write_all(content).and_then(|()| encoder.finish());
    written.map_or(u64::MAX, |bytes| bytes.len() as u64)
}

/// Digits in groups of three.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Format;

    fn bundle(file: &str, budget: Option<u64>) -> Bundle {
        Bundle {
            file: file.into(),
            also: None,
            entry: "www/a.js".into(),
            format: Format::Script,
            budget,
            limit: None,
        }
    }

    fn listing(file: &str, content: &[u8]) -> Listing {
        Listing {
            version: "0.1.0".into(),
            files: [(file.to_string(), Entry::of(content))].into(),
        }
    }

    #[test]
    fn an_entry_says_what_a_file_costs() {
        let text = "nosale ".repeat(1000);
        let entry = Entry::of(text.as_bytes());
        assert_eq!(entry.raw, 7000);
        assert!(entry.gzip > 20 && entry.gzip < 100);
        assert!(entry.brotli > 10 && entry.brotli < entry.gzip);
    }

    /// The digest of the empty file, as FIPS 180-4 implementations give it.
    #[test]
    fn integrity_is_sha384_in_base64() {
        assert_eq!(
            Entry::of(b"").integrity,
            "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb"
        );
    }

    #[test]
    fn only_what_is_over_budget_fails() {
        let listing = listing("a.js", b"function a() {}");
        let size = listing.files["a.js"].brotli;
        listing.check(&[bundle("a.js", Some(size))]).unwrap();
        listing.check(&[bundle("a.js", None)]).unwrap();
        let error = listing.check(&[bundle("a.js", Some(size - 1))]);
        let error = error.unwrap_err().to_string();
        assert!(error.contains("dist/a.js"), "{error}");
        assert!(error.contains("1 more than its budget"), "{error}");
    }

    #[test]
    fn what_is_pasted_is_limited_as_it_is() {
        let snippet = |limit| Bundle {
            format: Format::Snippet,
            limit: Some(limit),
            ..bundle("a.js", None)
        };
        let listing = listing("a.js", &[b'a'; 1024]);
        listing.check(&[snippet(1024)]).unwrap();
        let error = listing.check(&[snippet(1023)]).unwrap_err().to_string();
        assert!(error.contains("is 1,024 bytes as it is"), "{error}");
        assert!(error.contains("1 more than its limit of 1,023"), "{error}");
        assert!(listing.table(&[snippet(1024)]).contains("1,024 raw"));
    }

    /// The digest of the empty text, as FIPS 180-4 implementations give it.
    #[test]
    fn what_is_pasted_has_a_source_for_a_policy() {
        let mut listing = listing("a.js", b"a");
        assert_eq!(listing.files["a.js"].script_src, None);
        let entry = Entry::of_snippet(b"");
        let source = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";
        assert_eq!(entry.script_src.as_deref(), Some(source));
        listing.files.insert("a.js".into(), entry);
        assert!(listing.table(&[]).contains(source));
    }

    #[test]
    fn the_list_is_read_as_written() {
        let directory = tempfile::tempdir().unwrap();
        let written = listing("a.js", b"a");
        written.write(directory.path()).unwrap();
        let read = Listing::read(directory.path()).unwrap();
        assert_eq!(read.version, written.version);
        assert_eq!(read.files, written.files);
    }

    #[test]
    fn numbers_are_grouped() {
        let cases = [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
        ];
        for (number, text) in cases {
            assert_eq!(grouped(number), text);
        }
    }
}
