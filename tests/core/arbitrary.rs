//! Arbitrary values of the core's types, for property tests.

use nosale::policy::{
    Age, ByPurpose, Choice, Gpc, GpcScope, JURISDICTIONS, Jurisdiction, Purpose, Purposes, Record,
    Settings, SignalSeen, Signals, Stored,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// A moment later than every time in an arbitrary record.
pub const NOW: u64 = 2_000_000_000;

pub fn purposes() -> impl Strategy<Value = Purposes> {
    vec(any::<bool>(), 5).prop_map(|has| {
        let mut purposes = Purposes::NONE;
        for (purpose, has) in Purpose::ALL.into_iter().zip(has) {
            if has {
                purposes.insert(purpose);
            }
        }
        purposes
    })
}

pub fn jurisdiction() -> impl Strategy<Value = &'static Jurisdiction> {
    (0..JURISDICTIONS.len()).prop_map(|place| &JURISDICTIONS[place])
}

pub fn choice() -> impl Strategy<Value = Choice> {
    prop_oneof![Just(Choice::Out), Just(Choice::In), Just(Choice::Confirmed)]
}

pub fn gpc() -> impl Strategy<Value = Gpc> {
    prop_oneof![Just(Gpc::Absent), Just(Gpc::Off), Just(Gpc::On)]
}

pub fn signals() -> impl Strategy<Value = Signals> {
    let age = option::of(prop_oneof![
        Just(Age::Adult),
        Just(Age::From13To15),
        Just(Age::Under13)
    ]);
    (gpc(), purposes(), age, any::<bool>()).prop_map(|(gpc, account, age, parental_consent)| {
        Signals {
            gpc,
            account,
            age,
            parental_consent,
        }
    })
}

pub fn record() -> impl Strategy<Value = Record> {
    let signal = option::of(
        // Near the choices' times, so that each order of the two occurs.
        (0u64..20, any::<bool>()).prop_map(|(since, ended)| SignalSeen { since, ended }),
    );
    (
        0u64..20,
        vec(option::of(choice()), 5),
        any::<u32>(),
        jurisdiction(),
        signal,
        purposes(),
    )
        .prop_map(
            |(time, choices, revision, jurisdiction, signal, account)| Record {
                time,
                choices: ByPurpose::from_fn(|purpose| choices[purpose as usize]),
                revision,
                jurisdiction,
                signal,
                account,
            },
        )
}

pub fn stored() -> impl Strategy<Value = Stored> {
    (option::of(record()), prop::bool::weighted(0.1))
        .prop_map(|(record, unreadable)| Stored { record, unreadable })
}

pub fn settings() -> impl Strategy<Value = Settings> {
    (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(narrow, consent_despite_signal, keep_earlier, known)| Settings {
            gpc_scope: if narrow {
                GpcScope::WhereRequired
            } else {
                GpcScope::Everywhere
            },
            consent_despite_signal,
            keep_earlier,
            known,
        },
    )
}
