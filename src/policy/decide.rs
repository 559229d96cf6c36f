//! `decide`: the table of the law and of the publisher's settings, row by row.

use serde::Serialize;

use super::{Age, ByPurpose, Choice, Gpc, Jurisdiction, Purpose, Purposes, Signals, Stored};

/// Where Global Privacy Control is honoured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GpcScope {
    /// In every jurisdiction.
    #[default]
    Everywhere,
    /// Where the law makes it binding, for what that law lets be opted out of.
    WhereRequired,
}

impl GpcScope {
    /// The names in the config.
    pub const NAMES: [&'static str; 2] = ["everywhere", "where_required"];
    /// The values, in the order of the names.
    pub const ALL: [GpcScope; 2] = [GpcScope::Everywhere, GpcScope::WhereRequired];
}

/// What the publisher may set about deciding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where Global Privacy Control is honoured.
    pub gpc_scope: GpcScope,
    /// An opt-in confirmed in nosale's dialog while the signal was on lifts the signal
    /// (Civil Code 1798.135(b)(2)).
    pub consent_despite_signal: bool,
    /// A signal of an earlier visit still counts when it is absent now (regs 7025(c)(5)).
    pub keep_earlier: bool,
    /// The page named the visitor's account: for a known person, an earlier signal always counts.
    pub known: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            gpc_scope: GpcScope::Everywhere,
            consent_despite_signal: false,
            keep_earlier: true,
            known: false,
        }
    }
}

/// Why a purpose is permitted or denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Denied: the visitor's account is opted out.
    Account,
    /// Denied: a known child, without the opt-in that the law asks for.
    Child,
    /// The visitor's own choice, either way.
    Choice,
    /// Permitted: the visitor confirmed an exception from the signal.
    Consent,
    /// Permitted: nothing denies.
    Default,
    /// Denied: the signal was on at an earlier visit.
    EarlierSignal,
    /// Denied: Global Privacy Control is on.
    Gpc,
    /// Denied: the law asks for an opt-in.
    OptInLaw,
    /// Denied: something is stored that cannot be read.
    UnreadableRecord,
}

/// What holds for one purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Ruling {
    /// Whether the page may use data for the purpose.
    pub allowed: bool,
    /// The first row of the table that denies, or what permits.
    pub because: Reason,
}

/// What holds for each purpose.
pub type Decision = ByPurpose<Ruling>;

impl Decision {
    /// The purposes that are permitted.
    pub fn permitted(&self) -> Purposes {
        self.purposes_where(|ruling| ruling.allowed)
    }

    /// Every purpose denied for one reason: the state before anything is known.
    pub fn denied(because: Reason) -> Decision {
        ByPurpose::from_fn(|_| Ruling {
            allowed: false,
            because,
        })
    }
}

/// Decides each purpose. The most protective source wins, unless the law lets the visitor's later
/// explicit choice win.
pub fn decide(
    signals: &Signals,
    stored: &Stored,
    jurisdiction: &Jurisdiction,
    settings: &Settings,
) -> Decision {
    ByPurpose::from_fn(|purpose| {
        let facts = Facts {
            signals,
            stored,
            jurisdiction,
            settings,
            purpose,
        };
        match facts.denial() {
            Some(because) => Ruling {
                allowed: false,
                because,
            },
            None => Ruling {
                allowed: true,
                because: facts.permission(),
            },
        }
    })
}

/// One purpose and everything that bears on it.
struct Facts<'a> {
    signals: &'a Signals,
    stored: &'a Stored,
    jurisdiction: &'a Jurisdiction,
    settings: &'a Settings,
    purpose: Purpose,
}

impl Facts<'_> {
    /// The first row that denies.
    fn denial(&self) -> Option<Reason> {
        let rows = [
            (Reason::Gpc, self.gpc()),
            (Reason::Choice, self.opted_out()),
            (Reason::Account, self.account()),
            (Reason::EarlierSignal, self.earlier_signal()),
            (Reason::Child, self.child()),
            (Reason::OptInLaw, self.opt_in_law()),
            (Reason::UnreadableRecord, self.stored.unreadable),
        ];
        let first = rows.into_iter().find(|(_, denies)| *denies);
        first.map(|(because, _)| because)
    }

    /// What permits, where nothing denies.
    fn permission(&self) -> Reason {
        if self.signal_covers() && self.signals.gpc == Gpc::On {
            Reason::Consent
        } else if self.opted_in().is_some() {
            Reason::Choice
        } else {
            Reason::Default
        }
    }

    fn gpc(&self) -> bool {
        self.signals.gpc == Gpc::On && self.signal_covers() && !self.exception_from_signal()
    }

    fn opted_out(&self) -> bool {
        self.stored
            .record
            .is_some_and(|record| record.opted_out(self.purpose))
    }

    fn account(&self) -> bool {
        let remembered = self
            .stored
            .record
            .map_or(Purposes::NONE, |record| record.account);
        self.signals.account.union(remembered).has(self.purpose)
    }

    fn earlier_signal(&self) -> bool {
        let seen = self
            .stored
            .record
            .is_some_and(|record| record.signal.is_some());
        seen && self.signals.gpc != Gpc::On
            && self.signal_covers()
            && (self.settings.keep_earlier || self.settings.known)
            && self.opted_in().is_none()
    }

    /// A known child; every purpose is denied, since a law that protects one use of a child's data
    /// rarely leaves the others free.
    fn child(&self) -> bool {
        match self.signals.age {
            None | Some(Age::Adult) => false,
            Some(Age::Under13) => !self.signals.parental_consent,
            Some(Age::From13To15) => {
                let age = Age::From13To15.from_years();
                age < self.jurisdiction.no_opt_in_below
                    || age < self.jurisdiction.opt_in_below
                        && self.opted_in() != Some(Choice::Confirmed)
            }
        }
    }

    fn opt_in_law(&self) -> bool {
        self.jurisdiction.opt_in.has(self.purpose) && self.opted_in().is_none()
    }

    fn opted_in(&self) -> Option<Choice> {
        self.stored
            .record
            .and_then(|record| record.opted_in(self.purpose))
    }

    /// Whether a signal speaks about this purpose here.
    fn signal_covers(&self) -> bool {
        Purposes::OF_GPC.has(self.purpose)
            && match self.settings.gpc_scope {
                GpcScope::Everywhere => true,
                GpcScope::WhereRequired => {
                    self.jurisdiction.signal_binds && self.jurisdiction.opt_out.has(self.purpose)
                }
            }
    }

    /// The visitor saw the signal at work, and then confirmed an exception in two steps.
    fn exception_from_signal(&self) -> bool {
        let seen = self
            .stored
            .record
            .is_some_and(|record| record.signal.is_some());
        self.settings.consent_despite_signal && seen && self.opted_in() == Some(Choice::Confirmed)
    }
}
