//! What keeps people from using what they see, looked for in a page as it stands.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::clients;

/// The rules of WCAG 2.2 AA, and axe's own of good practice.
const RULES: [&str; 6] = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
];

/// In an open dialog, from `document.querySelector('[data-nosale-dialog]')`: what does not fit.
const CUT: &str = r#"(() => {
    const root = document.querySelector("[data-nosale-dialog]").shadowRoot;
    const found = [];
    const wide = document.documentElement;
    if (wide.scrollWidth > wide.clientWidth) found.push("the page scrolls sideways");
    for (const box of root.querySelectorAll("dialog[open], .message")) {
      if (box.scrollWidth > box.clientWidth) found.push("scrolls sideways");
      if (box.getBoundingClientRect().height > innerHeight + 0.5) found.push("higher than the screen");
      for (const element of box.querySelectorAll("*")) {
        if (!element.checkVisibility() || element.closest("svg")) continue;
        const name = [element.localName, element.dataset.do ?? element.textContent.slice(0, 30)].join(" ");
        const { left, right, width } = element.getBoundingClientRect();
        if (width > 1 && (left < -0.5 || right > innerWidth + 0.5)) found.push(name + " is outside");
        if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflow !== "visible"
            && element.localName !== "dialog") found.push(name + " is cut");
        if (["button", "p", "label", "summary", "dd"].includes(element.localName) && element.textContent.trim()) {
          const range = document.createRange();
          range.selectNodeContents(element);
          const text = range.getBoundingClientRect(), own = element.getBoundingClientRect();
          if (text.right > own.right + 1 || text.left < own.left - 1 || text.bottom > own.bottom + 1)
            found.push(name + " runs over its edge");
        }
      }
    }
    return [...new Set(found)];
})()"#;

/// What can be pressed in an open dialog and is smaller than 24 by 24 px (WCAG 2.2, 2.5.8; a link in
/// a sentence may be).
const SMALL: &str = r#"(() => {
    const root = document.querySelector("[data-nosale-dialog]").shadowRoot;
    return [...root.querySelectorAll("button, input, select, summary")]
      .filter(element => element.checkVisibility())
      .map(element => [element.dataset.do ?? element.name ?? element.textContent, element.getBoundingClientRect()])
      .filter(([, { width, height }]) => width < 24 || height < 24)
      .map(([name, { width, height }]) => `${name}: ${width} x ${height}`);
})()"#;

/// Looks for what keeps people from using a page.
pub struct Problems<'a>(pub &'a Browser);

impl Problems<'_> {
    /// What axe finds: `rule: element`, for the whole page with its shadow roots.
    pub async fn axe(&self) -> Vec<String> {
        if self.0.js("typeof axe").await != "object" {
            self.0.exec(clients::axe()).await;
        }
        let options = json!({ "runOnly": RULES, "resultTypes": ["violations"] });
        let found = self
            .0
            .js(format!(
                "axe.run(document, {options}).then(({{ violations }}) => violations.flatMap(rule =>
                   rule.nodes.map(node => `${{rule.id}}: ${{node.target.join(' ')}}: ${{node.failureSummary}}`)))"
            ))
            .await;
        texts(&found)
    }

    /// What of the dialog does not fit the screen, or runs over its own edge.
    pub async fn cut(&self) -> Vec<String> {
        texts(&self.0.js(CUT).await)
    }

    /// What is too small to be pressed.
    pub async fn small(&self) -> Vec<String> {
        texts(&self.0.js(SMALL).await)
    }
}

fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().expect("a list");
    list.iter()
        .map(|text| text.as_str().unwrap_or_default().to_owned())
        .collect()
}
