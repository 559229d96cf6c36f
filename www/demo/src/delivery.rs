//! The headers of nosale's own files, as the README tells publishers to send them.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// A file whose name says its version never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// A file that the next version replaces: a browser asks again after five minutes, and shows a page
/// with what it has meanwhile for no longer.
const FOR_A_WHILE: &str = "public, max-age=300";

/// Sets them for the file at `path`.
pub fn set(headers: &mut HeaderMap, path: &str) {
    let caching = if is_versioned(path) {
        FOR_EVER
    } else {
        FOR_A_WHILE
    };
    let fields: [(HeaderName, &str); 4] = [
        (header::CACHE_CONTROL, caching),
        (header::VARY, "Accept-Encoding"),
        // A page may take the files from another origin, also where it is isolated from others.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ),
    ];
    for (name, value) in fields {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Whether the name is one of `nosale.<version>.js`.
fn is_versioned(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let version = name
        .strip_prefix("nosale.")
        .and_then(|rest| rest.strip_suffix(".js"));
    version.is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_with_a_version_is_kept_for_ever() {
        for (path, versioned) in [
            ("/nosale.0.1.0.js", true),
            ("/of/nosale.12.0.3.js", true),
            ("/nosale.js", false),
            ("/nosale.dialog.js", false),
            ("/locales/es.json", false),
            ("/nosale.0.1.0", false),
        ] {
            assert_eq!(is_versioned(path), versioned, "{path}");
        }
    }
}
