//! What each field of a section says, and where that comes from.

use super::{Facts, sensitive, set, yes_or_no};
use crate::config::Mspa;
use crate::gpp::{Field, Layout, Place, SubSection, UsSection};
use crate::policy::{Age, Gpc, Purpose, Purposes};

const SALE: Purposes = Purposes::of(&[Purpose::Sale]);
const SHARING: Purposes = Purposes::of(&[Purpose::Sharing]);
const SENSITIVE: Purposes = Purposes::of(&[Purpose::SensitiveData]);
const ADVERTISING: Purposes = Purposes::of(&[Purpose::TargetedAdvertising]);

/// `PersonalDataConsents`, `AdditionalDataProcessingConsent`: the module knows of no use that is
/// incompatible with what the visitor was told (Civil Code 1798.100(a)(1), regs 7002).
const NO_SECONDARY_USE: u8 = 0;

/// A section of that layout.
pub fn section(facts: &Facts, layout: &'static Layout) -> UsSection {
    let writer = Writer { facts, layout };
    let mut section = UsSection::new(layout);
    for place in layout.core {
        writer.write(&mut section, place);
    }
    match &layout.sub_section {
        SubSection::None => {}
        SubSection::Sensitive(place) => writer.write(&mut section, place),
        SubSection::Gpc => {
            // What the browser says, also where a choice or the law says otherwise (GPP section
            // specifications, "GPC sub-section"); the library writes it in either state.
            let done = section.set_gpc(Some(facts.signals.gpc == Gpc::On));
            debug_assert!(done.is_ok());
        }
    }
    section
}

struct Writer<'a> {
    facts: &'a Facts<'a>,
    layout: &'static Layout,
}

