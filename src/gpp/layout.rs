//! The table of US sections: one row for each section and version.

use super::field::Field;

/// One field of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which field.
    pub field: Field,
    /// How many values it holds. More than one make a list.
    pub count: u8,
}

/// What may follow the core, after a dot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubSection {
    /// Nothing.
    None,
    /// The browser's Global Privacy Control signal.
    Gpc,
    /// Fields of their own: the kinds of sensitive data of sections 25 to 27.
    Sensitive(Place),
}

/// How the bits of a section are laid out.
#[derive(Debug)]
pub struct Layout {
    /// The section's number in the header.
    pub id: u32,
    /// The name in APIs, such as `usca`.
    pub prefix: &'static str,
    /// The version of this layout.
    pub version: u8,
    /// The core's fields, in the order of their bits.
    pub core: &'static [Place],
    /// What may follow the core.
    pub sub_section: SubSection,
}

impl PartialEq for Layout {
    fn eq(&self, other: &Layout) -> bool {
        (self.id, self.version) == (other.id, other.version)
    }
}

impl Eq for Layout {}

/// The first of the sections whose layout is not settled: see [`Layout::is_unstable`].
const FIRST_UNSTABLE: u32 = 24;

impl Layout {
    /// The layout that is written for a section now, by its number.
    pub fn of(id: u32) -> Option<&'static Layout> {
        LAYOUTS.iter().find(|layout| layout.id == id)
    }

    /// The same by its prefix.
    pub fn of_prefix(prefix: &str) -> Option<&'static Layout> {
        LAYOUTS.iter().find(|layout| layout.prefix == prefix)
    }

    /// The layout of a certain version.
    pub fn of_version(id: u32, version: u8) -> Option<&'static Layout> {
        LAYOUTS
            .iter()
            .find(|layout| layout.id == id && layout.version == version)
    }

    /// Whether published text and reference library disagree about this section, so that writing
    /// it takes [`Gpp::encode_unstable`](super::Gpp::encode_unstable).
    pub fn is_unstable(&self) -> bool {
        self.id >= FIRST_UNSTABLE
    }

    /// Whether the section can carry the signal.
    pub fn has_gpc(&self) -> bool {
        self.sub_section == SubSection::Gpc
    }

    /// The core's length without padding.
    pub fn core_bits(&self) -> usize {
        self.core.iter().map(Place::bits).sum()
    }

    /// The layout by which a core of so many bits, padding included, is read. Version 2 of `usnat`
    /// has more values in its lists, and the reference library tells the two apart by length, not
    /// by the version that the core names: strings of the old length that say 2 exist.
    pub(super) fn for_reading(id: u32, bits: usize) -> Option<&'static Layout> {
        let newest = Layout::of(id)?;
        if bits >= newest.core_bits() {
            return Some(newest);
        }
        let older = LAYOUTS
            .iter()
            .find(|layout| layout.id == id && bits >= layout.core_bits());
        older.or(Some(newest))
    }

    /// The core's fields, then those of a sub-section.
    pub(super) fn places(&self) -> impl Iterator<Item = &Place> {
        let sensitive = match &self.sub_section {
            SubSection::Sensitive(place) => Some(place),
            _ => None,
        };
        self.core.iter().chain(sensitive)
    }

    const fn values(&self) -> usize {
        let mut values = match self.sub_section {
            SubSection::Sensitive(place) => place.count as usize,
            _ => 0,
        };
        let mut next = 0;
        while next < self.core.len() {
            values += self.core[next].count as usize;
            next += 1;
        }
        values
    }
}

impl Place {
    pub(super) fn bits(&self) -> usize {
        usize::from(self.field.bits()) * usize::from(self.count)
    }
}

/// How many values the largest section has.
pub(super) const MAX_VALUES: usize = {
    let mut most = 0;
    let mut next = 0;
    while next < LAYOUTS.len() {
        if LAYOUTS[next].values() > most {
            most = LAYOUTS[next].values();
        }
        next += 1;
    }
    most
};

macro_rules! place {
    ($field:ident) => {
        Place {
            field: Field::$field,
            count: 1,
        }
    };
    ($field:ident $count:literal) => {
        Place {
            field: Field::$field,
            count: $count,
        }
    };
}

macro_rules! sub_section {
    () => {
        SubSection::None
    };
    (Gpc) => {
        SubSection::Gpc
    };
    ($field:ident $count:literal) => {
        SubSection::Sensitive(place!($field $count))
    };
}

/// A row: number, prefix, version, the core's fields with the length of each list, and after `+`
/// what may follow the core.
macro_rules! layouts {
    ($($id:literal $prefix:ident $version:literal:
        $($field:ident $([$count:literal])?)* $(+ $sub:ident $([$sub_count:literal])?)?;
    )*) => {
        &[$(Layout {
            id: $id,
            prefix: stringify!($prefix),
            version: $version,
            core: &[$(place!($field $($count)?),)*],
            sub_section: sub_section!($($sub $($sub_count)?)?),
        },)*]
    };
}

