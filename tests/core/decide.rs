//! `decide`, each row of its table, and what must hold for all of them.

use nosale::policy::{
    Age, ByPurpose, Choice, Decision, Gpc, GpcScope, Jurisdiction, Purpose, Purposes, Reason,
    Record, Settings, SignalSeen, Signals, Stored, decide,
};
use proptest::prelude::*;

use crate::arbitrary;

const ADVERTISING: [Purpose; 3] = [
    Purpose::Sale,
    Purpose::Sharing,
    Purpose::TargetedAdvertising,
];

/// A visitor, built up fact by fact.
struct Case {
    signals: Signals,
    stored: Stored,
    jurisdiction: &'static Jurisdiction,
    settings: Settings,
}

impl Case {
    fn in_state(code: &str) -> Case {
        Case {
            signals: Signals::default(),
            stored: Stored::default(),
            jurisdiction: Jurisdiction::from_code(code).unwrap(),
            settings: Settings::default(),
        }
    }

    fn gpc(mut self) -> Case {
        self.signals.gpc = Gpc::On;
        self
    }

    fn age(mut self, age: Age) -> Case {
        self.signals.age = Some(age);
        self
    }

    fn record(mut self, change: impl FnOnce(&mut Record)) -> Case {
        let mut record = self.stored.record.unwrap_or_else(Record::empty);
        change(&mut record);
        self.stored.record = Some(record);
        self
    }

    fn said(self, choice: Choice, time: u64) -> Case {
        self.record(|record| {
            record.choices = ByPurpose::from_fn(|_| Some(choice));
            record.time = time;
        })
    }

    fn signal_since(self, since: u64) -> Case {
        self.record(|record| {
            record.signal = Some(SignalSeen {
                since,
                ended: false,
            })
        })
    }

    fn settings(mut self, change: impl FnOnce(&mut Settings)) -> Case {
        change(&mut self.settings);
        self
    }

    fn decide(&self) -> Decision {
        decide(
            &self.signals,
            &self.stored,
            self.jurisdiction,
            &self.settings,
        )
    }

    #[track_caller]
    fn expect(&self, purpose: Purpose, allowed: bool, because: Reason) {
        let decision = self.decide();
        let ruling = decision.of(purpose);
        assert_eq!(
            (ruling.allowed, ruling.because),
            (allowed, because),
            "{purpose:?}"
        );
    }

    #[track_caller]
    fn expect_advertising(&self, allowed: bool, because: Reason) {
        for purpose in ADVERTISING {
            self.expect(purpose, allowed, because);
        }
    }
}

#[test]
fn nothing_known_permits_by_default() {
    Case::in_state("US-CA").expect_advertising(true, Reason::Default);
    Case::in_state("US").expect_advertising(true, Reason::Default);
    Case::in_state("none").expect(Purpose::SensitiveData, true, Reason::Default);
}

#[test]
fn gpc_denies_advertising_and_nothing_else() {
    let case = Case::in_state("US-CA").gpc();
    case.expect_advertising(false, Reason::Gpc);
    case.expect(Purpose::Profiling, true, Reason::Default);
    case.expect(Purpose::SensitiveData, true, Reason::Default);
}

#[test]
fn gpc_counts_everywhere_unless_narrowed() {
    for code in ["US", "US-CA", "US-VA", "none"] {
        Case::in_state(code)
            .gpc()
            .expect_advertising(false, Reason::Gpc);
    }
    let narrow = |code| {
        Case::in_state(code)
            .gpc()
            .settings(|set| set.gpc_scope = GpcScope::WhereRequired)
    };
    narrow("US-CA").expect_advertising(false, Reason::Gpc);
    narrow("US").expect_advertising(false, Reason::Gpc);
    narrow("US-VA").expect_advertising(true, Reason::Default);
    narrow("none").expect_advertising(true, Reason::Default);
    // Colorado's law knows no "sharing" to opt out of.
    narrow("US-CO").expect(Purpose::Sale, false, Reason::Gpc);
    narrow("US-CO").expect(Purpose::Sharing, true, Reason::Default);
}

#[test]
fn stored_opt_out_denies_what_it_names() {
    let case = Case::in_state("US-CA").record(|record| {
        *record.choices.of_mut(Purpose::Sale) = Some(Choice::Out);
        record.time = 10;
    });
    case.expect(Purpose::Sale, false, Reason::Choice);
    case.expect(Purpose::Sharing, true, Reason::Default);
}

#[test]
fn account_opt_out_denies_now_and_when_remembered() {
    let sale = Purposes::of(&[Purpose::Sale]);
    let mut case = Case::in_state("US-CA");
    case.signals.account = sale;
    case.expect(Purpose::Sale, false, Reason::Account);
    case.expect(Purpose::Sharing, true, Reason::Default);
    let remembered = Case::in_state("US-CA").record(|record| record.account = sale);
    remembered.expect(Purpose::Sale, false, Reason::Account);
}

