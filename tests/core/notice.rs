//! What of the notice and the dialog is shown, and when the visitor may be asked again.

use nosale::config::{Contact, LinkKind, NoticeMode, NoticeSettings};
use nosale::notice::{
    DO_NOT_SELL_OR_SHARE, Facts, Links, YOUR_PRIVACY_CHOICES, has_new_policy, may_ask,
};
use nosale::policy::{
    Age, Choice, Decision, Gpc, Jurisdiction, Purpose, Purposes, Reason, Record, Settings,
    SignalSeen, Signals, Stored, decide,
};

const USED: Purposes = Purposes::of(&[Purpose::Sale, Purpose::Sharing]);
const CHOSEN: u64 = 1_800_000_000;
const DAY: u64 = 24 * 60 * 60;

/// A visitor and a site, built up fact by fact.
struct Case {
    signals: Signals,
    stored: Stored,
    jurisdiction: &'static Jurisdiction,
    settings: NoticeSettings,
    policy: Settings,
    known: bool,
    lifting: Purposes,
}

impl Case {
    fn new() -> Case {
        Case {
            signals: Signals::default(),
            stored: Stored::default(),
            jurisdiction: Jurisdiction::from_code("US-CA").unwrap(),
            settings: NoticeSettings::default(),
            policy: Settings::default(),
            known: false,
            lifting: Purposes::NONE,
        }
    }

    fn gpc(mut self) -> Case {
        self.signals.gpc = Gpc::On;
        self.record(|record| {
            record.signal = Some(SignalSeen {
                since: CHOSEN,
                ended: false,
            });
        })
    }

    fn age(mut self, age: Age) -> Case {
        self.signals.age = Some(age);
        self
    }

    fn state(mut self, code: &str) -> Case {
        self.jurisdiction = Jurisdiction::from_code(code).unwrap();
        self
    }

    fn record(mut self, change: impl FnOnce(&mut Record)) -> Case {
        let mut record = self.stored.record.unwrap_or_else(Record::empty);
        change(&mut record);
        self.stored.record = Some(record);
        self
    }

    fn said(self, choice: Choice) -> Case {
        self.record(|record| {
            *record.choices.of_mut(Purpose::Sale) = Some(choice);
            record.time = CHOSEN - 10;
            record.revision = 1;
        })
    }

    fn decision(&self) -> Decision {
        decide(&self.signals, &self.stored, self.jurisdiction, &self.policy)
    }

    fn look<T>(&self, look: impl FnOnce(&Facts) -> T) -> T {
        let decision = self.decision();
        let denied = USED.without(decision.permitted());
        let mut stored = self.stored;
        stored.choose(
            denied,
            Choice::Confirmed,
            CHOSEN + DAY,
            1,
            self.jurisdiction,
        );
        let after = decide(&self.signals, &stored, self.jurisdiction, &self.policy);
        look(&Facts {
            decision,
            signals: self.signals,
            stored: self.stored,
            jurisdiction: self.jurisdiction,
            used: USED,
            liftable: denied.intersection(after.permitted()),
            settings: &self.settings,
            known: self.known,
            lifting: self.lifting,
        })
    }

