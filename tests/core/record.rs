//! The record: its text, its copies, and what is written when.

use nosale::policy::{
    Choice, Decision, Gpc, Jurisdiction, MAX_RECORD_BYTES, Purpose, Purposes, Record, Settings,
    SignalSeen, Signals, Stored, decide,
};
use proptest::prelude::*;

use crate::arbitrary::{self, NOW};

const ADVERTISING: Purposes = Purposes::OF_GPC;

fn california() -> &'static Jurisdiction {
    Jurisdiction::from_code("US-CA").unwrap()
}

fn signals(gpc: Gpc) -> Signals {
    Signals {
        gpc,
        ..Signals::default()
    }
}

fn decided(gpc: Gpc, stored: &Stored) -> Decision {
    decide(&signals(gpc), stored, california(), &Settings::default())
}

#[test]
fn text_of_a_whole_record() {
    let mut record = Record::empty();
    record.time = 1_795_291_200;
    for purpose in ADVERTISING.iter() {
        *record.choices.of_mut(purpose) = Some(Choice::Out);
    }
    *record.choices.of_mut(Purpose::Profiling) = Some(Choice::Confirmed);
    record.revision = 3;
    record.jurisdiction = california();
    record.signal = Some(SignalSeen {
        since: 1_795_290_000,
        ended: true,
    });
    record.account = Purposes::of(&[Purpose::Sale]);
    let text = "1.1795291200.oooc-.3.US-CA.1795290000e.o----";
    assert_eq!(record.to_text(), text);
    assert_eq!(Record::parse(text, NOW), Some(record));
}

#[test]
fn what_is_no_record() {
    let cases = [
        "",
        "1",
        "true",
        "{}",
        "%7B%22sale%22%3Afalse%7D",
        "2.1795291200.ooo--.1.US-CA.-.-",
        "01.1795291200.ooo--.1.US-CA.-.-",
        "1.1795291200.ooo--.1.US-CA.-",
        "1.1795291200.ooo--.1.US-CA.-.-.-",
        "1.1795291200.ooo-.1.US-CA.-.-",
        "1.1795291200.ooo---.1.US-CA.-.-",
        "1.1795291200.xoo--.1.US-CA.-.-",
        "1.1795291200.OOO--.1.US-CA.-.-",
        "1.1795291200.éo--.1.US-CA.-.-",
        "1.-1.ooo--.1.US-CA.-.-",
        "1.+1795291200.ooo--.1.US-CA.-.-",
        "1.01795291200.ooo--.1.US-CA.-.-",
        "1.1e9.ooo--.1.US-CA.-.-",
        "1.99999999999999999999.ooo--.1.US-CA.-.-",
        "1.1795291200.ooo--.4294967296.US-CA.-.-",
        "1.1795291200.ooo--..US-CA.-.-",
        "1.1795291200.ooo--.1.US-XX.-.-",
        "1.1795291200.ooo--.1.us-ca.-.-",
        "1.1795291200.ooo--.1.US-CA.e.-",
        "1.1795291200.ooo--.1.US-CA..-",
        "1.1795291200.ooo--.1.US-CA.-1.-",
        "1.1795291200.ooo--.1.US-CA.-.o",
        "1.1795291200.ooo--.1.US-CA.-.i----",
        " 1.1795291200.ooo--.1.US-CA.-.-",
        "1.1795291200.ooo--.1.US-CA.-.- ",
    ];
    for text in cases {
        assert_eq!(Record::parse(text, NOW), None, "{text:?}");
        let stored = Stored::read([text], NOW);
        assert!(stored.unreadable, "{text:?}");
        assert!(
            decided(Gpc::Absent, &stored).permitted().is_empty(),
            "{text:?}"
        );
    }
    let long = [
        "1.1795291200.ooo--.1.US-CA.-.-",
        &"-".repeat(MAX_RECORD_BYTES),
    ]
    .concat();
    assert_eq!(Record::parse(&long, NOW), None);
}

#[test]
fn a_time_in_the_future_is_unreadable() {
    let text = |time: u64| format!("1.{time}.ccc--.1.US-CA.-.-");
    assert!(Record::parse(&text(NOW), NOW).is_some());
    assert!(Record::parse(&text(NOW + 600), NOW).is_some());
    assert!(Record::parse(&text(NOW + 601), NOW).is_none());
    assert!(Record::parse(&format!("1.0.-----.0.US.{}.-", NOW + 601), NOW).is_none());
}

