//! The whole string.

use super::error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind};
use super::header::{split, write_header, write_text};
use super::layout::Layout;
use super::us_privacy::UsPrivacy;
use super::us_section::UsSection;

/// One section of a GPP string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Section {
    /// Section 6, `uspv1`.
    UsPrivacy(UsPrivacy),
    /// Sections 7 to 27, `usnat` and the states.
    Us(UsSection),
    /// Any other, such as the European TCF: it is not looked into, and written as it was read.
    Other {
        /// The section's number.
        id: u32,
        /// Its text.
        text: String,
    },
}

impl Section {
    /// The section's number.
    pub fn id(&self) -> u32 {
        match self {
            Section::UsPrivacy(_) => UsPrivacy::SECTION,
            Section::Us(section) => section.layout().id,
            Section::Other { id, .. } => *id,
        }
    }

    /// The section's name in APIs; `None` for those that are not looked into.
    pub fn prefix(&self) -> Option<&'static str> {
        match self {
            Section::UsPrivacy(_) => Some(UsPrivacy::PREFIX),
            Section::Us(section) => Some(section.layout().prefix),
            Section::Other { .. } => None,
        }
    }

    fn decode(id: u32, text: &str, position: usize) -> Result<Section, DecodeError> {
        if id == UsPrivacy::SECTION {
            return UsPrivacy::parse_any_version(text)
                .map(Section::UsPrivacy)
                .ok_or_else(|| DecodeErrorKind::UsPrivacy.at(position));
        }
        match UsSection::decode(id, text, position) {
            Some(section) => section.map(Section::Us),
            None => Ok(Section::Other {
                id,
                text: text.to_owned(),
            }),
        }
    }

    fn encode(&self, text: &mut String, unstable: bool) -> Result<(), EncodeError> {
        match self {
            Section::UsPrivacy(privacy) if privacy.version() != UsPrivacy::VERSION => {
                Err(EncodeErrorKind::Version.of(UsPrivacy::SECTION))
            }
            Section::UsPrivacy(privacy) => write_text(text, UsPrivacy::SECTION, &privacy.to_text()),
            Section::Us(section) if section.layout().is_unstable() && !unstable => {
                Err(EncodeErrorKind::Unstable.of(section.layout().id))
            }
            Section::Us(section) => {
                text.push('~');
                section.encode(text)
            }
            Section::Other { id, .. } if *id == UsPrivacy::SECTION || Layout::of(*id).is_some() => {
                Err(EncodeErrorKind::SectionId.of(*id))
            }
            Section::Other { id, text: other } => write_text(text, *id, other),
        }
    }
}

/// A GPP string, taken apart: sections in ascending order, one of each number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gpp {
    sections: Vec<Section>,
}

impl Gpp {
    /// A string without sections, `DBAA`.
    pub fn new() -> Gpp {
        Gpp::default()
    }

    /// Reads a GPP string, in either padding. Values that may not be written, sub-sections of
    /// unknown type and unexpected versions are read all the same.
    ///
    /// # Errors
    ///
    /// Names a mistake and where it is.
    pub fn decode(text: &str) -> Result<Gpp, DecodeError> {
        let parts = split(text)?;
        let listed: usize = parts.iter().map(|(_, part)| part.len() + 1).sum();
        let mut position = text.len() - listed;
        let mut sections = Vec::with_capacity(parts.len());
        for (id, part) in parts {
            position += 1;
            sections.push(Section::decode(id, part, position)?);
            position += part.len();
        }
        Ok(Gpp { sections })
    }

    /// Writes the string, padded as the IAB's libraries do.
    ///
    /// # Errors
    ///
    /// If a value is one that may not be written, or a section is one of 24 to 27: see
    /// [`Gpp::encode_unstable`].
    pub fn encode(&self) -> Result<String, EncodeError> {
        self.write(false)
    }

    /// The same, with sections 24 to 27 (Maryland, Indiana, Kentucky, Rhode Island) in the form of
    /// the IAB's libraries.
    ///
    /// The published text of these sections begins with a header of its own, which the libraries
    /// neither write nor read, and which cannot be written as the text says. What is written today
    /// may be unreadable tomorrow, or read as something else; so nothing writes them unless asked
    /// to here.
    ///
    /// # Errors
    ///
    /// If a value is one that may not be written.
    pub fn encode_unstable(&self) -> Result<String, EncodeError> {
        self.write(true)
    }

    fn write(&self, unstable: bool) -> Result<String, EncodeError> {
        let ids: Vec<u32> = self.ids().collect();
        // Header and sections rarely have more letters each.
        let mut text = String::with_capacity(16 * (ids.len() + 1));
        write_header(&mut text, &ids)?;
        for section in &self.sections {
            section.encode(&mut text, unstable)?;
        }
        Ok(text)
    }

    /// The sections, in order.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// Their numbers, in order.
    pub fn ids(&self) -> impl Iterator<Item = u32> {
        self.sections.iter().map(Section::id)
    }

    /// The section of a number.
    pub fn section(&self, id: u32) -> Option<&Section> {
        let place = self.place(id).ok()?;
        self.sections.get(place)
    }

    /// The US section, 7 to 27, of a prefix.
    pub fn us_section(&self, prefix: &str) -> Option<&UsSection> {
        match self.section(Layout::of_prefix(prefix)?.id)? {
            Section::Us(section) => Some(section),
            _ => None,
        }
    }

    /// Puts a section in, in place of one of the same number.
    pub fn insert(&mut self, section: Section) {
        match self.place(section.id()) {
            Ok(place) => self.sections[place] = section,
            Err(place) => self.sections.insert(place, section),
        }
    }

    /// Takes a section out.
    pub fn remove(&mut self, id: u32) -> Option<Section> {
        let place = self.place(id).ok()?;
        Some(self.sections.remove(place))
    }

    fn place(&self, id: u32) -> Result<usize, usize> {
        self.sections.binary_search_by_key(&id, Section::id)
    }
}

impl From<UsSection> for Section {
    fn from(section: UsSection) -> Section {
        Section::Us(section)
    }
}

impl From<UsPrivacy> for Section {
    fn from(privacy: UsPrivacy) -> Section {
        Section::UsPrivacy(privacy)
    }
}