/// Every US section in bits, by number, the newest version of each first.
pub const LAYOUTS: &[Layout] = layouts! {
    7 usnat 2: Version SharingNotice SaleOptOutNotice SharingOptOutNotice
        TargetedAdvertisingOptOutNotice SensitiveDataProcessingOptOutNotice
        SensitiveDataLimitUseNotice SaleOptOut SharingOptOut TargetedAdvertisingOptOut
        SensitiveDataProcessing[16] KnownChildSensitiveDataConsents[3] PersonalDataConsents
        MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode + Gpc;
    7 usnat 1: Version SharingNotice SaleOptOutNotice SharingOptOutNotice
        TargetedAdvertisingOptOutNotice SensitiveDataProcessingOptOutNotice
        SensitiveDataLimitUseNotice SaleOptOut SharingOptOut TargetedAdvertisingOptOut
        SensitiveDataProcessing[12] KnownChildSensitiveDataConsents[2] PersonalDataConsents
        MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode + Gpc;
    8 usca 1: Version SaleOptOutNotice SharingOptOutNotice SensitiveDataLimitUseNotice
        SaleOptOut SharingOptOut
        SensitiveDataProcessing[9] KnownChildSensitiveDataConsents[2] PersonalDataConsents
        MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode + Gpc;
    9 usva 1: Version SharingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice
        SaleOptOut TargetedAdvertisingOptOut
        SensitiveDataProcessing[8] KnownChildSensitiveDataConsents
        MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode;
    10 usco 1: Version SharingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice
        SaleOptOut TargetedAdvertisingOptOut
        SensitiveDataProcessing[7] KnownChildSensitiveDataConsents
        MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode + Gpc;
    11 usut 1: Version SharingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice
        SensitiveDataProcessingOptOutNotice SaleOptOut TargetedAdvertisingOptOut
        SensitiveDataProcessing[8] KnownChildSensitiveDataConsents
        MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode;
    12 usct 1: Version SharingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice
        SaleOptOut TargetedAdvertisingOptOut
        SensitiveDataProcessing[8] KnownChildSensitiveDataConsents[3]
        MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode + Gpc;
    13 usfl 1: Version ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice
        SaleOptOut TargetedAdvertisingOptOut
        SensitiveDataProcessing[8] KnownChildSensitiveDataConsents[3]
        AdditionalDataProcessingConsent
        MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode;
    14 usmt 1: Version SharingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice
        SaleOptOut TargetedAdvertisingOptOut
        SensitiveDataProcessing[8] KnownChildSensitiveDataConsents[3]
        AdditionalDataProcessingConsent
        MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode + Gpc;
    15 usor 1: Version ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice
        SaleOptOut TargetedAdvertisingOptOut
        SensitiveDataProcessing[11] KnownChildSensitiveDataConsents[3]
        AdditionalDataProcessingConsent
        MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode + Gpc;
    16 ustx 1: Version ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice
        SaleOptOut TargetedAdvertisingOptOut
        SensitiveDataProcessing[8] KnownChildSensitiveDataConsents
        AdditionalDataProcessingConsent
        MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode + Gpc;
    17 usde 1: Version ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice
        SaleOptOut TargetedAdvertisingOptOut
        SensitiveDataProcessing[9] KnownChildSensitiveDataConsents[5]
        AdditionalDataProcessingConsent
        MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode + Gpc;
    18 usia 1: Version ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice
        SensitiveDataOptOutNotice SaleOptOut TargetedAdvertisingOptOut
        SensitiveDataProcessing[8] KnownChildSensitiveDataConsents
        MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode + Gpc;
    19 usne 1: Version ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice
        SaleOptOut TargetedAdvertisingOptOut
        SensitiveDataProcessing[8] KnownChildSensitiveDataConsents
        AdditionalDataProcessingConsent
        MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode + Gpc;
    20 usnh 1: Version ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice
        SaleOptOut TargetedAdvertisingOptOut
        SensitiveDataProcessing[8] KnownChildSensitiveDataConsents[3]
        AdditionalDataProcessingConsent
        MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode + Gpc;
    21 usnj 1: Version ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice
        SaleOptOut TargetedAdvertisingOptOut
        SensitiveDataProcessing[10] KnownChildSensitiveDataConsents[5]
        AdditionalDataProcessingConsent
        MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode + Gpc;
    22 ustn 1: Version ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice
        SaleOptOut TargetedAdvertisingOptOut
        SensitiveDataProcessing[8] KnownChildSensitiveDataConsents
        AdditionalDataProcessingConsent
        MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode + Gpc;
    23 usmn 1: Version ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice
        SaleOptOut TargetedAdvertisingOptOut
        SensitiveDataProcessing[8] KnownChildSensitiveDataConsents
        AdditionalDataProcessingConsent
        MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode + Gpc;
    24 usmd 1: MspaVersion MspaCoveredTransaction MspaMode
        ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice
        SaleOptOut TargetedAdvertisingOptOut
        AdditionalDataProcessingConsent + Gpc;
    25 usin 1: MspaVersion MspaCoveredTransaction MspaMode
        ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice
        SaleOptOut TargetedAdvertisingOptOut KnownChildSensitiveDataConsents
        AdditionalDataProcessingConsent + SensitiveDataProcessing[8];
    26 usky 1: MspaVersion MspaCoveredTransaction MspaMode
        ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice
        SaleOptOut TargetedAdvertisingOptOut KnownChildSensitiveDataConsents
        AdditionalDataProcessingConsent + SensitiveDataProcessing[8];
    27 usri 1: MspaVersion MspaCoveredTransaction MspaMode
        ProcessingNotice SaleOptOutNotice TargetedAdvertisingOptOutNotice
        SaleOptOut TargetedAdvertisingOptOut KnownChildSensitiveDataConsents
        AdditionalDataProcessingConsent + SensitiveDataProcessing[8];
};
