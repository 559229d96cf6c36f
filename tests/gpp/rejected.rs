//! What is refused, with its place; and what is read although it would not be written.

use nosale::gpp::{DecodeErrorKind as Kind, Field, Gpp, Section, join};

use crate::data::{items, text, vectors};

#[test]
fn each_string_of_the_reject_list_is_refused() {
    let vectors = vectors();
    for vector in items(&vectors, "rejected") {
        let string = text(vector, "gpp");
        let error = Gpp::decode(string).expect_err(string);
        assert!(error.position <= string.len(), "{string}");
    }
}

#[test]
fn each_error_names_its_kind_and_place() {
    for (string, kind, position) in [
        ("", Kind::CutShort, 0),
        ("D", Kind::CutShort, 1),
        ("DBA", Kind::CutShort, 3),
        ("DBAB", Kind::CutShort, 4),
        ("DBAA~", Kind::SectionUnlisted, 4),
        ("z", Kind::NotGpp, 0),
        ("1YNN", Kind::NotGpp, 0),
        ("CPXxRfAPXxRfAAfKABENB.YAAA", Kind::NotGpp, 0),
        ("DCABBg~BAAAAABA.QA", Kind::HeaderVersion, 1),
        ("DBABgA~BAAAAABA", Kind::UnendedNumber, 6),
        ("DBABBg==~BAAAAABA.QA", Kind::Character, 6),
        ("DBABBg.YA~BAAAAABA.QA", Kind::Character, 6),
        ("DBABBg+~BAAAAABA.QA", Kind::Character, 6),
        (" DBABBg~BAAAAABA.QA", Kind::Character, 0),
        ("\u{e9}", Kind::Character, 0),
        ("DBABTA", Kind::SectionMissing, 6),
        ("DBACNYA~1YNN", Kind::SectionMissing, 12),
        ("DBABTA~1YNN~1YNN", Kind::SectionUnlisted, 11),
        ("DBABTA~", Kind::EmptySection, 7),
        ("DBACNYA~~1YNN", Kind::EmptySection, 8),
        ("DBABTA~1YN", Kind::UsPrivacy, 7),
        ("DBABTA~1ynn", Kind::UsPrivacy, 7),
        ("DBABTA~1YNN.YA", Kind::UsPrivacy, 7),
        ("DBABBg~BAAAAABA!.QA", Kind::Character, 15),
        ("DBABBg~BAAAAABA.Q=", Kind::Character, 17),
        ("DBABBg~BAAAAABA.QA\n", Kind::Character, 18),
        ("DBABBg~BAA\u{e9}AABA.QA", Kind::Character, 10),
        ("DBABMA~CP/x", Kind::Character, 9),
        ("DBABBg~BAAA", Kind::CutShort, 11),
        ("DBABBg~BAAA.QA", Kind::CutShort, 11),
        ("DBACTMA~1YNN~BAAA", Kind::CutShort, 17),
        // 9 letters are too few for either version of usnat.
        ("DBABLA~BAAAAAAAA", Kind::CutShort, 16),
        ("DBABBg~.QA", Kind::EmptySubSection, 7),
        ("DBABBg~BAAAAABA.", Kind::EmptySubSection, 16),
        ("DBABBg~BAAAAABA.QA.", Kind::EmptySubSection, 19),
        ("DBABBg~BAAAAABA..QA", Kind::EmptySubSection, 16),
        ("DBABUYA~BQAA.AA", Kind::CutShort, 15),
    ] {
        let error = Gpp::decode(string).expect_err(string);
        assert_eq!((error.kind, error.position), (kind, position), "{string:?}");
        assert_eq!(error.to_string(), kind.message());
    }
}

