//! What may be set and written, and what is kept as it was.

use nosale::gpp::{
    EncodeErrorKind as Kind, Field, Gpp, LAYOUTS, Layout, Section, UsSection, join, split,
};

/// A consent string of the European framework, a section this library does not look into.
const TCF: &str = "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA.YAAAAAAAAAA";

fn usca() -> UsSection {
    UsSection::of_prefix("usca").unwrap()
}

fn with(section: Section) -> Gpp {
    let mut gpp = Gpp::new();
    gpp.insert(section);
    gpp
}

fn other(id: u32, text: &str) -> Section {
    Section::Other {
        id,
        text: text.to_owned(),
    }
}

/// The worked example of a visitor in California with the signal on, and one without.
#[test]
fn a_new_section_is_what_a_publisher_without_contract_writes() {
    let mut section = usca();
    assert_eq!(
        with(section.clone().into()).encode().unwrap(),
        "DBABBg~BAAAAACA"
    );
    for field in [
        Field::SaleOptOutNotice,
        Field::SharingOptOutNotice,
        Field::SensitiveDataLimitUseNotice,
    ] {
        section.set(field, &[1]).unwrap();
    }
    for (value, gpc, text) in [
        (1, true, "DBABBg~BVUAAACA.YA"),
        (2, false, "DBABBg~BVoAAACA.QA"),
    ] {
        section.set(Field::SaleOptOut, &[value]).unwrap();
        section.set(Field::SharingOptOut, &[value]).unwrap();
        section.set_gpc(Some(gpc)).unwrap();
        assert_eq!(with(section.clone().into()).encode().unwrap(), text);
    }
    for layout in LAYOUTS {
        with(UsSection::new(layout).into())
            .encode_unstable()
            .unwrap();
    }
}

#[test]
fn a_value_that_no_field_has_is_not_set() {
    let mut section = usca();
    let before = section.clone();
    for (field, values, kind) in [
        (Field::SaleOptOut, &[3][..], Kind::Value),
        (Field::SaleOptOut, &[255], Kind::Value),
        (Field::MspaCoveredTransaction, &[0], Kind::Value),
        (Field::MspaCoveredTransaction, &[3], Kind::Value),
        (Field::KnownChildSensitiveDataConsents, &[0, 3], Kind::Value),
        (Field::KnownChildSensitiveDataConsents, &[0], Kind::Count),
        (Field::SaleOptOut, &[], Kind::Count),
        (Field::SaleOptOut, &[1, 1], Kind::Count),
        (Field::Version, &[2], Kind::Version),
        (Field::TargetedAdvertisingOptOut, &[1], Kind::NoSuchField),
    ] {
        let error = section.set(field, values).unwrap_err();
        assert_eq!((error.kind, error.field), (kind, Some(field)));
        assert_eq!(error.section, 8);
        assert!(error.to_string().starts_with("usca."), "{error}");
    }
    assert_eq!(section, before);
    let mut virginia = UsSection::of_prefix("usva").unwrap();
    assert_eq!(
        virginia.set_gpc(Some(true)).unwrap_err().kind,
        Kind::NoSuchField
    );
    virginia.set_gpc(None).unwrap();
}

/// As lenient on reading as the reference library, never on writing.
#[test]
fn what_may_not_be_written_is_not_written_again() {
    for (text, kind, field) in [
        (
            "DBABBg~BbYbGwXY.YA",
            Kind::Value,
            Some(Field::SensitiveDataLimitUseNotice),
        ),
        ("DBABBg~CAAAAABA.QA", Kind::Version, Some(Field::Version)),
        (
            "DBABBg~BAAAAAAA.QA",
            Kind::Value,
            Some(Field::MspaCoveredTransaction),
        ),
        ("DBABTA~2YNN", Kind::Version, None),
    ] {
        let error = Gpp::decode(text).unwrap().encode().unwrap_err();
        assert_eq!((error.kind, error.field), (kind, field), "{text}");
    }
}

#[test]
fn unstable_sections_are_written_on_demand_only() {
    for layout in LAYOUTS {
        let gpp = with(UsSection::new(layout).into());
        let unstable = layout.id >= 24;
        assert_eq!(gpp.encode().is_err(), unstable, "{}", layout.prefix);
        let text = gpp.encode_unstable().unwrap();
        assert_eq!(Gpp::decode(&text).unwrap(), gpp);
    }
}

