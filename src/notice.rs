//! What of the notice and the dialog a visitor gets to see: which link, which parts, which reasons.
//! The words are texts of `www/locales`, named here by their keys.

use crate::config::{LinkKind, NoticeMode, NoticeSettings};
use crate::policy::{
    Age, Decision, Gpc, Jurisdiction, Purpose, Purposes, Reason, Seconds, Signals, Stored,
};

/// A title that the law words (regs 7013 to 7015).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Title {
    /// The key of its translation.
    pub key: &'static str,
    /// The law's own words.
    pub english: &'static str,
}

/// The alternative link, which stands for both others (regs 7015).
pub const YOUR_PRIVACY_CHOICES: Title = Title {
    key: "your_privacy_choices",
    english: "Your Privacy Choices",
};

/// The link of regs 7013.
pub const DO_NOT_SELL_OR_SHARE: Title = Title {
    key: "do_not_sell_or_share",
    english: "Do Not Sell or Share My Personal Information",
};

/// The same before 2023.
pub const DO_NOT_SELL: Title = Title {
    key: "do_not_sell",
    english: "Do Not Sell My Personal Information",
};

/// The link of regs 7014.
pub const LIMIT: Title = Title {
    key: "limit",
    english: "Limit the Use of My Sensitive Personal Information",
};

/// The regulation's own example of the status that must be displayed (regs 7025(c)(6)).
pub const HONORED: Title = Title {
    key: "honored",
    english: "Opt-Out Request Honored",
};

/// The links of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Links {
    /// The title of the link that opens the dialog.
    pub title: Title,
    /// Whether California's icon stands beside it.
    pub icon: bool,
    /// Whether the publisher wants nosale to place it.
    pub placed: bool,
    /// Whether the link to limit the use of sensitive data stands beside it.
    pub limit: bool,
}

impl Links {
    /// What the config says, or the law where it says nothing.
    pub fn of(settings: &NoticeSettings, jurisdiction: &Jurisdiction, used: Purposes) -> Links {
        let title = match settings.link {
            LinkKind::DoNotSellOrShare => DO_NOT_SELL_OR_SHARE,
            LinkKind::DoNotSell => DO_NOT_SELL,
            LinkKind::Auto | LinkKind::YourPrivacyChoices | LinkKind::None => YOUR_PRIVACY_CHOICES,
        };
        let alternative = title == YOUR_PRIVACY_CHOICES;
        let californian = matches!(jurisdiction.code, "US" | "US-CA");
        Links {
            title,
            icon: alternative && (californian || settings.link == LinkKind::YourPrivacyChoices),
            placed: settings.link != LinkKind::None,
            limit: settings
                .limit_link
                .unwrap_or(!alternative && californian && used.has(Purpose::SensitiveData)),
        }
    }
}

/// Everything that bears on what is shown.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What holds.
    pub decision: Decision,
    /// What is said without asking.
    pub signals: Signals,
    /// What is stored.
    pub stored: Stored,
    /// The law.
    pub jurisdiction: &'static Jurisdiction,
    /// The purposes that the site uses.
    pub used: Purposes,
    /// Those of them that are denied and that the visitor could allow.
    pub liftable: Purposes,
    /// What the publisher said of the notice.
    pub settings: &'a NoticeSettings,
    /// The page named the visitor's account.
    pub known: bool,
    /// What the account has been asked, by this page, to allow again.
    pub lifting: Purposes,
}

