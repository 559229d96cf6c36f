//! The US Privacy string: four characters, and section 6 of a GPP string.

/// What the US Privacy string `1YNN` says. It knows California's opt-out of sale, and nothing else;
/// the GPP sections replaced it.
///
/// ```
/// use nosale::gpp::UsPrivacy;
///
/// let text = UsPrivacy::new(Some(true), true, Some(false)).to_text();
/// assert_eq!(text, "1YYN");
/// assert_eq!(UsPrivacy::NOT_APPLICABLE.to_text(), "1---");
/// assert!(UsPrivacy::parse("1YYN").is_some_and(|privacy| privacy.opted_out()));
/// assert_eq!(UsPrivacy::parse("1yyn"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsPrivacy {
    version: u8,
    /// Notice and the opportunity to opt out were given; `None` if that is unknown.
    pub notice: Option<bool>,
    /// Opted out of sale; `None` if the law does not apply.
    pub opt_out_sale: Option<bool>,
    /// The IAB's Limited Service Provider Agreement covers the transaction; `None` if unknown.
    pub lspa_covered: Option<bool>,
}

impl UsPrivacy {
    /// The section's number in a GPP string.
    pub const SECTION: u32 = 6;

    /// The section's prefix in APIs.
    pub const PREFIX: &'static str = "uspv1";

    /// The one version there is.
    pub const VERSION: u8 = 1;

    /// The law does not apply: `1---`.
    pub const NOT_APPLICABLE: UsPrivacy = UsPrivacy {
        version: UsPrivacy::VERSION,
        notice: None,
        opt_out_sale: None,
        lspa_covered: None,
    };

    /// What is true where the law applies.
    pub fn new(notice: Option<bool>, opted_out: bool, lspa_covered: Option<bool>) -> UsPrivacy {
        UsPrivacy {
            version: UsPrivacy::VERSION,
            notice,
            opt_out_sale: Some(opted_out),
            lspa_covered,
        }
    }

    /// Reads a string of version 1, four characters in upper case; `None` for anything else.
    pub fn parse(text: &str) -> Option<UsPrivacy> {
        UsPrivacy::parse_any_version(text).filter(|privacy| privacy.version == UsPrivacy::VERSION)
    }

    /// The same for any version of one digit, as readers of GPP strings take it.
    pub(super) fn parse_any_version(text: &str) -> Option<UsPrivacy> {
        let &[version, notice, opt_out_sale, lspa_covered] = text.as_bytes() else {
            return None;
        };
        if !version.is_ascii_digit() {
            return None;
        }
        Some(UsPrivacy {
            version: version - b'0',
            notice: answer(notice)?,
            opt_out_sale: answer(opt_out_sale)?,
            lspa_covered: answer(lspa_covered)?,
        })
    }

    /// The string.
    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(4);
        text.push(char::from(b'0' + self.version));
        for answer in [self.notice, self.opt_out_sale, self.lspa_covered] {
            text.push(letter(answer));
        }
        text
    }

    /// 1, unless the string was read from a GPP string that says otherwise.
    pub fn version(&self) -> u8 {
        self.version
    }

    /// Whether the law applies: anything but `1---`.
    pub fn law_applies(&self) -> bool {
        self.notice.is_some() || self.opt_out_sale.is_some() || self.lspa_covered.is_some()
    }

    /// Whether the visitor opted out of sale.
    pub fn opted_out(&self) -> bool {
        self.opt_out_sale == Some(true)
    }

    /// Whether the specification permits the combination: the opt-out may be left open only where
    /// the law does not apply. Readers and writers take the others as well.
    pub fn is_permitted(&self) -> bool {
        self.opt_out_sale.is_some() || !self.law_applies()
    }
}

fn answer(letter: u8) -> Option<Option<bool>> {
    match letter {
        b'Y' => Some(Some(true)),
        b'N' => Some(Some(false)),
        b'-' => Some(None),
        _ => None,
    }
}

fn letter(answer: Option<bool>) -> char {
    match answer {
        Some(true) => 'Y',
        Some(false) => 'N',
        None => '-',
    }
}