#[test]
fn nothing_stored_is_not_unreadable() {
    assert_eq!(Stored::read([], NOW), Stored::default());
}

#[test]
fn one_unreadable_copy_denies_beside_a_readable_one() {
    let stored = Stored::read(["1.100.ccc--.1.US-CA.-.-", "2.100.ccc--"], NOW);
    assert!(stored.unreadable);
    assert!(decided(Gpc::Absent, &stored).permitted().is_empty());
}

#[test]
fn the_newest_copy_wins_and_a_tie_protects() {
    let newest = Stored::read(["1.100.ooo--.1.US-CA.-.-", "1.200.ccc--.1.US-CA.-.-"], NOW)
        .record
        .unwrap();
    assert_eq!(newest.to_text(), "1.200.ccc--.1.US-CA.-.-");
    let tie = Stored::read(["1.200.oc-i-.1.US-CA.-.-", "1.200.coi-o.1.US-CA.-.-"], NOW)
        .record
        .unwrap();
    assert_eq!(tie.to_text(), "1.200.oo--o.1.US-CA.-.-");
}

#[test]
fn a_signal_is_kept_from_an_older_copy() {
    let merged = Stored::read(
        ["1.200.ccc--.1.US-CA.-.-", "1.100.-----.1.US-CA.300.-"],
        NOW,
    )
    .record
    .unwrap();
    assert_eq!(merged.to_text(), "1.200.ccc--.1.US-CA.300.-");
    // One from before it is kept, too; the choice that came after it counts all the same.
    let merged = Stored::read(
        ["1.200.ccc--.1.US-CA.-.-", "1.100.-----.1.US-CA.150.-"],
        NOW,
    )
    .record
    .unwrap();
    assert_eq!(merged.to_text(), "1.200.ccc--.1.US-CA.150.-");
    let stored = Stored {
        record: Some(merged),
        unreadable: false,
    };
    assert!(
        decided(Gpc::Absent, &stored)
            .permitted()
            .has_all(ADVERTISING)
    );
}

#[test]
fn a_signal_is_written_once_and_never_as_a_choice() {
    let mut stored = Stored::default();
    assert!(stored.observe(&signals(Gpc::On), 100));
    let record = stored.record.unwrap();
    assert_eq!(record.to_text(), "1.0.-----.0.US.100.-");
    assert!(!stored.observe(&signals(Gpc::On), 200), "seen already");
    assert!(stored.observe(&signals(Gpc::Off), 300), "its end is news");
    assert_eq!(stored.record.unwrap().to_text(), "1.0.-----.0.US.100e.-");
    assert!(!stored.observe(&signals(Gpc::Absent), 400));
    assert!(stored.observe(&signals(Gpc::On), 500), "it begins anew");
    assert_eq!(stored.record.unwrap().to_text(), "1.0.-----.0.US.500.-");
}

#[test]
fn nothing_is_written_for_a_visitor_who_says_nothing() {
    let mut stored = Stored::default();
    for gpc in [Gpc::Absent, Gpc::Off] {
        assert!(!stored.observe(&signals(gpc), 100));
        assert_eq!(stored, Stored::default());
    }
}

#[test]
fn a_signal_that_comes_back_ends_the_opt_in_from_between() {
    let mut stored = Stored::default();
    stored.observe(&signals(Gpc::On), 100);
    stored.observe(&signals(Gpc::Off), 200);
    stored.choose(ADVERTISING, Choice::Confirmed, 300, 1, california());
    assert!(decided(Gpc::Off, &stored).permitted().has_all(ADVERTISING));
    stored.observe(&signals(Gpc::On), 300);
    stored.observe(&signals(Gpc::Off), 400);
    assert!(
        decided(Gpc::Off, &stored)
            .permitted()
            .intersection(ADVERTISING)
            .is_empty()
    );
    // A later choice about something else does not bring the old opt-in back.
    stored.choose(
        Purposes::of(&[Purpose::Profiling]),
        Choice::Out,
        500,
        1,
        california(),
    );
    assert!(
        decided(Gpc::Off, &stored)
            .permitted()
            .intersection(ADVERTISING)
            .is_empty()
    );
}

