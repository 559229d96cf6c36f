//! Kinds of sensitive data, and sets of them.

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $text:literal,)*) => {
        /// A kind of sensitive data that some law names (Civil Code 1798.140(ae) and the laws of the
        /// other states).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum SensitiveKind { $($(#[$doc])* $name,)* }

        impl SensitiveKind {
            /// Every kind.
            pub const ALL: &'static [SensitiveKind] = &[$(SensitiveKind::$name,)*];

            /// The names in the config, in the order of [`SensitiveKind::ALL`].
            pub const NAMES: &'static [&'static str] = &[$($text,)*];
        }
    };
}

kinds! {
    /// Race or ethnic origin.
    Race "racial_or_ethnic_origin",
    /// Religious or philosophical beliefs.
    Religion "religious_or_philosophical_beliefs",
    /// Health conditions and diagnoses.
    Health "health",
    /// Sex life or sexual orientation.
    SexLife "sex_life_or_orientation",
    /// Citizenship or immigration status.
    Citizenship "citizenship_or_immigration",
    /// Genetic data.
    Genetic "genetic",
    /// Biometric data that identifies a person.
    Biometric "biometric",
    /// Precise location.
    Location "precise_location",
    /// Numbers that a government gives out: social security, passport, driver's licence.
    GovernmentId "government_id",
    /// A log-in together with what opens it.
    AccountLogin "account_login",
    /// A bank account or a card together with what opens it.
    FinancialAccount "financial_account",
    /// Union membership.
    Union "union_membership",
    /// The contents of mail, e-mail and text messages.
    Messages "message_contents",
    /// Consumer health data, where a law keeps it apart from health.
    ConsumerHealth "consumer_health",
    /// Being the victim of a crime.
    CrimeVictim "crime_victim",
    /// National origin, where a law keeps it apart from ethnic origin.
    NationalOrigin "national_origin",
    /// Being transgender or non-binary.
    Gender "transgender_or_nonbinary",
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SensitiveKinds(u32);

impl SensitiveKinds {
    /// No kind.
    pub const NONE: SensitiveKinds = SensitiveKinds(0);
    /// Every kind.
    pub const ALL: SensitiveKinds = SensitiveKinds::of(SensitiveKind::ALL);

    /// The set of the kinds named.
    pub const fn of(kinds: &[SensitiveKind]) -> SensitiveKinds {
        let mut bits = 0;
        let mut place = 0;
        while place < kinds.len() {
            bits |= 1 << kinds[place] as u8;
            place += 1;
        }
        SensitiveKinds(bits)
    }

    /// Adds a kind.
    pub fn insert(&mut self, kind: SensitiveKind) {
        self.0 |= 1 << kind as u8;
    }

    /// Whether a kind is in both sets.
    pub fn meets(self, other: SensitiveKinds) -> bool {
        self.0 & other.0 != 0
    }
}
