//! The pages that tests make in place.

use std::fmt;

use serde_json::Value;

/// An HTML page with the module first in its head, and room for what the case is about.
///
/// In all of its texts `{port}` stands for the port of the site and its third parties.
#[derive(Clone, Debug)]
pub struct Markup {
    config: Option<String>,
    tag: String,
    head: String,
    body: String,
    footer: String,
}

impl Default for Markup {
    fn default() -> Markup {
        Markup::new()
    }
}

impl Markup {
    /// A page with the plain script tag and no config.
    #[must_use]
    pub fn new() -> Markup {
        Markup {
            config: None,
            tag: r#"<script src="/nosale.js"></script>"#.to_owned(),
            head: String::new(),
            body: String::new(),
            footer: String::new(),
        }
    }

    /// The config as JSON, before the module.
    #[must_use]
    pub fn config(mut self, config: &Value) -> Markup {
        self.config = Some(config.to_string());
        self
    }

    /// The config as it stands, right or wrong.
    #[must_use]
    pub fn config_text(mut self, text: &str) -> Markup {
        self.config = Some(text.to_owned());
        self
    }

    /// Another script tag than the plain one, or none.
    #[must_use]
    pub fn tag(mut self, tag: &str) -> Markup {
        tag.clone_into(&mut self.tag);
        self
    }

    /// What follows the module in the head.
    #[must_use]
    pub fn head(mut self, head: &str) -> Markup {
        self.head.push_str(head);
        self
    }

    /// What stands in the page's main part.
    #[must_use]
    pub fn body(mut self, body: &str) -> Markup {
        self.body.push_str(body);
        self
    }

    /// What stands in the page's footer already.
    #[must_use]
    pub fn footer(mut self, footer: &str) -> Markup {
        self.footer.push_str(footer);
        self
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Markup {
            config,
            tag,
            head,
            body,
            footer,
        } = self;
        f.write_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")?;
        f.write_str("<title>A case</title>\n<link rel=\"icon\" href=\"data:,\">\n")?;
        f.write_str("<meta name=\"viewport\" content=\"width=device-width\">\n")?;
        if let Some(config) = config {
            writeln!(
                f,
                "<script type=\"application/json\" id=\"nosale-config\">{config}</script>"
            )?;
        }
        writeln!(
            f,
            "{tag}\n{head}\n</head>\n<body>\n<main>\n<h1>A case</h1>\n{body}\n</main>"
        )?;
        writeln!(f, "<footer>{footer}</footer>\n</body>\n</html>")
    }
}