    /// The parts among those that are asked about.
    fn shows(&self, asked: &[&'static str]) -> Vec<&'static str> {
        let parts = self.look(|facts| facts.parts());
        let shown = asked.iter().copied();
        shown.filter(|name| parts.contains(name)).collect()
    }

    fn because(&self) -> Option<&'static str> {
        self.look(|facts| facts.because(Purpose::Sale))
    }
}

#[test]
fn forms_show_where_the_publisher_switched_them_on() {
    let asked = ["offline", "contacts", "account", "no_account"];
    let mut case = Case::new();
    assert_eq!(case.shows(&asked), ["no_account"]);
    case.settings.offline_form = true;
    assert_eq!(case.shows(&asked), ["offline", "no_account"]);
    case.settings.contacts = vec![Contact::Text];
    case.known = true;
    assert_eq!(case.shows(&asked), ["offline", "contacts", "account"]);
}

#[test]
fn the_link_follows_the_config_and_the_law() {
    let links = |link, limit, code, used| {
        let settings = NoticeSettings {
            link,
            limit_link: limit,
            ..NoticeSettings::default()
        };
        Links::of(&settings, Jurisdiction::from_code(code).unwrap(), used)
    };
    let sensitive = Purposes::ALL;
    let auto = links(LinkKind::Auto, None, "US-CA", sensitive);
    assert_eq!(auto.title, YOUR_PRIVACY_CHOICES);
    assert!(auto.icon && auto.placed);
    assert!(!auto.limit, "the alternative link stands for both");
    assert!(!links(LinkKind::Auto, None, "US-CO", USED).icon);
    assert!(links(LinkKind::YourPrivacyChoices, None, "US-CO", USED).icon);

    let two = links(LinkKind::DoNotSellOrShare, None, "US-CA", sensitive);
    assert_eq!(two.title, DO_NOT_SELL_OR_SHARE);
    assert!(two.limit && !two.icon);
    assert!(!links(LinkKind::DoNotSellOrShare, None, "US-CA", USED).limit);
    assert!(!links(LinkKind::DoNotSellOrShare, None, "US-VA", sensitive).limit);
    assert!(links(LinkKind::Auto, Some(true), "US-VA", USED).limit);
    assert!(!links(LinkKind::DoNotSell, Some(false), "US", sensitive).limit);
    assert!(!links(LinkKind::None, None, "US", USED).placed);
}

#[test]
fn an_honoured_signal_is_shown_with_its_day() {
    let asked = [
        "honored",
        "conflict",
        "earlier",
        "gpc_on",
        "gpc_off",
        "gpc_earlier",
        "since",
        "frictionless",
    ];
    assert_eq!(Case::new().shows(&asked), ["gpc_off"]);
    assert_eq!(
        Case::new().gpc().shows(&asked),
        ["honored", "gpc_on", "since"]
    );
    assert_eq!(Case::new().gpc().look(|facts| facts.since()), Some(CHOSEN));
    let mut frictionless = Case::new().gpc();
    frictionless.settings.mode = NoticeMode::Frictionless;
    assert!(frictionless.shows(&asked).contains(&"frictionless"));

    let earlier = Case::new().record(|record| {
        record.signal = Some(SignalSeen {
            since: CHOSEN,
            ended: true,
        });
    });
    assert_eq!(earlier.shows(&asked), ["earlier", "gpc_earlier", "since"]);
    assert_eq!(earlier.because(), Some("because_earlier_signal"));

    let conflict = Case::new().said(Choice::Confirmed).gpc();
    assert!(conflict.shows(&asked).contains(&"conflict"));
    let own = Case::new().said(Choice::Out).gpc();
    assert!(!own.shows(&asked).contains(&"conflict"));
}

#[test]
fn each_switch_says_what_holds_it() {
    assert_eq!(Case::new().because(), None);
    assert_eq!(Case::new().said(Choice::Out).because(), None);
    assert_eq!(Case::new().gpc().because(), Some("because_gpc"));
    let mut exception = Case::new().gpc();
    exception.policy.consent_despite_signal = true;
    assert_eq!(exception.because(), Some("because_gpc_exception"));

    let mut account = Case::new();
    account.signals.account = Purposes::ALL;
    assert_eq!(account.because(), Some("because_account"));
    account.lifting = Purposes::ALL;
    assert_eq!(account.because(), Some("because_account_asked"));
    account
        .said(Choice::Out)
        .because()
        .expect("it would hold on");

    assert_eq!(
        Case::new().age(Age::From13To15).because(),
        Some("because_child")
    );
    assert_eq!(
        Case::new().age(Age::Under13).because(),
        Some("because_parent")
    );
    assert_eq!(
        Case::new().age(Age::Under13).said(Choice::Out).because(),
        Some("because_parent")
    );
    let maryland = Case::new().age(Age::From13To15).state("US-MD");
    assert_eq!(maryland.because(), Some("because_parent"));
    let mut unreadable = Case::new();
    unreadable.stored.unreadable = true;
    assert_eq!(unreadable.because(), Some("because_unreadable_record"));
    assert_eq!(
        Case::new().look(|facts| Decision::denied(Reason::OptInLaw)
            .of(Purpose::Sale)
            .allowed
            .then_some(facts.nothing_to_allow())),
        None
    );
}

#[test]
fn a_reason_is_given_where_nothing_can_be_allowed() {
    let told = |case: Case| case.look(|facts| facts.nothing_to_allow());
    assert_eq!(told(Case::new()), "all_allowed");
    assert_eq!(told(Case::new().gpc()), "because_gpc");
    assert_eq!(told(Case::new().age(Age::Under13)), "because_parent");
}

#[test]
fn ages_are_explained() {
    let asked = ["age_13to15", "age_under13"];
    assert!(Case::new().shows(&asked).is_empty());
    assert!(Case::new().age(Age::Adult).shows(&asked).is_empty());
    assert_eq!(
        Case::new().age(Age::From13To15).shows(&asked),
        ["age_13to15"]
    );
    assert_eq!(Case::new().age(Age::Under13).shows(&asked), ["age_under13"]);
    let mut consent = Case::new().age(Age::Under13);
    consent.signals.parental_consent = true;
    assert!(consent.shows(&asked).is_empty());
    let maryland = Case::new().age(Age::From13To15).state("US-MD");
    assert!(
        maryland.shows(&asked).is_empty(),
        "there is no own yes there"
    );
}

#[test]
fn accounts_are_shown() {
    let asked = ["account", "no_account", "account_signal"];
    assert_eq!(Case::new().shows(&asked), ["no_account"]);
    let mut known = Case::new().record(|record| record.account = Purposes::ALL);
    known.known = true;
    assert_eq!(known.shows(&asked), ["account", "account_signal"]);
}

#[test]
fn who_opted_out_is_not_asked_for_12_months() {
    let out = Case::new().said(Choice::Out).stored;
    let since = out.record.unwrap().time;
    assert!(!may_ask(&out, USED, since));
    assert!(!may_ask(&out, USED, since + 365 * DAY - 1));
    assert!(may_ask(&out, USED, since + 365 * DAY));
    assert!(may_ask(&out, Purposes::of(&[Purpose::Profiling]), since));
    assert!(may_ask(&Stored::default(), USED, 0));
    assert!(may_ask(&Case::new().said(Choice::In).stored, USED, since));
}

#[test]
fn a_new_policy_is_told_to_those_who_are_not_opted_out() {
    let told =
        |case: &Case, revision| has_new_policy(&case.decision(), &case.stored, USED, revision);
    let allowed = Case::new().said(Choice::Confirmed);
    assert!(told(&allowed, 2));
    assert!(!told(&allowed, 1), "the policy under which they chose");
    assert!(!told(&Case::new(), 2), "nothing was chosen");
    assert!(!told(&Case::new().said(Choice::Out), 2));
    assert!(!told(&Case::new().said(Choice::Confirmed).gpc(), 2));
    let elsewhere = Case::new().said(Choice::Confirmed).record(|record| {
        *record.choices.of_mut(Purpose::Profiling) = Some(Choice::Out);
    });
    assert!(!told(&elsewhere, 2), "out of anything");
}