#[test]
fn earlier_signal_denies_until_the_visitor_chooses() {
    let earlier = || Case::in_state("US-CA").signal_since(100);
    earlier().expect_advertising(false, Reason::EarlierSignal);
    earlier().expect(Purpose::Profiling, true, Reason::Default);
    earlier()
        .said(Choice::Confirmed, 101)
        .expect_advertising(true, Reason::Choice);
    earlier()
        .said(Choice::In, 101)
        .expect_advertising(true, Reason::Choice);
    // An opt-in that is older than the signal does not outlive it.
    earlier()
        .said(Choice::Confirmed, 100)
        .expect_advertising(false, Reason::EarlierSignal);
    earlier()
        .said(Choice::Confirmed, 99)
        .expect_advertising(false, Reason::EarlierSignal);
}

#[test]
fn earlier_signal_may_be_lifted_for_unknown_visitors_only() {
    let lifted = || {
        Case::in_state("US-CA")
            .signal_since(100)
            .settings(|set| set.keep_earlier = false)
    };
    lifted().expect_advertising(true, Reason::Default);
    lifted()
        .settings(|set| set.known = true)
        .expect_advertising(false, Reason::EarlierSignal);
}

#[test]
fn opt_in_lifts_gpc_only_where_the_publisher_enabled_it_and_the_visitor_confirmed() {
    let case = |choice, time| {
        Case::in_state("US-CA")
            .gpc()
            .signal_since(100)
            .said(choice, time)
    };
    let enabled = |case: Case| case.settings(|set| set.consent_despite_signal = true);
    case(Choice::Confirmed, 101).expect_advertising(false, Reason::Gpc);
    enabled(case(Choice::Confirmed, 101)).expect_advertising(true, Reason::Consent);
    enabled(case(Choice::In, 101)).expect_advertising(false, Reason::Gpc);
    // Given before the signal was seen: a newer signal beats an older "allow all".
    enabled(case(Choice::Confirmed, 100)).expect_advertising(false, Reason::Gpc);
    enabled(Case::in_state("US-CA").gpc().said(Choice::Confirmed, 101))
        .expect_advertising(false, Reason::Gpc);
}

#[test]
fn consent_despite_signal_does_not_lift_other_reasons() {
    let mut case = Case::in_state("US-CA")
        .gpc()
        .signal_since(100)
        .said(Choice::Confirmed, 101)
        .record(|record| *record.choices.of_mut(Purpose::Sale) = Some(Choice::Out))
        .settings(|set| set.consent_despite_signal = true);
    case.expect(Purpose::Sale, false, Reason::Gpc);
    case.expect(Purpose::Sharing, true, Reason::Consent);
    case.signals.gpc = Gpc::Off;
    case.expect(Purpose::Sale, false, Reason::Choice);
    case.expect(Purpose::Sharing, true, Reason::Choice);
}

#[test]
fn from_13_to_15_needs_the_visitors_own_two_steps() {
    let teen = || Case::in_state("US-CA").age(Age::From13To15);
    teen().expect_advertising(false, Reason::Child);
    teen().expect(Purpose::Profiling, false, Reason::Child);
    teen()
        .said(Choice::In, 10)
        .expect_advertising(false, Reason::Child);
    teen()
        .said(Choice::Confirmed, 10)
        .expect_advertising(true, Reason::Choice);
}

#[test]
fn a_row_may_know_no_opt_in_for_its_ages() {
    let teen = Case::in_state("US-MD")
        .age(Age::From13To15)
        .said(Choice::Confirmed, 10);
    teen.expect_advertising(false, Reason::Child);
}

#[test]
fn under_13_only_a_parent_opts_in() {
    let child = || Case::in_state("US-CA").age(Age::Under13);
    child().expect_advertising(false, Reason::Child);
    child()
        .said(Choice::Confirmed, 10)
        .expect_advertising(false, Reason::Child);
    let mut with_consent = child();
    with_consent.signals.parental_consent = true;
    with_consent.expect_advertising(true, Reason::Default);
}

#[test]
fn adults_and_unknown_ages_are_not_children() {
    Case::in_state("US-CA")
        .age(Age::Adult)
        .expect_advertising(true, Reason::Default);
}

#[test]
fn sensitive_data_in_an_opt_in_state_waits_for_the_opt_in() {
    for code in ["US", "US-CO", "US-VA"] {
        Case::in_state(code).expect(Purpose::SensitiveData, false, Reason::OptInLaw);
        Case::in_state(code).said(Choice::In, 10).expect(
            Purpose::SensitiveData,
            true,
            Reason::Choice,
        );
    }
    for code in ["US-CA", "US-UT", "US-IA", "none"] {
        Case::in_state(code).expect(Purpose::SensitiveData, true, Reason::Default);
    }
}

#[test]
fn unreadable_record_denies_everything() {
    let mut case = Case::in_state("US-CA");
    case.stored.unreadable = true;
    for purpose in Purpose::ALL {
        case.expect(purpose, false, Reason::UnreadableRecord);
    }
}

