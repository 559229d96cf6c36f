//! The notice: the link on the page, and the dialog behind it.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::wait;

/// The dialog of the page that the browser shows.
#[derive(Clone, Copy, Debug)]
pub struct Dialog<'a>(&'a Browser);

/// The link that nosale made, or the element that the publisher named.
const LINK: &str = "document.querySelector('footer [data-nosale], a[data-nosale-link], \
                    button[data-nosale-link], [data-nosale-link] [data-nosale]')";

const ROOT: &str = "document.querySelector('[data-nosale-dialog]')?.shadowRoot";

const OPEN: &str =
    "!!document.querySelector('[data-nosale-dialog]')?.shadowRoot?.querySelector('dialog[open]')";

impl<'a> Dialog<'a> {
    /// The dialog of `browser`'s page, open or not.
    #[must_use]
    pub fn of(browser: &'a Browser) -> Dialog<'a> {
        Dialog(browser)
    }

    /// Clicks the link, and waits until the dialog is open.
    pub async fn open(self) -> Dialog<'a> {
        self.click_link().await;
        self.opened().await
    }

    /// Clicks the link.
    pub async fn click_link(self) {
        self.0.click(LINK).await;
    }

    /// Waits until the dialog is open.
    pub async fn opened(self) -> Dialog<'a> {
        self.0.until(OPEN).await;
        self
    }

    /// Opens every section.
    pub async fn unfold(self) {
        let open = "querySelectorAll('details').forEach(section => { section.open = true })";
        self.0.exec(format!("{ROOT}.{open}")).await;
    }

    /// Waits until the dialog is closed.
    pub async fn closed(self) {
        self.0.until(format!("!({OPEN})")).await;
    }

    /// Whether the dialog is open now.
    pub async fn is_open(self) -> bool {
        self.0.js(OPEN).await == json!(true)
    }

    /// Clicks the button with that `data-do`.
    pub async fn press(self, action: &str) -> Dialog<'a> {
        self.0.click(self.find(&button(action))).await;
        self
    }

    /// Clicks the button with that `data-do` by script, which no visitor's hand did.
    pub async fn press_untrusted(self, action: &str) -> Dialog<'a> {
        self.0.until(self.find(&button(action))).await;
        let click = format!("{}.click()", self.find(&button(action)));
        self.0.exec(click).await;
        self
    }

    /// Waits until a button with that `data-do` is to be seen.
    pub async fn offers(self, action: &str) -> Dialog<'a> {
        let found = self.find(&button(action));
        self.0.until(format!("{found}?.checkVisibility()")).await;
        self
    }

    /// Turns the switch of a purpose over, by clicking it.
    pub async fn flip(self, purpose: &str) -> Dialog<'a> {
        let before = self.is_on(purpose).await;
        self.0.click(self.find(&switch(purpose))).await;
        let turned = async || (self.is_on(purpose).await != before).then_some(());
        wait::until(format_args!("the switch {purpose} turns"), turned).await;
        self
    }

    /// Whether the switch of a purpose is on, which means: permitted.
    pub async fn is_on(self, purpose: &str) -> bool {
        let checked = format!("{}?.checked", self.find(&switch(purpose)));
        let value = self.0.js(checked).await;
        value
            .as_bool()
            .unwrap_or_else(|| panic!("the dialog has no switch for {purpose}"))
    }

    /// The purposes that have a switch, in order.
    pub async fn switches(self) -> Value {
        let all = "'input[type=checkbox][role=switch]'";
        self.0
            .js(format!(
                "[...{ROOT}.querySelectorAll({all})].map(one => one.name)"
            ))
            .await
    }

    /// The dialog's text, as it is to be seen.
    pub async fn text(self) -> String {
        let text = self
            .0
            .js(format!("{ROOT}?.querySelector('dialog')?.innerText ?? ''"))
            .await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// The status line's text.
    pub async fn status(self) -> String {
        let line = self.find("[data-part=status]");
        let text = self.0.js(format!("{line}?.innerText ?? ''")).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// The expression of the first element in the dialog's shadow root that `css` selects.
    #[must_use]
    pub fn find(self, css: &str) -> String {
        format!("{ROOT}?.querySelector({})", json!(css))
    }

    /// The expression of the page's link.
    #[must_use]
    pub fn link(self) -> &'static str {
        LINK
    }
}

fn button(action: &str) -> String {
    format!("[data-do={action}]")
}

fn switch(purpose: &str) -> String {
    format!("input[type=checkbox][role=switch][name={purpose}]")
}
