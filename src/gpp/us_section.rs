//! A US section: its values, and how they are read and written by its row of the table.

use std::ops::Range;

use super::bits::{self, BitReader, BitWriter};
use super::error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind};
use super::field::Field;
use super::layout::{Layout, MAX_VALUES, Place, SubSection};

/// The type that a GPC sub-section begins with, in [`TYPE_BITS`] bits.
const GPC_TYPE: u16 = 1;
const TYPE_BITS: u8 = 2;

/// What a section says about a visitor.
///
/// ```
/// use nosale::gpp::{Field, UsSection};
///
/// let mut section = UsSection::of_prefix("usca").expect("a section of the table");
/// section.set(Field::SaleOptOut, &[1])?;
/// section.set(Field::SensitiveDataProcessing, &[0, 0, 1, 0, 0, 0, 0, 0, 0])?;
/// section.set_gpc(Some(true))?;
/// assert_eq!(section.get(Field::SaleOptOut), Some(&[1][..]));
/// // California's section has no such field: there, sharing covers it.
/// assert_eq!(section.get(Field::TargetedAdvertisingOptOut), None);
/// assert!(section.set(Field::TargetedAdvertisingOptOut, &[1]).is_err());
/// # Ok::<(), nosale::gpp::EncodeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsSection {
    layout: &'static Layout,
    /// In the layout's order; zero behind its last field.
    values: [u8; MAX_VALUES],
    gpc: Option<bool>,
    /// Whether a sub-section of sensitive data is there.
    sensitive: bool,
    /// Sub-sections that no row describes, as they were, with dots between them.
    others: String,
}

impl UsSection {
    /// A section in which nothing is said: the layout's version, 2 in `MspaCoveredTransaction` (not
    /// a transaction under the IAB's contract), 0 elsewhere, no sub-section.
    pub fn new(layout: &'static Layout) -> UsSection {
        let mut section = UsSection {
            layout,
            values: [0; MAX_VALUES],
            gpc: None,
            sensitive: false,
            others: String::new(),
        };
        let mut next = 0;
        for place in layout.core {
            if place.field.is_version() {
                section.values[next] = layout.version;
            } else if place.field == Field::MspaCoveredTransaction {
                section.values[next] = 2;
            }
            next += usize::from(place.count);
        }
        section
    }

    /// The same, in the newest version of the section with this prefix.
    pub fn of_prefix(prefix: &str) -> Option<UsSection> {
        Layout::of_prefix(prefix).map(UsSection::new)
    }

