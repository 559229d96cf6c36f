//! The config: what the publisher may say, and every way it can be wrong.
//!
//! The structs here are the schema. [`read`] fills them from a [`Json`] value and names every
//! mistake as a [`Problem`]; wherever a value is wrong, the default that protects the visitor holds.
//! Reading is written out by hand because derived deserialization costs some 17 kB of what every
//! page view loads.

mod json;
mod locale;
mod notice;
mod problem;
mod read;

pub use json::{Json, MAX_DEPTH};
pub use locale::{LOCALES, choose_locale, is_right_to_left, locale_of};
pub use notice::{Contact, LinkKind, NoticeMode, NoticeSettings, Position, Theme};
pub use problem::Problem;
pub use read::{read, read_context, read_purposes};

use crate::policy::{Age, GpcScope, Jurisdiction, Purpose, Purposes, SensitiveKinds, Vendor};

/// Everything the publisher may say.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The law that applies, if the page knows it.
    pub jurisdiction: Option<&'static Jurisdiction>,
    /// The purposes used on this site.
    pub purposes: Purposes,
    /// A number that grows when the publisher's policy changes.
    pub revision: u32,
    /// How signals are treated.
    pub signals: SignalSettings,
    /// What the page knows of the visitor's account.
    pub account: Account,
    /// What the page knows of the visitor's age.
    pub age: Option<Age>,
    /// How the record is kept.
    pub record: RecordSettings,
    /// Where reports go.
    pub endpoint: Option<Endpoint>,
    /// Vendors beside the built-in catalogue, or in place of its entries of the same name.
    pub vendors: Vec<Vendor>,
    /// How tags are kept from running.
    pub gate: GateSettings,
    /// What is said in IAB strings.
    pub gpp: GppSettings,
    /// What the visitor sees.
    pub notice: NoticeSettings,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            jurisdiction: None,
            purposes: Purposes::of(&[
                Purpose::Sale,
                Purpose::Sharing,
                Purpose::TargetedAdvertising,
            ]),
            revision: 1,
            signals: SignalSettings::default(),
            account: Account::default(),
            age: None,
            record: RecordSettings::default(),
            endpoint: None,
            vendors: Vec::new(),
            gate: GateSettings::default(),
            gpp: GppSettings::default(),
            notice: NoticeSettings::default(),
        }
    }
}

/// `signals`: how Global Privacy Control is treated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignalSettings {
    /// Where it is honoured.
    pub gpc_scope: GpcScope,
    /// Whether an opt-in confirmed in the dialog lifts it.
    pub consent_despite_signal: bool,
    /// Whether a signal of an earlier visit still counts.
    pub keep_earlier: bool,
}

impl Default for SignalSettings {
    fn default() -> SignalSettings {
        SignalSettings {
            gpc_scope: GpcScope::Everywhere,
            consent_despite_signal: false,
            keep_earlier: true,
        }
    }
}

/// `account`: what the page knows of the visitor's account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// What the account is opted out of.
    pub opt_out: Purposes,
    /// The publisher's own opaque id of the account; reported, never stored in the browser.
    pub id: Option<String>,
    /// Whether a parent has consented (regs 7070), if the page says so.
    pub parental_consent: Option<bool>,
}

/// `record`: how the record is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordSettings {
    /// The cookie's domain; `None` for the widest that the browser accepts.
    pub cookie_domain: Option<String>,
    /// How long the cookie is kept, in days.
    pub days: u32,
}

impl Default for RecordSettings {
    fn default() -> RecordSettings {
        RecordSettings {
            cookie_domain: None,
            days: 365,
        }
    }
}

/// `endpoint`: where reports go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoint {
    /// An https address, http on loopback only, or a path on the page's own site.
    pub url: String,
    /// Whether cookies go along.
    pub include_credentials: bool,
    /// Without it, reports are sent as `text/plain`, which needs no CORS preflight.
    pub preflight: bool,
    /// Whether the endpoint may set the record's cookie in its answer.
    pub persist: bool,
    /// Whether reports name the page's path beside its origin.
    pub path: bool,
}

/// `gate.mode`: the level of the gate. Each includes those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GateMode {
    /// Only inert markup is held.
    Inert,
    /// And what scripts send to listed vendors.
    #[default]
    Listed,
    /// And, by a Content-Security-Policy, what goes to any host that is not allowed.
    Strict,
}

impl GateMode {
    /// The names in the config.
    pub const NAMES: [&'static str; 3] = ["inert", "listed", "strict"];
    /// The values, in the order of the names.
    pub const ALL: [GateMode; 3] = [GateMode::Inert, GateMode::Listed, GateMode::Strict];
}

/// `gate`: how tags are kept from running.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GateSettings {
    /// The level.
    pub mode: GateMode,
    /// Hosts that strict mode leaves alone.
    pub allow: Vec<String>,
}

/// `gpp.mspa`: the publisher's standing under the IAB's contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mspa {
    /// Not a signatory.
    #[default]
    None,
    /// A signatory in opt-out option mode.
    OptOutOption,
    /// A signatory in service provider mode.
    ServiceProvider,
}

impl Mspa {
    /// The names in the config.
    pub const NAMES: [&'static str; 3] = ["none", "opt_out_option", "service_provider"];
    /// The values, in the order of the names.
    pub const ALL: [Mspa; 3] = [Mspa::None, Mspa::OptOutOption, Mspa::ServiceProvider];
}

/// `gpp`: what is said in IAB strings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GppSettings {
    /// The IAB's number for this consent tool; 1 for one that has none.
    pub cmp_id: u32,
    /// The publisher's version of it.
    pub cmp_version: u32,
    /// The publisher's standing under the IAB's contract.
    pub mspa: Mspa,
    /// Whether the publisher gives the notices that the laws ask for, by nosale's link or its own.
    pub notices_given: bool,
    /// The kinds of sensitive data that the site processes, where it uses the purpose
    /// `sensitive_data`.
    pub sensitive_data: SensitiveKinds,
    /// Whether sections 24 to 27, which are not stable, are written.
    pub unstable_sections: bool,
    /// Whether the `usprivacy` cookie is kept.
    pub usp_cookie: bool,
}

impl Default for GppSettings {
    fn default() -> GppSettings {
        GppSettings {
            cmp_id: 1,
            cmp_version: 1,
            mspa: Mspa::None,
            notices_given: true,
            sensitive_data: SensitiveKinds::ALL,
            unstable_sections: false,
            usp_cookie: false,
        }
    }
}

/// What a page learns late: the argument of `setContext()`. What is absent is left as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// The law that applies.
    pub jurisdiction: Option<&'static Jurisdiction>,
    /// What the visitor's account is opted out of, its id, a parent's consent.
    pub account: Option<Account>,
    /// The visitor's age.
    pub age: Option<Age>,
}
