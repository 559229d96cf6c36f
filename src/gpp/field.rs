//! The names of fields.

/// Declares the fields with the names that the specifications give them.
macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// A field of a US section. Every one holds values of two bits, 0 to 2, but for the two
        /// versions. The meaning of the values is in the [module's documentation](super#values).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Field { $($(#[$doc])* $name,)* }

        impl Field {
            /// Every field.
            pub const ALL: &'static [Field] = &[$(Field::$name,)*];

            const NAMES: &'static [&'static str] = &[$(stringify!($name),)*];
        }
    };
}

fields! {
    /// The version of the section's layout, 6 bits.
    Version,
    /// The same where the layout is of the kind that sections 24 to 27 have.
    MspaVersion,
    /// Notice of the sharing of personal data with third parties.
    SharingNotice,
    /// Notice of the processing of personal data.
    ProcessingNotice,
    /// Notice of the opportunity to opt out of sale.
    SaleOptOutNotice,
    /// Notice of the opportunity to opt out of sharing.
    SharingOptOutNotice,
    /// Notice of the opportunity to opt out of targeted advertising.
    TargetedAdvertisingOptOutNotice,
    /// Notice of the opportunity to opt out of the processing of sensitive data.
    SensitiveDataProcessingOptOutNotice,
    /// The same, as Iowa's section calls it.
    SensitiveDataOptOutNotice,
    /// Notice of the opportunity to limit the use of sensitive data.
    SensitiveDataLimitUseNotice,
    /// Opted out of sale.
    SaleOptOut,
    /// Opted out of sharing.
    SharingOptOut,
    /// Opted out of targeted advertising.
    TargetedAdvertisingOptOut,
    /// One value for each kind of sensitive data that the section knows.
    SensitiveDataProcessing,
    /// One value for each age or use that the section knows.
    KnownChildSensitiveDataConsents,
    /// Consent to a secondary use that is incompatible with the first.
    PersonalDataConsents,
    /// The same, as the later sections call it.
    AdditionalDataProcessingConsent,
    /// Whether the publisher signed the IAB's contract (MSPA) and the transaction is covered by
    /// it. There is no 0: who has not signed writes 2.
    MspaCoveredTransaction,
    /// The contract's opt-out option mode.
    MspaOptOutOptionMode,
    /// The contract's service provider mode.
    MspaServiceProviderMode,
    /// Either mode in one field, in sections 24 to 27.
    MspaMode,
}

impl Field {
    /// The name in the specifications, in UpperCamelCase.
    pub fn name(self) -> &'static str {
        Field::NAMES[self as usize]
    }

    /// The field of a name; upper and lower case differ.
    pub fn from_name(name: &str) -> Option<Field> {
        let place = Field::NAMES.iter().position(|known| *known == name)?;
        Some(Field::ALL[place])
    }

    /// Whether this is the version of a layout rather than something said about a visitor.
    pub fn is_version(self) -> bool {
        matches!(self, Field::Version | Field::MspaVersion)
    }

    /// How many bits one value takes.
    pub(super) const fn bits(self) -> u8 {
        match self {
            Field::Version | Field::MspaVersion => 6,
            _ => 2,
        }
    }

    /// Whether a writer may write `value`. A reader takes whatever the bits hold.
    pub(super) fn permits(self, value: u8, version: u8) -> bool {
        match self {
            Field::Version | Field::MspaVersion => value == version,
            Field::MspaCoveredTransaction => value == 1 || value == 2,
            _ => value <= 2,
        }
    }
}
