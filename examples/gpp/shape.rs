//! The JSON shape of a GPP string, out and in.

use nosale::gpp::{EncodeError, Field, Gpp, Layout, Section, SubSection, UsPrivacy, UsSection};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

const SECTION_IDS: &str = "sectionIds";
const SECTIONS: &str = "sections";
const OTHER_SECTIONS: &str = "otherSections";
const GPC_SEGMENT: &str = "gpcSegment";
const GPC: &str = "Gpc";
const SENSITIVE_SEGMENT: &str = "sensitiveSegment";
const OTHER_SEGMENTS: &str = "otherSegments";
const VERSION: &str = "Version";
const MSPA_VERSION: &str = "MspaVersion";

/// A string, to be shown.
pub struct Decoded<'a>(pub &'a Gpp);

impl Serialize for Decoded<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let gpp = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(SECTION_IDS, &gpp.ids().collect::<Vec<_>>())?;
        map.serialize_entry(SECTIONS, &Known(gpp))?;
        let is_other = |section: &Section| matches!(section, Section::Other { .. });
        if gpp.sections().iter().any(is_other) {
            map.serialize_entry(OTHER_SECTIONS, &Others(gpp))?;
        }
        map.end()
    }
}

struct Known<'a>(&'a Gpp);

impl Serialize for Known<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for section in self.0.sections() {
            match section {
                Section::UsPrivacy(privacy) => {
                    map.serialize_entry(UsPrivacy::PREFIX, &Privacy(privacy))?;
                }
                Section::Us(section) => {
                    map.serialize_entry(section.layout().prefix, &Fields(section))?;
                }
                Section::Other { .. } => {}
            }
        }
        map.end()
    }
}

struct Others<'a>(&'a Gpp);

impl Serialize for Others<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let others = self
            .0
            .sections()
            .iter()
            .filter_map(|section| match section {
                Section::Other { id, text } => Some((id, text)),
                _ => None,
            });
        serializer.collect_map(others)
    }
}

struct Privacy<'a>(&'a UsPrivacy);

/// The letters' fields, in the order of the letters.
const PRIVACY_FIELDS: [&str; 3] = ["Notice", "OptOutSale", "LspaCovered"];

impl Serialize for Privacy<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.to_text();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(VERSION, &self.0.version())?;
        for (field, letter) in PRIVACY_FIELDS.into_iter().zip(text.chars().skip(1)) {
            map.serialize_entry(field, &letter)?;
        }
        map.end()
    }
}

struct Fields<'a>(&'a UsSection);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let section = self.0;
        let mut map = serializer.serialize_map(None)?;
        for (number, (place, values)) in section.fields().enumerate() {
            if number == section.layout().core.len() {
                map.serialize_entry(SENSITIVE_SEGMENT, &true)?;
            }
            match values {
                [value] => map.serialize_entry(place.field.name(), value)?,
                list => map.serialize_entry(place.field.name(), list)?,
            }
        }
        match section.layout().sub_section {
            SubSection::Gpc => map.serialize_entry(GPC_SEGMENT, &section.gpc().is_some())?,
            SubSection::Sensitive(place) if section.get(place.field).is_none() => {
                map.serialize_entry(SENSITIVE_SEGMENT, &false)?;
            }
            _ => {}
        }
        if let Some(gpc) = section.gpc() {
            map.serialize_entry(GPC, &gpc)?;
        }
        let others: Vec<&str> = section.other_sub_sections().collect();
        if !others.is_empty() {
            map.serialize_entry(OTHER_SEGMENTS, &others)?;
        }
        map.end()
    }
}

/// What cannot be written, and where in the JSON it stands.
#[derive(Debug)]
pub struct Mistake {
    /// What is wrong.
    pub error: String,
    /// Such as `sections.usca.SaleOptOut`.
    pub path: String,
}

impl Mistake {
    fn new(error: &str, path: &[&str]) -> Mistake {
        Mistake {
            error: error.to_owned(),
            path: path.join("."),
        }
    }
}

impl From<EncodeError> for Mistake {
    fn from(error: EncodeError) -> Mistake {
        let id = error.section.to_string();
        let mut path = match Layout::of(error.section) {
            Some(layout) => vec![SECTIONS, layout.prefix],
            None if error.section == UsPrivacy::SECTION => vec![SECTIONS, UsPrivacy::PREFIX],
            None => vec![OTHER_SECTIONS, &id],
        };
        path.extend(error.field.map(Field::name));
        Mistake::new(error.kind.message(), &path)
    }
}

