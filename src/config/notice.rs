//! What the publisher may say of the notice and the dialog.

/// `notice.link`: the wording of the link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkKind {
    /// What the jurisdiction asks for.
    #[default]
    Auto,
    /// "Your Privacy Choices", with the icon (regs 7015).
    YourPrivacyChoices,
    /// "Do Not Sell or Share My Personal Information" (regs 7013).
    DoNotSellOrShare,
    /// "Do Not Sell My Personal Information", the wording before 2023.
    DoNotSell,
    /// No link but the publisher's own.
    None,
}

impl LinkKind {
    /// The names in the config.
    pub const NAMES: [&'static str; 5] = [
        "auto",
        "your_privacy_choices",
        "do_not_sell_or_share",
        "do_not_sell",
        "none",
    ];
    /// The values, in the order of the names.
    pub const ALL: [LinkKind; 5] = [
        LinkKind::Auto,
        LinkKind::YourPrivacyChoices,
        LinkKind::DoNotSellOrShare,
        LinkKind::DoNotSell,
        LinkKind::None,
    ];
}

/// `notice.mode`: what may be shown because of a signal (regs 7025(f)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoticeMode {
    /// A quiet status may show.
    #[default]
    Standard,
    /// Nothing but the status line and the settings link.
    Frictionless,
}

impl NoticeMode {
    /// The names in the config.
    pub const NAMES: [&'static str; 2] = ["standard", "frictionless"];
    /// The values, in the order of the names.
    pub const ALL: [NoticeMode; 2] = [NoticeMode::Standard, NoticeMode::Frictionless];
}

/// `notice.theme`: the dialog's colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the visitor's system is set.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The names in the config.
    pub const NAMES: [&'static str; 3] = ["auto", "light", "dark"];
    /// The values, in the order of the names.
    pub const ALL: [Theme; 3] = [Theme::Auto, Theme::Light, Theme::Dark];
}

/// `notice.position`: where the quiet message stands that may show once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Position {
    /// Below, where a line ends.
    #[default]
    BottomEnd,
    /// Below, where a line begins.
    BottomStart,
    /// Above, where a line ends.
    TopEnd,
    /// Above, where a line begins.
    TopStart,
}

impl Position {
    /// The names in the config.
    pub const NAMES: [&'static str; 4] = ["bottom_end", "bottom_start", "top_end", "top_start"];
    /// The values, in the order of the names.
    pub const ALL: [Position; 4] = [
        Position::BottomEnd,
        Position::BottomStart,
        Position::TopEnd,
        Position::TopStart,
    ];
}

/// `notice.contacts`: a way in which the publisher writes or speaks to the visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contact {
    /// E-mail.
    Email,
    /// Paper mail.
    Post,
    /// Telephone calls.
    Phone,
    /// Text messages.
    Text,
}

impl Contact {
    /// The names in the config, in texts and in reports.
    pub const NAMES: [&'static str; 4] = ["email", "post", "phone", "text"];
    /// The values, in the order of the names.
    pub const ALL: [Contact; 4] = [Contact::Email, Contact::Post, Contact::Phone, Contact::Text];

    /// The name.
    pub fn name(self) -> &'static str {
        Contact::NAMES[self as usize]
    }
}

/// `notice`: what the visitor sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticeSettings {
    /// The link's wording.
    pub link: LinkKind,
    /// Whether "Limit the Use of My Sensitive Personal Information" stands beside it (regs 7014);
    /// without a word, where the site uses sensitive data and the link is not the alternative one
    /// (regs 7015), which stands for both.
    pub limit_link: Option<bool>,
    /// What may be shown because of a signal.
    pub mode: NoticeMode,
    /// The dialog's colours.
    pub theme: Theme,
    /// Where the quiet message stands.
    pub position: Position,
    /// The language, if not the page's; one of [`super::LOCALES`].
    pub locale: Option<&'static str>,
    /// The publisher's privacy policy.
    pub policy_url: Option<String>,
    /// The publisher's own opt-out page, for when this script cannot do its work.
    pub opt_out_url: Option<String>,
    /// The ways in which the publisher writes or speaks to visitors, for the dialog to ask about.
    pub contacts: Vec<Contact>,
    /// One plain sentence of the publisher's on what advertising pays for.
    pub sentence: Option<String>,
    /// Whether the dialog has a form for data held elsewhere.
    pub offline_form: bool,
}
