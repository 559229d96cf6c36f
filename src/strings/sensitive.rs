//! The kinds of sensitive data that the places of `SensitiveDataProcessing` stand for, in each
//! section's order (the IAB's technical specification of each section).

use crate::policy::{SensitiveKind, SensitiveKinds};
use SensitiveKind::{
    AccountLogin, Biometric, Citizenship, ConsumerHealth, CrimeVictim, FinancialAccount, Gender,
    Genetic, GovernmentId, Health, Location, Messages, NationalOrigin, Race, Religion, SexLife,
    Union,
};

/// The places of a section's list.
pub fn places(prefix: &str) -> &'static [SensitiveKinds] {
    match prefix {
        "usnat" => &NATIONAL,
        "usca" => &CALIFORNIA,
        "usut" => &UTAH,
        "usor" => &OREGON,
        _ => &STATES,
    }
}

const fn kinds(kinds: &[SensitiveKind]) -> SensitiveKinds {
    SensitiveKinds::of(kinds)
}

const NATIONAL: [SensitiveKinds; 16] = [
    kinds(&[Race]),
    kinds(&[Religion]),
    kinds(&[Health]),
    kinds(&[SexLife]),
    kinds(&[Citizenship]),
    kinds(&[Genetic]),
    kinds(&[Biometric]),
    kinds(&[Location]),
    kinds(&[GovernmentId]),
    kinds(&[AccountLogin, FinancialAccount]),
    kinds(&[Union]),
    kinds(&[Messages]),
    kinds(&[ConsumerHealth]),
    kinds(&[CrimeVictim]),
    kinds(&[NationalOrigin]),
    kinds(&[Gender]),
];

const CALIFORNIA: [SensitiveKinds; 9] = [
    kinds(&[GovernmentId]),
    kinds(&[AccountLogin, FinancialAccount]),
    kinds(&[Location]),
    kinds(&[Race, Religion, Union]),
    kinds(&[Messages]),
    kinds(&[Genetic]),
    kinds(&[Biometric]),
    kinds(&[Health, ConsumerHealth]),
    kinds(&[SexLife]),
];

const UTAH: [SensitiveKinds; 8] = [
    kinds(&[Race]),
    kinds(&[Religion]),
    kinds(&[SexLife]),
    kinds(&[Citizenship]),
    kinds(&[Health, ConsumerHealth]),
    kinds(&[Genetic]),
    kinds(&[Biometric]),
    kinds(&[Location]),
];

const OREGON: [SensitiveKinds; 11] = [
    kinds(&[Race]),
    kinds(&[Religion]),
    kinds(&[Health, ConsumerHealth]),
    kinds(&[SexLife]),
    kinds(&[Gender]),
    kinds(&[Citizenship]),
    kinds(&[NationalOrigin]),
    kinds(&[CrimeVictim]),
    kinds(&[Genetic]),
    kinds(&[Biometric]),
    kinds(&[Location]),
];

/// The others; each has the beginning of this list: Colorado 7 places, Delaware 9, New Jersey 10,
/// the rest 8.
const STATES: [SensitiveKinds; 10] = [
    kinds(&[Race]),
    kinds(&[Religion]),
    kinds(&[Health, ConsumerHealth]),
    kinds(&[SexLife]),
    kinds(&[Citizenship]),
    kinds(&[Genetic]),
    kinds(&[Biometric]),
    kinds(&[Location]),
    kinds(&[Gender]),
    kinds(&[FinancialAccount]),
];