impl Facts<'_> {
    /// The conditional parts of the dialog that are shown now, by their names in
    /// `www/dialog/structure.js`.
    pub fn parts(&self) -> Vec<&'static str> {
        let gpc = self.signals.gpc == Gpc::On;
        let held = |reason| self.is_held_by(reason);
        let earlier = held(Reason::EarlierSignal);
        let child = held(Reason::Child);
        let own_yes = Age::From13To15.from_years() >= self.jurisdiction.no_opt_in_below;
        let allowed_before = self.stored.record.is_some_and(|record| {
            Purposes::OF_GPC
                .intersection(self.used)
                .iter()
                .any(|purpose| {
                    record
                        .choices
                        .of(purpose)
                        .is_some_and(|choice| choice.is_in())
                })
        });
        let remembered = self
            .stored
            .record
            .is_some_and(|record| !record.account.is_empty());
        let all = [
            ("honored", held(Reason::Gpc)),
            ("conflict", held(Reason::Gpc) && allowed_before),
            ("earlier", earlier),
            (
                "age_13to15",
                self.signals.age == Some(Age::From13To15) && own_yes && child,
            ),
            (
                "age_under13",
                self.signals.age == Some(Age::Under13) && child,
            ),
            ("gpc_on", gpc),
            ("gpc_off", !gpc && !earlier),
            ("gpc_earlier", earlier),
            ("since", self.since().is_some()),
            (
                "account_signal",
                !self.signals.account.is_empty() || remembered,
            ),
            (
                "frictionless",
                gpc && self.settings.mode == NoticeMode::Frictionless,
            ),
            ("account", self.known),
            ("no_account", !self.known),
            ("confirm_signal", held(Reason::Gpc)),
            ("offline", self.settings.offline_form),
            ("contacts", !self.settings.contacts.is_empty()),
            ("sentence", self.settings.sentence.is_some()),
            ("policy", self.settings.policy_url.is_some()),
        ];
        let shown = all.into_iter().filter(|(_, shown)| *shown);
        shown.map(|(name, _)| name).collect()
    }

    /// Since when a signal is honoured.
    pub fn since(&self) -> Option<Seconds> {
        let signal = self.stored.record?.signal?;
        let holds = self.is_held_by(Reason::Gpc) || self.is_held_by(Reason::EarlierSignal);
        holds.then_some(signal.since)
    }

    /// What holds a purpose, as the key of a text; `None` where it is allowed, or where the
    /// visitor's own choice says it all.
    pub fn because(&self, purpose: Purpose) -> Option<&'static str> {
        let ruling = self.decision.of(purpose);
        let liftable = self.liftable.has(purpose);
        if ruling.allowed {
            return None;
        }
        match ruling.because {
            Reason::Gpc if liftable => Some("because_gpc_exception"),
            Reason::Gpc => Some("because_gpc"),
            Reason::EarlierSignal => Some("because_earlier_signal"),
            Reason::Account if self.lifting.has(purpose) => Some("because_account_asked"),
            Reason::Account => Some("because_account"),
            Reason::Child if liftable => Some("because_child"),
            Reason::Child => Some("because_parent"),
            Reason::OptInLaw => Some("because_opt_in_law"),
            Reason::UnreadableRecord => Some("because_unreadable_record"),
            // A choice that something else would outlive.
            Reason::Choice if !liftable => Some(self.behind_choice()),
            Reason::Choice | Reason::Consent | Reason::Default => None,
        }
    }

    /// Why "Allow all" allows nothing, as the key of a text.
    pub fn nothing_to_allow(&self) -> &'static str {
        let held = self.used.iter().find_map(|purpose| self.because(purpose));
        held.unwrap_or("all_allowed")
    }

    fn behind_choice(&self) -> &'static str {
        match self.signals.age {
            Some(Age::Under13 | Age::From13To15) => "because_parent",
            _ => "because_account",
        }
    }

    fn is_held_by(&self, reason: Reason) -> bool {
        self.used
            .iter()
            .any(|purpose| self.decision.of(purpose).because == reason)
    }
}

/// How long somebody who opted out is not asked to opt in: 12 months (Civil Code 1798.135(c)(4)).
const REST_SECONDS: Seconds = 365 * 24 * 60 * 60;

/// Whether the page may ask the visitor by itself to allow these purposes: not within 12 months of
/// the visitor's opt-out from any of them.
pub fn may_ask(stored: &Stored, purposes: Purposes, now: Seconds) -> bool {
    let opted_out = |record: &crate::policy::Record| {
        purposes.iter().any(|purpose| record.opted_out(purpose))
            && now < record.time.saturating_add(REST_SECONDS)
    };
    !stored.record.as_ref().is_some_and(opted_out)
}

/// Whether to point to the dialog because the publisher's policy has a new revision: only where the
/// visitor has chosen under an older one, and neither a choice nor a signal holds anything back.
pub fn has_new_policy(decision: &Decision, stored: &Stored, used: Purposes, revision: u32) -> bool {
    let Some(record) = stored.record else {
        return false;
    };
    let opted_out = Purpose::ALL
        .into_iter()
        .any(|purpose| record.opted_out(purpose));
    record.time > 0
        && record.revision < revision
        && !opted_out
        && decision.permitted().has_all(used)
}
