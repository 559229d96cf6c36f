//! The header, and the texts of the sections that it lists.

use super::bits::{self, BitReader, BitWriter};
use super::error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind};

const HEADER_TYPE: u16 = 3;
const HEADER_VERSION: u16 = 1;
const RUNS_BITS: u8 = 12;

/// Splits a GPP string into its sections, each with its number, and looks into none of them.
///
/// With [`join`], for who passes on another tool's sections exactly as they are, valid or not:
///
/// ```
/// use nosale::gpp::{join, split};
///
/// let mut sections = split("DBACNYA~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA~1YNN")?;
/// assert_eq!(sections[1], (6, "1YNN"));
/// sections[1].1 = "1YYN";
/// let text = join(&sections)?;
/// assert_eq!(text, "DBACNYA~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA~1YYN");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// If the header cannot be read, if other sections follow than it lists, or if a section is empty
/// or has a character that is neither in the alphabet nor a dot.
pub fn split(text: &str) -> Result<Vec<(u32, &str)>, DecodeError> {
    let mut parts = text.split('~');
    let header = parts.next().unwrap_or_default();
    let end = header.len();
    let mut reader = header_ids(header)?;
    let mut position = end + 1;
    let mut section = || -> Option<(&str, usize)> {
        let part = parts.next()?;
        let start = position;
        position += part.len() + 1;
        Some((part, start))
    };
    let mut sections = Vec::new();
    let runs = reader.number(RUNS_BITS).map_err(|kind| kind.at(end))?;
    let mut last = 0;
    for _ in 0..runs {
        let (first, next) = read_run(&mut reader, last).map_err(|kind| kind.at(end))?;
        // A short header can list many; none is taken that does not follow.
        for id in first..=next {
            let (part, start) =
                section().ok_or_else(|| DecodeErrorKind::SectionMissing.at(text.len()))?;
            if part.is_empty() {
                return Err(DecodeErrorKind::EmptySection.at(start));
            }
            if let Some(place) = foreign(part) {
                return Err(DecodeErrorKind::Character.at(start + place));
            }
            sections.push((id, part));
        }
        last = next;
    }
    match section() {
        Some((_, start)) => Err(DecodeErrorKind::SectionUnlisted.at(start - 1)),
        None => Ok(sections),
    }
}

/// Puts sections together: the inverse of [`split`].
///
/// # Errors
///
/// If the sections are not in ascending order, one of each number, or if a text is empty or has a
/// character that is neither in the alphabet nor a dot.
pub fn join(sections: &[(u32, &str)]) -> Result<String, EncodeError> {
    let ids: Vec<u32> = sections.iter().map(|(id, _)| *id).collect();
    let mut joined = String::new();
    write_header(&mut joined, &ids)?;
    for (id, text) in sections {
        write_text(&mut joined, *id, text)?;
    }
    Ok(joined)
}

/// Writes the header that lists `ids`.
pub(super) fn write_header(text: &mut String, ids: &[u32]) -> Result<(), EncodeError> {
    let mut last = 0;
    for id in ids {
        if *id == 0 {
            return Err(EncodeErrorKind::SectionId.of(0));
        }
        if *id <= last {
            return Err(EncodeErrorKind::Order.of(*id));
        }
        last = *id;
    }
    let runs = || ids.chunk_by(|one, next| next - one == 1);
    let count = runs().count();
    if count >> RUNS_BITS != 0 {
        return Err(EncodeErrorKind::TooMany.of(last));
    }
    let mut writer = BitWriter::new(text);
    writer.number(HEADER_TYPE, 6);
    writer.number(HEADER_VERSION, 6);
    writer.number(count as u16, RUNS_BITS);
    let mut last = 0;
    for run in runs() {
        let (first, next) = (run[0], run[run.len() - 1]);
        writer.number(u16::from(next > first), 1);
        writer.fibonacci(first - last);
        if next > first {
            writer.fibonacci(next - first);
        }
        last = next;
    }
    writer.finish();
    Ok(())
}

/// Writes a section that is passed on as it is.
pub(super) fn write_text(joined: &mut String, id: u32, text: &str) -> Result<(), EncodeError> {
    if text.is_empty() || foreign(text).is_some() {
        return Err(EncodeErrorKind::Text.of(id));
    }
    joined.push('~');
    joined.push_str(text);
    Ok(())
}

/// Reads a header up to the numbers of its sections.
fn header_ids(header: &str) -> Result<BitReader<'_>, DecodeError> {
    let first = header.bytes().next().and_then(bits::value);
    if first.is_some_and(|first| u16::from(first) != HEADER_TYPE) {
        return Err(DecodeErrorKind::NotGpp.at(0));
    }
    if let Some(place) = bits::foreign(header) {
        return Err(DecodeErrorKind::Character.at(place));
    }
    let cut_short = |kind: DecodeErrorKind| kind.at(header.len());
    let mut reader = BitReader::new(header);
    reader.number(6).map_err(cut_short)?;
    if reader.number(6).map_err(cut_short)? != HEADER_VERSION {
        return Err(DecodeErrorKind::HeaderVersion.at(1));
    }
    Ok(reader)
}

/// The first and the last number of a run, or one number twice.
fn read_run(reader: &mut BitReader<'_>, last: u32) -> Result<(u32, u32), DecodeErrorKind> {
    let many = reader.number(1)? == 1;
    let mut later = |than: u32| {
        than.checked_add(reader.fibonacci()?)
            .ok_or(DecodeErrorKind::SectionId)
    };
    let first = later(last)?;
    let next = if many { later(first)? } else { first };
    Ok((first, next))
}

/// The place of the first character that no section has.
fn foreign(text: &str) -> Option<usize> {
    text.bytes()
        .position(|letter| letter != b'.' && bits::value(letter).is_none())
}