/// The inverse of [`Decoded`].
pub fn read(value: &Value) -> Result<Gpp, Mistake> {
    let mut gpp = Gpp::new();
    let root = object(value, &[])?;
    known_keys(root, &[SECTION_IDS, SECTIONS, OTHER_SECTIONS], &[])?;
    let sections = root
        .get(SECTIONS)
        .ok_or_else(|| Mistake::new("missing", &[SECTIONS]))?;
    for (prefix, value) in object(sections, &[SECTIONS])? {
        let path = [SECTIONS, prefix];
        let members = object(value, &path)?;
        gpp.insert(if prefix == UsPrivacy::PREFIX {
            privacy(members, &path)?.into()
        } else {
            us_section(prefix, members)?.into()
        });
    }
    if let Some(others) = root.get(OTHER_SECTIONS) {
        for (id, text) in object(others, &[OTHER_SECTIONS])? {
            let path = [OTHER_SECTIONS, id];
            let text = text
                .as_str()
                .ok_or_else(|| Mistake::new("not a text", &path))?;
            let number = id
                .parse()
                .map_err(|_| Mistake::new("not a section's number", &path))?;
            if gpp.section(number).is_some() {
                return Err(Mistake::new("a section that is there already", &path));
            }
            gpp.insert(Section::Other {
                id: number,
                text: text.to_owned(),
            });
        }
    }
    Ok(gpp)
}

fn privacy(members: &Map<String, Value>, path: &[&str]) -> Result<UsPrivacy, Mistake> {
    let [notice, opt_out_sale, lspa_covered] = PRIVACY_FIELDS;
    known_keys(
        members,
        &[VERSION, notice, opt_out_sale, lspa_covered],
        path,
    )?;
    let mut text = members.get(VERSION).unwrap_or(&Value::Null).to_string();
    for field in PRIVACY_FIELDS {
        text += members.get(field).and_then(Value::as_str).unwrap_or("?");
    }
    UsPrivacy::parse(&text).ok_or_else(|| {
        Mistake::new(
            "takes Version 1, and \"Y\", \"N\" or \"-\" in Notice, OptOutSale, LspaCovered",
            path,
        )
    })
}

fn us_section(prefix: &str, members: &Map<String, Value>) -> Result<UsSection, Mistake> {
    let path = [SECTIONS, prefix];
    let newest = Layout::of_prefix(prefix).ok_or_else(|| Mistake::new("no such section", &path))?;
    let version = [VERSION, MSPA_VERSION]
        .iter()
        .find_map(|name| members.get(*name)?.as_u64());
    let layout = version
        .and_then(|version| Layout::of_version(newest.id, u8::try_from(version).ok()?))
        .unwrap_or(newest);
    let mut section = UsSection::new(layout);
    for place in layout.core {
        let name = place.field.name();
        if !members.contains_key(name) {
            return Err(Mistake::new("missing", &[SECTIONS, prefix, name]));
        }
    }
    for (name, value) in members {
        let path = [SECTIONS, prefix, name];
        match name.as_str() {
            GPC_SEGMENT if layout.has_gpc() => {
                agree(value, members.contains_key(GPC), &path)?;
            }
            SENSITIVE_SEGMENT if matches!(layout.sub_section, SubSection::Sensitive(_)) => {
                let there = members.contains_key(Field::SensitiveDataProcessing.name());
                agree(value, there, &path)?;
            }
            GPC => section.set_gpc(Some(flag(value, &path)?))?,
            OTHER_SEGMENTS => {}
            name => {
                let field = Field::from_name(name)
                    .ok_or_else(|| Mistake::new("the section has no such field", &path))?;
                section.set(field, &values(layout, field, value, &path)?)?;
            }
        }
    }
    // Last: whether one of them would be taken for a segment of the table hangs on the others.
    for text in members.get(OTHER_SEGMENTS).into_iter().flat_map(list) {
        section.push_other_sub_section(text.as_str().unwrap_or_default())?;
    }
    Ok(section)
}

/// The segment's flag must say what its fields say.
fn agree(value: &Value, there: bool, path: &[&str]) -> Result<(), Mistake> {
    if flag(value, path)? == there {
        return Ok(());
    }
    Err(Mistake::new(
        "does not agree with the segment's field",
        path,
    ))
}

fn flag(value: &Value, path: &[&str]) -> Result<bool, Mistake> {
    value
        .as_bool()
        .ok_or_else(|| Mistake::new("neither true nor false", path))
}

/// A number for a field of one value, a list for one of several.
fn values(layout: &Layout, field: Field, value: &Value, path: &[&str]) -> Result<Vec<u8>, Mistake> {
    let single = layout
        .core
        .iter()
        .any(|place| place.field == field && place.count == 1);
    if single == value.is_array() {
        let expected = if single {
            "takes a number"
        } else {
            "takes a list of numbers"
        };
        return Err(Mistake::new(expected, path));
    }
    let number = |value: &Value| value.as_u64().and_then(|number| u8::try_from(number).ok());
    list(value)
        .iter()
        .map(|value| number(value).ok_or_else(|| Mistake::new("takes small whole numbers", path)))
        .collect()
}

fn list(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        one => std::slice::from_ref(one),
    }
}

fn object<'a>(value: &'a Value, path: &[&str]) -> Result<&'a Map<String, Value>, Mistake> {
    value
        .as_object()
        .ok_or_else(|| Mistake::new("not an object", path))
}

fn known_keys(members: &Map<String, Value>, known: &[&str], path: &[&str]) -> Result<(), Mistake> {
    match members.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(Mistake::new("an unknown key", &[path, &[key]].concat())),
        None => Ok(()),
    }
}