#[test]
fn the_first_row_that_denies_is_the_reason() {
    let mut case = Case::in_state("US")
        .gpc()
        .age(Age::Under13)
        .said(Choice::Out, 10)
        .signal_since(5);
    case.signals.account = Purposes::ALL;
    case.stored.unreadable = true;
    let expect_in_turn = |case: &Case, because| case.expect(Purpose::Sale, false, because);
    expect_in_turn(&case, Reason::Gpc);
    case.signals.gpc = Gpc::Off;
    expect_in_turn(&case, Reason::Choice);
    case = case.record(|record| record.choices = ByPurpose::default());
    expect_in_turn(&case, Reason::Account);
    case.signals.account = Purposes::NONE;
    expect_in_turn(&case, Reason::EarlierSignal);
    case = case.record(|record| record.signal = None);
    expect_in_turn(&case, Reason::Child);
    case.signals.age = None;
    expect_in_turn(&case, Reason::UnreadableRecord);
    case.expect(Purpose::SensitiveData, false, Reason::OptInLaw);
}

/// The same signals with more of them, or stronger ones. A parent's consent is the one thing known
/// that permits; it is about the child of the age given with it.
fn stronger(weak: Signals, more: Signals) -> Signals {
    let years = |age: Option<Age>| age.map_or(Age::Adult, |age| age).from_years();
    let age = if years(weak.age) <= years(more.age) {
        weak.age
    } else {
        more.age
    };
    Signals {
        gpc: if weak.gpc == Gpc::On {
            Gpc::On
        } else {
            more.gpc
        },
        account: weak.account.union(more.account),
        age,
        parental_consent: weak.parental_consent && age == weak.age,
    }
}

proptest! {
    #[test]
    fn more_signals_never_permit_more(
        weak in arbitrary::signals(),
        more in arbitrary::signals(),
        stored in arbitrary::stored(),
        jurisdiction in arbitrary::jurisdiction(),
        settings in arbitrary::settings(),
    ) {
        let few = decide(&weak, &stored, jurisdiction, &settings).permitted();
        let many = decide(&stronger(weak, more), &stored, jurisdiction, &settings).permitted();
        prop_assert!(few.has_all(many), "{few:?} does not hold all of {many:?}");
    }

    #[test]
    fn a_signal_seen_anew_never_permits_more(
        signals in arbitrary::signals(),
        stored in arbitrary::stored(),
        jurisdiction in arbitrary::jurisdiction(),
        settings in arbitrary::settings(),
    ) {
        // The shell writes down what it sees before it asks.
        let before = decide(&signals, &stored, jurisdiction, &settings).permitted();
        let with_gpc = Signals { gpc: Gpc::On, ..signals };
        let mut seen = stored;
        seen.observe(&with_gpc, arbitrary::NOW);
        let after = decide(&with_gpc, &seen, jurisdiction, &settings).permitted();
        prop_assert!(before.has_all(after));
    }

    #[test]
    fn deciding_is_deterministic_and_every_reason_fits(
        signals in arbitrary::signals(),
        stored in arbitrary::stored(),
        jurisdiction in arbitrary::jurisdiction(),
        settings in arbitrary::settings(),
    ) {
        let decision = decide(&signals, &stored, jurisdiction, &settings);
        prop_assert_eq!(decision, decide(&signals, &stored, jurisdiction, &settings));
        for purpose in Purpose::ALL {
            let ruling = decision.of(purpose);
            let permits = matches!(ruling.because, Reason::Default | Reason::Choice | Reason::Consent);
            let denies = !matches!(ruling.because, Reason::Default | Reason::Consent);
            let fits = if ruling.allowed { permits } else { denies };
            prop_assert!(fits, "{ruling:?}");
        }
    }

    #[test]
    fn an_opt_out_always_holds(
        signals in arbitrary::signals(),
        mut stored in arbitrary::stored(),
        jurisdiction in arbitrary::jurisdiction(),
        settings in arbitrary::settings(),
        purposes in arbitrary::purposes(),
    ) {
        let before = decide(&signals, &stored, jurisdiction, &settings).permitted();
        stored.choose(purposes, Choice::Out, arbitrary::NOW, 1, jurisdiction);
        let after = decide(&signals, &stored, jurisdiction, &settings).permitted();
        prop_assert!(after.intersection(purposes).is_empty());
        prop_assert!(before.has_all(after), "opting out of one purpose must not allow another");
    }

    #[test]
    fn an_opt_in_allows_nothing_that_it_does_not_name(
        signals in arbitrary::signals(),
        mut stored in arbitrary::stored(),
        jurisdiction in arbitrary::jurisdiction(),
        settings in arbitrary::settings(),
        purposes in arbitrary::purposes(),
        choice in arbitrary::choice(),
    ) {
        let before = decide(&signals, &stored, jurisdiction, &settings).permitted();
        stored.choose(purposes, choice, arbitrary::NOW, 1, jurisdiction);
        let after = decide(&signals, &stored, jurisdiction, &settings).permitted();
        prop_assert!(before.union(purposes).has_all(after));
    }
}