impl Writer<'_> {
    fn write(&self, section: &mut UsSection, place: &Place) {
        let value = match place.field {
            Field::Version | Field::MspaVersion => return,
            Field::SharingNotice
            | Field::ProcessingNotice
            | Field::SensitiveDataProcessingOptOutNotice
            | Field::SensitiveDataOptOutNotice
            | Field::SensitiveDataLimitUseNotice => self.general_notice(),
            Field::SaleOptOutNotice => self.notice(SALE),
            Field::SharingOptOutNotice => self.notice(self.sharing()),
            Field::TargetedAdvertisingOptOutNotice => self.notice(self.advertising()),
            Field::SaleOptOut => self.opt_out(SALE),
            Field::SharingOptOut => self.opt_out(self.sharing()),
            Field::TargetedAdvertisingOptOut => self.opt_out(self.advertising()),
            Field::SensitiveDataProcessing => {
                return self.list(section, place, |at| self.sensitive(at));
            }
            Field::KnownChildSensitiveDataConsents => {
                return self.list(section, place, |at| self.known_child(at));
            }
            Field::PersonalDataConsents | Field::AdditionalDataProcessingConsent => {
                NO_SECONDARY_USE
            }
            Field::MspaCoveredTransaction => self.mspa([2, 1, 1]),
            Field::MspaOptOutOptionMode => self.mspa([0, 1, 2]),
            Field::MspaServiceProviderMode => self.mspa([0, 2, 1]),
            Field::MspaMode => self.mspa([0, 1, 2]),
        };
        set(section, place.field, &[value]);
    }

    fn list(&self, section: &mut UsSection, place: &Place, value: impl Fn(usize) -> u8) {
        let mut values = [0; 16];
        let values = &mut values[..usize::from(place.count)];
        for (at, slot) in values.iter_mut().enumerate() {
            *slot = value(at);
        }
        set(section, place.field, values);
    }

    /// `SharingNotice`, `ProcessingNotice`, and the notices on sensitive data: given with the link
    /// to the choices (Civil Code 1798.130(a)(5), 1798.135(a)(2) and (3); regs 7013 to 7015; the
    /// privacy notice of the other laws), 0 for a site that does none of it. Those on sensitive data
    /// say 1 also where the site uses none: the link that nosale shows leads to both rights (regs
    /// 7015).
    fn general_notice(&self) -> u8 {
        self.notice(Purposes::OF_GPC.union(SENSITIVE))
    }

    /// `SaleOptOutNotice`, `SharingOptOutNotice`, `TargetedAdvertisingOptOutNotice`: the link that
    /// leads to the opt-out (Civil Code 1798.135(a)(1), regs 7013; "clear and conspicuous" in the
    /// other laws). 0 for a purpose that the site does not use.
    fn notice(&self, purposes: Purposes) -> u8 {
        if self.facts.uses(purposes) {
            yes_or_no(self.facts.settings.notices_given)
        } else {
            0
        }
    }

    /// `SaleOptOut`, `SharingOptOut`, `TargetedAdvertisingOptOut`: Global Privacy Control is an
    /// opt-out like any other (regs 7025(c)(1)), and readers look here for it rather than at the
    /// sub-section. 0 for a purpose that the site does not use; without a notice nobody can be said
    /// not to have opted out.
    fn opt_out(&self, purposes: Purposes) -> u8 {
        if !self.facts.uses(purposes) {
            0
        } else if self.facts.denies(purposes) {
            1
        } else if self.facts.settings.notices_given {
            2
        } else {
            0
        }
    }

    /// What `SharingOptOut` stands for. California's "sharing" is for cross-context behavioural
    /// advertising (Civil Code 1798.140(ah)), and its section has no field for advertising.
    fn sharing(&self) -> Purposes {
        if self.has(Field::TargetedAdvertisingOptOut) {
            SHARING
        } else {
            SHARING.union(ADVERTISING)
        }
    }

    /// What `TargetedAdvertisingOptOut` stands for. Where no field is for sharing, who opted out of
    /// it must be read as opted out of what it is for.
    fn advertising(&self) -> Purposes {
        if self.has(Field::SharingOptOut) {
            ADVERTISING
        } else {
            ADVERTISING.union(SHARING)
        }
    }

    /// A place of `SensitiveDataProcessing`: 0 for a kind that the site does not process. Opted out
    /// or not in California, Utah and Iowa (Civil Code 1798.121; Utah Code 13-61-302(3); Iowa Code
    /// 715D.4(2)), without or with consent in the other states: 1 and 2 mean the protective and the
    /// permissive state in both. In California 0 also means that no notice was given (its section's
    /// text): then nobody can be said not to have opted out.
    fn sensitive(&self, at: usize) -> u8 {
        let kinds = sensitive::places(self.layout.prefix).get(at);
        let processed = kinds.is_some_and(|kinds| kinds.meets(self.facts.settings.sensitive_data));
        if !self.facts.uses_sensitive_data() || !processed {
            return 0;
        }
        if self.facts.denies(SENSITIVE) {
            1
        } else if self.layout.prefix != "usca" || self.facts.settings.notices_given {
            2
        } else {
            0
        }
    }

    /// A place of `KnownChildSensitiveDataConsents`: 0 unless the publisher knows the visitor to be
    /// of the age that the place is for (Civil Code 1798.120(c), regs 7070 and 7071; the children's
    /// rules of the other laws), and for 16 and 17, which the config has no band for.
    fn known_child(&self, at: usize) -> u8 {
        let young = Some(Age::From13To15);
        let child = Some(Age::Under13);
        let age = self.facts.signals.age;
        let (known, purposes) = match (self.layout.prefix, at) {
            ("usca", _) => (
                age == young || age == child,
                if at == 0 { SALE } else { self.sharing() },
            ),
            ("usnat", 0) | ("usfl", 1) => (age == young, self.facts.used),
            ("usnat", 1) | (_, 0) => (age == child, self.facts.used),
            ("usnat" | "usfl", _) => return 0,
            (_, 1) => (age == young, SALE),
            (_, 2) => (age == young, self.advertising()),
            _ => return 0,
        };
        if !known || !self.facts.uses(purposes) {
            return 0;
        }
        yes_or_no(self.facts.denies(purposes))
    }

    /// The fields on the IAB's contract, for [`Mspa::ALL`] in order: who has not signed it writes 2,
    /// 0, 0 (MSPA, "covered transaction").
    fn mspa(&self, [none, opt_out_option, service_provider]: [u8; 3]) -> u8 {
        match self.facts.settings.mspa {
            Mspa::None => none,
            Mspa::OptOutOption => opt_out_option,
            Mspa::ServiceProvider => service_provider,
        }
    }

    fn has(&self, field: Field) -> bool {
        self.layout.core.iter().any(|place| place.field == field)
    }
}
