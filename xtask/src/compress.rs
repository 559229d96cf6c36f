//! The files of `dist/` as they travel: `nosale.js.br` beside `nosale.js`, for servers that do not
//! compress at brotli's best themselves.

use std::fs;
use std::path::Path;

use crate::error::{Error, Result};
use crate::sizes::{BEST, Listing, compressed};

/// Compresses every file in the list that a browser loads.
pub fn all(dist: &Path, listing: &Listing) -> Result<()> {
    let loaded = listing.files.keys().filter(|name| !name.ends_with(".d.ts"));
    for name in loaded {
        let path = dist.join(name);
        let content = fs::read(&path).map_err(Error::file(&path))?;
        let beside = dist.join(format!("{name}.br"));
        fs::write(&beside, compressed(BEST, &content)).map_err(Error::file(&beside))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::sizes::Entry;

    #[test]
    fn a_compressed_file_is_the_file_at_the_size_of_the_list() {
        let folder = tempfile::tempdir().unwrap();
        let content = "nosale ".repeat(1000);
        let names = ["a.js", "deep/b.json", "a.d.ts"];
        fs::create_dir(folder.path().join("deep")).unwrap();
        for name in names {
            fs::write(folder.path().join(name), &content).unwrap();
        }
        let entry = Entry::of(content.as_bytes());
        let files = names.map(|name| (name.to_owned(), entry.clone()));
        let listing = Listing {
            version: "1.2.3".into(),
            files: BTreeMap::from(files),
        };
        all(folder.path(), &listing).unwrap();
        for name in ["a.js.br", "deep/b.json.br"] {
            let small = fs::read(folder.path().join(name)).unwrap();
            assert_eq!(small.len() as u64, entry.brotli, "{name}");
            let mut large = Vec::new();
            brotli::BrotliDecompress(&mut small.as_slice(), &mut large).unwrap();
            assert_eq!(large, content.as_bytes(), "{name}");
        }
        assert!(!folder.path().join("a.d.ts.br").exists());
    }
}