#[test]
fn sections_it_does_not_know_are_kept_as_they_were() {
    let text = join(&[(2, TCF), (6, "1YNN"), (8, "BVUAAACA.YA"), (99, "a.B..-_")]).unwrap();
    let mut gpp = Gpp::decode(&text).unwrap();
    assert_eq!(gpp.section(2), Some(&other(2, TCF)));
    assert_eq!(gpp.section(99), Some(&other(99, "a.B..-_")));
    assert_eq!(gpp.section(7), None);
    assert_eq!(gpp.encode().unwrap(), text);
    // Another section changes nothing about them.
    gpp.insert(UsSection::of_prefix("usco").unwrap().into());
    gpp.remove(6).unwrap();
    assert_eq!(gpp.remove(6), None);
    let text = gpp.encode().unwrap();
    let parts = split(&text).unwrap();
    assert_eq!(parts[0], (2, TCF));
    assert_eq!(parts[3], (99, "a.B..-_"));
    assert_eq!(
        parts.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
        [2, 8, 10, 99]
    );
}

#[test]
fn a_section_replaces_the_one_of_its_number() {
    let mut gpp = Gpp::new();
    gpp.insert(usca().into());
    let mut section = usca();
    section.set(Field::SaleOptOut, &[1]).unwrap();
    gpp.insert(section.clone().into());
    assert_eq!(gpp.sections(), [Section::Us(section.clone())]);
    assert_eq!(gpp.us_section("usca"), Some(&section));
    assert_eq!(gpp.us_section("usco"), None);
    assert_eq!(gpp.us_section("tcfeuv2"), None);
}

#[test]
fn text_that_would_break_the_string_is_not_written() {
    for (section, kind) in [
        (other(2, ""), Kind::Text),
        (other(2, "a~b"), Kind::Text),
        (other(2, "a=b"), Kind::Text),
        (other(2, "\u{e9}"), Kind::Text),
        (other(0, "A"), Kind::SectionId),
        (other(6, "1YNN"), Kind::SectionId),
        (other(8, "BVUAAACA"), Kind::SectionId),
    ] {
        let id = section.id();
        let error = with(section).encode().unwrap_err();
        assert_eq!((error.kind, error.section), (kind, id));
    }
    assert_eq!(join(&[(2, "")]).unwrap_err().kind, Kind::Text);
    assert_eq!(join(&[(8, "A"), (8, "A")]).unwrap_err().kind, Kind::Order);
    assert_eq!(join(&[(8, "A"), (7, "A")]).unwrap_err().kind, Kind::Order);
    assert_eq!(join(&[(0, "A")]).unwrap_err().kind, Kind::SectionId);
    let many: Vec<(u32, &str)> = (1..=4096).map(|place| (2 * place, "A")).collect();
    assert_eq!(join(&many).unwrap_err().kind, Kind::TooMany);
    let text = join(&many[1..]).unwrap();
    assert_eq!(split(&text).unwrap(), many[1..]);
}

#[test]
fn sub_sections_it_does_not_know_are_kept_as_they_were() {
    for text in [
        "DBABBg~BVUAAACA.YA.oA.gA",
        "DBABBg~BVUAAACA.oA",
        "DBABRg~BVWSSVY.YA.QA",
    ] {
        assert_eq!(Gpp::decode(text).unwrap().encode().unwrap(), text);
    }
    let text = "DBABUYA~BQAA.AAA.kkk";
    assert_eq!(Gpp::decode(text).unwrap().encode_unstable().unwrap(), text);
    let mut section = usca();
    section.push_other_sub_section("gA").unwrap();
    // The last would be read as the signal.
    for text in ["", "a.b", "a~b", "=", "YA"] {
        assert!(section.push_other_sub_section(text).is_err(), "{text}");
    }
    let mut indiana = UsSection::of_prefix("usin").unwrap();
    assert!(indiana.push_other_sub_section("gA").is_err());
    indiana
        .set(Field::SensitiveDataProcessing, &[0; 8])
        .unwrap();
    indiana.push_other_sub_section("gA").unwrap();
}

#[test]
fn fields_come_in_the_layouts_order() {
    for layout in LAYOUTS {
        let section = UsSection::new(layout);
        let fields: Vec<Field> = section.fields().map(|(place, _)| place.field).collect();
        let core: Vec<Field> = layout.core.iter().map(|place| place.field).collect();
        assert_eq!(fields, core, "{}", layout.prefix);
        for (place, values) in section.fields() {
            assert_eq!(section.get(place.field), Some(values));
            assert_eq!(Field::from_name(place.field.name()), Some(place.field));
        }
    }
    assert_eq!(Field::from_name("saleOptOut"), None);
    assert_eq!(Layout::of(7).unwrap().version, 2);
}
