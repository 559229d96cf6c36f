//! Purposes: the uses of personal data that can be opted out of, and sets and tables of them.

use serde::ser::{Serialize, SerializeMap, Serializer};

/// A use of personal data that a visitor can opt out of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Selling personal data (Civil Code 1798.140(ad)).
    Sale,
    /// Sharing it for cross-context behavioural advertising (Civil Code 1798.140(ah)).
    Sharing,
    /// Targeted advertising, as the laws outside California call it.
    TargetedAdvertising,
    /// Profiling for decisions with legal or similarly significant effects.
    Profiling,
    /// Using sensitive data beyond what the visitor asked for.
    SensitiveData,
}

impl Purpose {
    /// All purposes, in the order of records, reports and the dialog.
    pub const ALL: [Purpose; 5] = [
        Purpose::Sale,
        Purpose::Sharing,
        Purpose::TargetedAdvertising,
        Purpose::Profiling,
        Purpose::SensitiveData,
    ];

    /// The names, in the order of [`Purpose::ALL`].
    pub const NAMES: [&'static str; 5] = [
        "sale",
        "sharing",
        "targeted_advertising",
        "profiling",
        "sensitive_data",
    ];

    /// The name in the config, in the API and in reports.
    pub fn name(self) -> &'static str {
        Purpose::NAMES[self as usize]
    }

    /// The purpose of that name.
    pub fn from_name(name: &str) -> Option<Purpose> {
        let place = Purpose::NAMES.iter().position(|known| *known == name)?;
        Some(Purpose::ALL[place])
    }
}

/// A set of purposes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purposes(u8);

impl Purposes {
    /// No purpose.
    pub const NONE: Purposes = Purposes(0);
    /// Every purpose.
    pub const ALL: Purposes = Purposes(0b1_1111);
    /// What Global Privacy Control asks to stop: sale, sharing and targeted advertising
    /// (GPC specification, section 2), and nothing else.
    pub const OF_GPC: Purposes = Purposes(0b0_0111);

    /// The set of the purposes named.
    pub const fn of(purposes: &[Purpose]) -> Purposes {
        let mut bits = 0;
        let mut place = 0;
        while place < purposes.len() {
            bits |= 1 << purposes[place] as u8;
            place += 1;
        }
        Purposes(bits)
    }

    /// The set of the purposes whose bits are set, in the order of [`Purpose::ALL`].
    pub fn from_bits(bits: u8) -> Purposes {
        Purposes(bits & Purposes::ALL.0)
    }

    /// Whether the set holds `purpose`.
    pub fn has(self, purpose: Purpose) -> bool {
        self.0 & (1 << purpose as u8) != 0
    }

    /// Whether every purpose of `other` is in this set.
    pub fn has_all(self, other: Purposes) -> bool {
        other.0 & !self.0 == 0
    }

    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Adds a purpose.
    pub fn insert(&mut self, purpose: Purpose) {
        self.0 |= 1 << purpose as u8;
    }

    /// What is in either set.
    pub fn union(self, other: Purposes) -> Purposes {
        Purposes(self.0 | other.0)
    }

    /// What is in both sets.
    pub fn intersection(self, other: Purposes) -> Purposes {
        Purposes(self.0 & other.0)
    }

    /// What is in this set but not in the other.
    pub fn without(self, other: Purposes) -> Purposes {
        Purposes(self.0 & !other.0)
    }

    /// The purposes in the set, in the order of [`Purpose::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Purpose> {
        Purpose::ALL
            .into_iter()
            .filter(move |purpose| self.has(*purpose))
    }
}

impl Serialize for Purposes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Purpose::name))
    }
}

/// A value for each purpose; serialized as an object with the purposes' names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByPurpose<T>([T; 5]);

impl<T> ByPurpose<T> {
    /// Makes the table by asking for each purpose's value.
    pub fn from_fn(mut value: impl FnMut(Purpose) -> T) -> ByPurpose<T> {
        ByPurpose(Purpose::ALL.map(&mut value))
    }

    /// The value of one purpose.
    pub fn of(&self, purpose: Purpose) -> &T {
        &self.0[purpose as usize]
    }

    /// The value of one purpose, to change.
    pub fn of_mut(&mut self, purpose: Purpose) -> &mut T {
        &mut self.0[purpose as usize]
    }

    /// The purposes whose value passes.
    pub fn purposes_where(&self, mut passes: impl FnMut(&T) -> bool) -> Purposes {
        let mut found = Purposes::NONE;
        for purpose in Purpose::ALL {
            if passes(self.of(purpose)) {
                found.insert(purpose);
            }
        }
        found
    }
}

impl<T: Serialize> Serialize for ByPurpose<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(Purpose::ALL.len()))?;
        for purpose in Purpose::ALL {
            map.serialize_entry(purpose.name(), self.of(purpose))?;
        }
        map.end()
    }
}