/// Fibonacci numbers of 33 bits and more, and sums of them.
#[test]
fn a_section_number_that_is_too_large_is_refused() {
    let largest = join(&[(u32::MAX, "A")]).unwrap();
    assert_eq!(
        Gpp::decode(&largest).unwrap().ids().collect::<Vec<_>>(),
        [u32::MAX]
    );
    // Header, one single number, 60 or 6000 zeros, then `11`.
    for zeros in [10, 1000] {
        let long = format!("DBAB{}wA~A", "A".repeat(zeros));
        assert_eq!(Gpp::decode(&long).unwrap_err().kind, Kind::SectionId);
    }
}

/// A header can claim billions of sections in a few letters; none is made room for.
#[test]
fn a_run_of_billions_costs_nothing() {
    let mut ids = String::new();
    // One run, from 1, and the Fibonacci number of 45 places after it.
    ids.push_str("DBAB");
    let bits = format!("1{}{}11", "11", "0".repeat(43));
    for chunk in bits.as_bytes().chunks(6) {
        let value = chunk
            .iter()
            .chain(b"000000")
            .take(6)
            .fold(0u8, |value, bit| value << 1 | (bit - b'0'));
        ids.push(char::from(
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[usize::from(value)],
        ));
    }
    let error = Gpp::decode(&format!("{ids}~BAAA~BAAA")).unwrap_err();
    assert_eq!(error.kind, Kind::SectionMissing);
}

#[test]
fn values_types_and_versions_that_are_never_written_are_read() {
    let section = |text: &str| match Gpp::decode(text).unwrap().sections() {
        [Section::Us(section)] => section.clone(),
        other => panic!("{other:?}"),
    };
    // From the reference library's tests: a 3 in SensitiveDataLimitUseNotice.
    let three = section("DBABBg~BbYbGwXY.YA");
    assert_eq!(
        three.get(Field::SensitiveDataLimitUseNotice),
        Some(&[3][..])
    );
    // Version 2 of a section that has version 1 only.
    let version = section("DBABBg~CAAAAABA.QA");
    assert_eq!(version.get(Field::Version), Some(&[2][..]));
    // A sub-section of type 2 says nothing about the signal, whatever its third bit.
    let other = section("DBABBg~BVUAAACA.oA");
    assert_eq!(other.gpc(), None);
    assert_eq!(other.other_sub_sections().collect::<Vec<_>>(), ["oA"]);
    assert_eq!(section("DBABBg~BVUAAACA.oA.YA").gpc(), Some(true));
    // Twice the signal: the first counts.
    let twice = section("DBABBg~BVUAAACA.YA.QA");
    assert_eq!(twice.gpc(), Some(true));
    // Virginia has no signal; what is there is kept.
    let virginia = section("DBABRg~BVWSSVY.YA");
    assert_eq!(virginia.gpc(), None);
    assert_eq!(virginia.other_sub_sections().collect::<Vec<_>>(), ["YA"]);
    // Bits behind the layout, in header and core.
    assert_eq!(
        section("DBABBgAAA~BVUAAACA"),
        section("DBABBg~BVUAAACAAAAA_A")
    );
    // Another version of the US Privacy string.
    assert!(matches!(
        Gpp::decode("DBABTA~2YNN").unwrap().sections(),
        [Section::UsPrivacy(privacy)] if privacy.version() == 2
    ));
}

/// Told apart by length alone: 10 and 11 letters are version 1, 12 and more version 2.
#[test]
fn usnat_has_the_layout_of_its_length() {
    for (text, version, layout) in [
        ("DBABLA~BVVVkkkkkg", 1, 1),
        ("DBABLA~BVVVkkkkkgA.YA", 1, 1),
        ("DBABLA~CVVVkkkkkg.YA", 2, 1),
        ("DBABLA~CVVVkkkkkpFY.YA", 2, 2),
        ("DBABLA~BVVVkkkkkpFYA", 1, 2),
    ] {
        let gpp = Gpp::decode(text).unwrap();
        let section = gpp.us_section("usnat").unwrap();
        assert_eq!(section.layout().version, layout, "{text}");
        assert_eq!(section.get(Field::Version), Some(&[version][..]), "{text}");
        assert_eq!(gpp.encode().is_ok(), version == layout, "{text}");
    }
}
