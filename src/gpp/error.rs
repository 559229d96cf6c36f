//! What can be wrong with a string, and with what was to be written.

use core::error::Error;
use core::fmt::{Display, Formatter, Result};

use super::field::Field;
use super::layout::Layout;

/// Why a string is refused, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// What is wrong.
    pub kind: DecodeErrorKind,
    /// Where, as an offset in bytes: the first character that is wrong, or the end of what is too
    /// short.
    pub position: usize,
}

/// What is wrong with a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeErrorKind {
    /// The header is of another type. It begins with `D`; a TCF string, which is not a GPP string,
    /// begins with `C`.
    NotGpp,
    /// The header's version is not 1.
    HeaderVersion,
    /// A header, a core or a sub-section ends before its last field.
    CutShort,
    /// A Fibonacci number in the header has no end.
    UnendedNumber,
    /// A section's number is larger than 32 bits.
    SectionId,
    /// The header lists more sections than follow.
    SectionMissing,
    /// More sections follow than the header lists.
    SectionUnlisted,
    /// A section is empty.
    EmptySection,
    /// A core or a sub-section is empty.
    EmptySubSection,
    /// A character that is not in the alphabet; `=` never is.
    Character,
    /// Section 6 is not a US Privacy string.
    UsPrivacy,
}

impl DecodeErrorKind {
    /// What is wrong, for a message.
    pub fn message(self) -> &'static str {
        match self {
            DecodeErrorKind::NotGpp => "not a GPP string: its header is not of type 3",
            DecodeErrorKind::HeaderVersion => "the header's version is not 1",
            DecodeErrorKind::CutShort => "cut short: more bits were expected here",
            DecodeErrorKind::UnendedNumber => "a Fibonacci number in the header has no end",
            DecodeErrorKind::SectionId => "a section's number is too large",
            DecodeErrorKind::SectionMissing => "fewer sections than the header lists",
            DecodeErrorKind::SectionUnlisted => "more sections than the header lists",
            DecodeErrorKind::EmptySection => "an empty section",
            DecodeErrorKind::EmptySubSection => "an empty sub-section",
            DecodeErrorKind::Character => "a character outside the alphabet A-Z a-z 0-9 - _",
            DecodeErrorKind::UsPrivacy => "not a US Privacy string such as 1YNN",
        }
    }

    pub(super) fn at(self, position: usize) -> DecodeError {
        DecodeError {
            kind: self,
            position,
        }
    }
}

impl Display for DecodeError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter.write_str(self.kind.message())
    }
}

impl Error for DecodeError {}

/// Why something is not written, and which section and field it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodeError {
    /// What is wrong.
    pub kind: EncodeErrorKind,
    /// The section's number.
    pub section: u32,
    /// The field, if it is about one.
    pub field: Option<Field>,
}

/// What is wrong with what was to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodeErrorKind {
    /// The section has no such field, or no GPC sub-section.
    NoSuchField,
    /// The field takes another number of values.
    Count,
    /// A value that the field never has: 3, or 0 in `MspaCoveredTransaction`.
    Value,
    /// The version is not the layout's, or a US Privacy string's is not 1.
    Version,
    /// A section from 24 to 27, and the switch is off.
    Unstable,
    /// The text of a section or sub-section that is passed on is empty or has foreign characters.
    Text,
    /// A section's number that cannot be: 0, or one whose text this library makes itself.
    SectionId,
    /// Sections are not in ascending order, one of each number.
    Order,
    /// More runs of section numbers than a header can list.
    TooMany,
}

impl EncodeErrorKind {
    /// What is wrong, for a message.
    pub fn message(self) -> &'static str {
        match self {
            EncodeErrorKind::NoSuchField => "the section has no such field",
            EncodeErrorKind::Count => "the field takes another number of values",
            EncodeErrorKind::Value => "the field takes 0, 1 or 2; MspaCoveredTransaction 1 or 2",
            EncodeErrorKind::Version => "not the version of the section's layout",
            EncodeErrorKind::Unstable => {
                "sections 24 to 27 are not stable and written on demand only"
            }
            EncodeErrorKind::Text => "empty, or with a character outside the alphabet",
            EncodeErrorKind::SectionId => "a section's number that cannot be passed on as text",
            EncodeErrorKind::Order => "sections must be in ascending order, one of each number",
            EncodeErrorKind::TooMany => "too many sections",
        }
    }

    pub(super) fn of(self, section: u32) -> EncodeError {
        EncodeError {
            kind: self,
            section,
            field: None,
        }
    }

    pub(super) fn of_field(self, section: u32, field: Field) -> EncodeError {
        EncodeError {
            kind: self,
            section,
            field: Some(field),
        }
    }
}

impl Display for EncodeError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        if let Some(layout) = Layout::of(self.section) {
            formatter.write_str(layout.prefix)?;
            if let Some(field) = self.field {
                formatter.write_str(".")?;
                formatter.write_str(field.name())?;
            }
            formatter.write_str(": ")?;
        }
        formatter.write_str(self.kind.message())
    }
}

impl Error for EncodeError {}