    /// The row of the table that the section follows.
    pub fn layout(&self) -> &'static Layout {
        self.layout
    }

    /// A field's values; `None` if the section has no such field, or its sub-section is not there.
    pub fn get(&self, field: Field) -> Option<&[u8]> {
        let (_, range) = self.find(field)?;
        let absent = range.start >= self.core_values() && !self.sensitive;
        if absent { None } else { self.values.get(range) }
    }

    /// The fields that are there, in order, and their values.
    pub fn fields(&self) -> impl Iterator<Item = (&'static Place, &[u8])> {
        let mut next = 0;
        self.layout.places().filter_map(move |place| {
            let start = next;
            next += usize::from(place.count);
            let absent = start >= self.core_values() && !self.sensitive;
            (!absent).then(|| (place, &self.values[start..next]))
        })
    }

    /// Sets a field. One of a sub-section is there from then on.
    ///
    /// # Errors
    ///
    /// If the section has no such field, if it takes another number of values, or if it never has
    /// such a value.
    pub fn set(&mut self, field: Field, values: &[u8]) -> Result<(), EncodeError> {
        let wrong = |kind: EncodeErrorKind| Err(kind.of_field(self.layout.id, field));
        let Some((place, range)) = self.find(field) else {
            return wrong(EncodeErrorKind::NoSuchField);
        };
        if values.len() != range.len() {
            return wrong(EncodeErrorKind::Count);
        }
        self.check(place, values)?;
        if range.start >= self.core_values() {
            self.sensitive = true;
        }
        self.values[range].copy_from_slice(values);
        Ok(())
    }

    /// The browser's signal; `None` if the section does not say.
    pub fn gpc(&self) -> Option<bool> {
        self.gpc
    }

    /// Says what the browser's signal was, or with `None` that nobody looked.
    ///
    /// # Errors
    ///
    /// If the section cannot carry the signal, as those of Virginia, Utah and Florida.
    pub fn set_gpc(&mut self, gpc: Option<bool>) -> Result<(), EncodeError> {
        if gpc.is_some() && !self.layout.has_gpc() {
            return Err(EncodeErrorKind::NoSuchField.of(self.layout.id));
        }
        self.gpc = gpc;
        Ok(())
    }

    /// Sub-sections that no row describes. They are written as they were read.
    pub fn other_sub_sections(&self) -> impl Iterator<Item = &str> {
        self.others.split('.').filter(|text| !text.is_empty())
    }

    /// Adds a sub-section that no row describes.
    ///
    /// # Errors
    ///
    /// If it is empty, has foreign characters, or would be read as one that a row describes.
    pub fn push_other_sub_section(&mut self, text: &str) -> Result<(), EncodeError> {
        let described = match self.layout.sub_section {
            SubSection::None => false,
            SubSection::Gpc => read_gpc(text).is_some(),
            SubSection::Sensitive(_) => !self.sensitive,
        };
        if text.is_empty() || described || bits::foreign(text).is_some() {
            return Err(EncodeErrorKind::Text.of(self.layout.id));
        }
        if !self.others.is_empty() {
            self.others.push('.');
        }
        self.others.push_str(text);
        Ok(())
    }

    /// Reads the text of section `id`, which begins at `position` of the whole string; its
    /// characters were checked. `None` if no row describes the section.
    pub(super) fn decode(
        id: u32,
        text: &str,
        mut position: usize,
    ) -> Option<Result<UsSection, DecodeError>> {
        let mut parts = text.split('.');
        let core = parts.next().unwrap_or_default();
        let mut section = UsSection::new(Layout::for_reading(id, bits::len(core))?);
        let mut read = section.read_core(core, position);
        position += core.len();
        for part in parts {
            position += 1;
            read = read.and_then(|()| section.read_sub_section(part, position));
            position += part.len();
        }
        Some(read.map(|()| section))
    }

    fn read_core(&mut self, text: &str, position: usize) -> Result<(), DecodeError> {
        not_empty(text, position)?;
        read_values(self.layout.core, text, &mut self.values)
            .map_err(|kind| kind.at(position + text.len()))
    }

    fn read_sub_section(&mut self, text: &str, position: usize) -> Result<(), DecodeError> {
        not_empty(text, position)?;
        match &self.layout.sub_section {
            SubSection::Gpc => {
                // One that is there twice counts once: the first, as for the reference library.
                if let Some(gpc) = read_gpc(text) {
                    self.gpc = self.gpc.or(Some(gpc));
                    return Ok(());
                }
            }
            SubSection::Sensitive(place) if !self.sensitive => {
                self.sensitive = true;
                let start = self.core_values();
                return read_values(&[*place], text, &mut self.values[start..])
                    .map_err(|kind| kind.at(position + text.len()));
            }
            _ => {}
        }
        self.push_other_sub_section(text)
            .map_err(|_| DecodeErrorKind::Character.at(position))
    }

    /// Writes the section's text.
    pub(super) fn encode(&self, text: &mut String) -> Result<(), EncodeError> {
        let mut writer = BitWriter::new(text);
        for (number, (place, values)) in self.fields().enumerate() {
            if number == self.layout.core.len() {
                writer.finish();
                text.push('.');
                writer = BitWriter::new(text);
            }
            self.check(place, values)?;
            for value in values {
                writer.number(u16::from(*value), place.field.bits());
            }
        }
        writer.finish();
        if let Some(gpc) = self.gpc {
            text.push('.');
            let mut writer = BitWriter::new(text);
            writer.number(GPC_TYPE, TYPE_BITS);
            writer.number(u16::from(gpc), 1);
            writer.finish();
        }
        if !self.others.is_empty() {
            text.push('.');
            text.push_str(&self.others);
        }
        Ok(())
    }

    fn check(&self, place: &Place, values: &[u8]) -> Result<(), EncodeError> {
        let version = self.layout.version;
        if values
            .iter()
            .all(|value| place.field.permits(*value, version))
        {
            return Ok(());
        }
        let kind = if place.field.is_version() {
            EncodeErrorKind::Version
        } else {
            EncodeErrorKind::Value
        };
        Err(kind.of_field(self.layout.id, place.field))
    }

    fn find(&self, field: Field) -> Option<(&'static Place, Range<usize>)> {
        let mut next = 0;
        for place in self.layout.places() {
            let start = next;
            next += usize::from(place.count);
            if place.field == field {
                return Some((place, start..next));
            }
        }
        None
    }

    fn core_values(&self) -> usize {
        self.layout
            .core
            .iter()
            .map(|place| usize::from(place.count))
            .sum()
    }
}

fn not_empty(text: &str, position: usize) -> Result<(), DecodeError> {
    if text.is_empty() {
        Err(DecodeErrorKind::EmptySubSection.at(position))
    } else {
        Ok(())
    }
}

fn read_values(places: &[Place], text: &str, values: &mut [u8]) -> Result<(), DecodeErrorKind> {
    let mut reader = BitReader::new(text);
    let mut values = values.iter_mut();
    for place in places {
        for value in values.by_ref().take(usize::from(place.count)) {
            *value = reader.number(place.field.bits())? as u8;
        }
    }
    Ok(())
}

/// The signal, if this is a GPC sub-section.
fn read_gpc(text: &str) -> Option<bool> {
    let mut reader = BitReader::new(text);
    if reader.number(TYPE_BITS).ok()? != GPC_TYPE {
        return None;
    }
    Some(reader.number(1).ok()? == 1)
}
