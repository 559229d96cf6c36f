//! The pages that are compared, from `pages.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// A page with one privacy script, or none.
#[derive(Clone, Default)]
pub struct Compared {
    /// How the tables call it.
    pub name: String,
    /// The npm package's version, for a peer.
    pub version: Option<String>,
    /// What of the job it does.
    pub does: String,
    /// Bytes of its files after brotli.
    pub bytes: u64,
    head: String,
    body: String,
}

/// All of them.
pub struct Pages {
    /// Decided under the signal.
    pub compared: Vec<Compared>,
    /// With an advertisement, and nothing denied.
    pub permitted: Vec<Compared>,
}

/// The address of the advertisement, and what it runs.
pub const AD: &str = "/advertising.js";

/// Who serves the advertisement.
pub const AD_HOST: &str = "ads.localhost";

/// The first script of each page.
const FIRST: &str = "<script>
(() => {
  const marks = { start: performance.now() };
  const mark = (name) => (marks[name] ??= performance.now());
  window.bench = {
    marks,
    decided: (allowed) => { mark('decided'); bench.allowed ??= !!allowed; },
    ran: () => mark('ran'),
  };
})();
</script>";

/// A section of the article; forty make a page of some 400 elements.
const SECTION: &str = "<section><h2>A section</h2><p>Some <b>words</b> with <a href='/'>links</a> \
    and <i>stress</i>.</p><ul><li>one</li><li>two</li><li>three</li></ul></section>\n";

impl Pages {
    /// Those whose files are in `folder`.
    pub fn read(folder: &Path) -> Pages {
        let text = include_str!("pages.toml");
        let tables: toml::Table = text.parse().expect("pages.toml");
        let versions = fs::read_to_string(folder.join("versions.json")).unwrap_or_default();
        let versions: BTreeMap<String, String> =
            serde_json::from_str(&versions).unwrap_or_default();
        let list = |name: &str| {
            let pages = tables[name].as_array().expect("a list of pages").iter();
            pages
                .filter_map(|page| Compared::read(page, folder, &versions))
                .collect()
        };
        Pages {
            compared: list("page"),
            permitted: list("permitted"),
        }
    }
}

impl Compared {
    fn read(
        page: &toml::Value,
        folder: &Path,
        versions: &BTreeMap<String, String>,
    ) -> Option<Compared> {
        let text = |key: &str| {
            page.get(key)
                .and_then(toml::Value::as_str)
                .unwrap_or_default()
        };
        let files = page.get("files").and_then(toml::Value::as_array);
        let mut bytes = 0;
        for file in files.into_iter().flatten() {
            let path = folder.join(format!("{}.br", file.as_str()?));
            bytes += fs::metadata(path).ok()?.len();
        }
        let inline = fs::read_to_string(folder.join("nosale.inline.js")).unwrap_or_default();
        let fill = |text: &str| text.replace("{inline}", inline.trim_end());
        Some(Compared {
            name: text("name").to_owned(),
            version: versions.get(text("package")).cloned(),
            does: text("does").to_owned(),
            bytes,
            head: fill(text("head")),
            body: fill(text("body")),
        })
    }

    /// The page, with the advertisement at `ad`.
    pub fn html(&self, ad: &str) -> String {
        let (head, body) = (self.head.replace("{ad}", ad), &self.body);
        let article = SECTION.repeat(40);
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>An article</title>\n\
             <link rel=\"icon\" href=\"data:,\">\n{FIRST}\n{head}\n</head>\n<body>\n\
             <header><h1>An article</h1></header>\n<main>\n{article}</main>\n\
             <footer><a href=\"/privacy\">Privacy</a></footer>\n{body}\n</body>\n</html>"
        )
    }
}

/// Elements in a node of `DOM.getDocument`, with shadow trees of scripts and frames.
pub fn elements(node: &Value) -> u64 {
    let is_element = u64::from(node["nodeType"] == 1);
    let below = ["children", "shadowRoots"]
        .iter()
        .filter_map(|key| node[*key].as_array())
        .flatten()
        .chain(node.get("contentDocument"))
        .filter(|node| node["shadowRootType"] != "user-agent");
    is_element + below.map(elements).sum::<u64>()
}