#[test]
fn the_accounts_opt_out_is_remembered_until_the_visitor_opts_in() {
    let mut stored = Stored::default();
    let account = Signals {
        account: ADVERTISING,
        ..Signals::default()
    };
    assert!(stored.observe(&account, 100));
    assert!(
        !stored.observe(&Signals::default(), 200),
        "absence lifts nothing"
    );
    assert!(
        decided(Gpc::Absent, &stored)
            .permitted()
            .intersection(ADVERTISING)
            .is_empty()
    );
    stored.choose(ADVERTISING, Choice::Confirmed, 300, 1, california());
    assert!(
        decided(Gpc::Absent, &stored)
            .permitted()
            .has_all(ADVERTISING)
    );
}

#[test]
fn an_opt_in_on_the_publishers_own_page_does_not_lift_the_accounts_opt_out() {
    let mut stored = Stored::default();
    let account = Signals {
        account: ADVERTISING,
        ..Signals::default()
    };
    stored.observe(&account, 100);
    stored.choose(ADVERTISING, Choice::In, 200, 1, california());
    let decision = decided(Gpc::Absent, &stored);
    assert!(decision.permitted().intersection(ADVERTISING).is_empty());
}

#[test]
fn each_choice_is_later_than_the_last() {
    let mut stored = Stored::default();
    for expected in [1000, 1001, 1002] {
        stored.choose(ADVERTISING, Choice::Out, 1000, 1, california());
        assert_eq!(stored.record.unwrap().time, expected);
    }
    stored.choose(ADVERTISING, Choice::Out, 900, 1, california());
    assert_eq!(
        stored.record.unwrap().time,
        1003,
        "a clock set back does not make it older"
    );
}

#[test]
fn however_fast_the_choices_come_the_record_stays_readable() {
    let mut stored = Stored::default();
    for _ in 0..5000 {
        stored.choose(ADVERTISING, Choice::Out, 1000, 1, california());
    }
    assert!(Record::parse(&stored.record.unwrap().to_text(), 1000).is_some());
}

#[test]
fn a_choice_over_an_unreadable_record_leaves_the_rest_opted_out() {
    let mut stored = Stored {
        record: None,
        unreadable: true,
    };
    stored.choose(
        Purposes::of(&[Purpose::Sale]),
        Choice::Confirmed,
        100,
        1,
        california(),
    );
    assert!(!stored.unreadable);
    assert_eq!(stored.record.unwrap().to_text(), "1.100.coooo.1.US-CA.-.-");
}

proptest! {
    #[test]
    fn every_record_reads_back_as_it_was(record in arbitrary::record()) {
        let text = record.to_text();
        prop_assert!(text.len() < MAX_RECORD_BYTES);
        prop_assert_eq!(Record::parse(&text, NOW), Some(record));
    }

    #[test]
    fn any_text_is_a_record_or_none(text in "\\PC{0,220}") {
        if let Some(record) = Record::parse(&text, NOW) {
            prop_assert_eq!(record.to_text(), text);
        }
    }

    #[test]
    fn near_misses_are_a_record_or_none(text in "[12]\\.[0-9]{0,13}\\.[oic-]{4,6}\\.[0-9]{0,11}\\.(US|US-CA|none|FR)\\.([0-9]{0,4}e?|-)\\.([oi-]{5}|-)") {
        if let Some(record) = Record::parse(&text, NOW) {
            prop_assert_eq!(Record::parse(&record.to_text(), NOW), Some(record));
        }
    }

    #[test]
    fn merging_does_not_depend_on_the_order(one in arbitrary::record(), other in arbitrary::record()) {
        let (ahead, behind) = (one.merge(other), other.merge(one));
        prop_assert_eq!(ahead.choices, behind.choices);
        prop_assert_eq!(ahead.signal, behind.signal);
        prop_assert_eq!(ahead.account, behind.account);
        prop_assert_eq!(one.merge(one), one);
    }

    #[test]
    fn merging_copies_of_one_second_never_permits_more(
        one in arbitrary::record(),
        mut other in arbitrary::record(),
        gpc in arbitrary::gpc(),
    ) {
        other.time = one.time;
        let permitted = |record| decided(gpc, &Stored { record: Some(record), unreadable: false }).permitted();
        let both = permitted(one).intersection(permitted(other));
        prop_assert!(both.has_all(permitted(one.merge(other))));
    }
}
