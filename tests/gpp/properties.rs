//! What holds for every string and for every value.

use nosale::gpp::{Gpp, LAYOUTS, Section, UsPrivacy, join, split};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use crate::arbitrary::{gpp, near_miss, us_privacy, us_section};
use crate::shape::{Decoded, read};

/// Reading never panics, and what is read and may be written is the same when read again.
fn check_reading(text: &str) -> Result<(), TestCaseError> {
    match split(text) {
        Ok(parts) => {
            // The sections' texts are the string's own, and only the header can differ.
            let joined = join(&parts).unwrap();
            prop_assert_eq!(split(&joined).unwrap(), parts);
        }
        Err(error) => prop_assert!(error.position <= text.len()),
    }
    match Gpp::decode(text) {
        Err(error) => prop_assert!(error.position <= text.len()),
        Ok(gpp) => {
            let Ok(written) = gpp.encode_unstable() else {
                return Ok(());
            };
            let again = Gpp::decode(&written).unwrap();
            prop_assert_eq!(&again, &gpp);
            prop_assert_eq!(again.encode_unstable().unwrap(), written);
        }
    }
    Ok(())
}

/// The text in the padding of the specification: without the letters that only whole bytes need.
fn six_bit(text: &str) -> String {
    let shorter = |part: &str, bits: usize| part[..bits.div_ceil(6)].to_owned();
    let gpp = Gpp::decode(text).unwrap();
    let mut parts = text.split('~');
    // The header's own length is not known from outside; the vectors cover it.
    let mut short = vec![parts.next().unwrap().to_owned()];
    for (section, part) in gpp.sections().iter().zip(parts) {
        short.push(match section {
            Section::Us(section) => {
                let (core, rest) = part.split_at(part.find('.').unwrap_or(part.len()));
                shorter(core, section.layout().core_bits()) + rest
            }
            _ => part.to_owned(),
        });
    }
    short.join("~")
}

proptest! {
    #[test]
    fn each_section_says_again_what_it_said(
        section in (0..LAYOUTS.len()).prop_flat_map(|row| us_section(&LAYOUTS[row])),
    ) {
        let mut gpp = Gpp::new();
        gpp.insert(section.into());
        let text = gpp.encode_unstable().unwrap();
        prop_assert_eq!(&Gpp::decode(&text).unwrap(), &gpp);
        prop_assert_eq!(&Gpp::decode(&six_bit(&text)).unwrap(), &gpp);
    }

    #[test]
    fn a_whole_string_says_again_what_it_said(gpp in gpp()) {
        let text = gpp.encode_unstable().unwrap();
        prop_assert_eq!(&Gpp::decode(&text).unwrap(), &gpp);
        prop_assert_eq!(&Gpp::decode(&six_bit(&text)).unwrap(), &gpp);
        let unstable = gpp.ids().any(|id| (24..=27).contains(&id));
        prop_assert_eq!(gpp.encode().is_err(), unstable);
    }

    #[test]
    fn each_json_says_again_what_it_said(gpp in gpp()) {
        let shown = serde_json::to_string(&Decoded(&gpp)).unwrap();
        let value: Value = serde_json::from_str(&shown).unwrap();
        prop_assert_eq!(read(&value).unwrap(), gpp);
    }

    #[test]
    fn a_privacy_string_says_again_what_it_said(privacy in us_privacy()) {
        prop_assert_eq!(UsPrivacy::parse(&privacy.to_text()), Some(privacy));
    }

    #[test]
    fn any_list_of_sections_is_split_again(
        ids in prop::collection::btree_set(prop_oneof![1u32..40, 1u32..=u32::MAX], 0..30),
    ) {
        let sections: Vec<(u32, &str)> = ids.into_iter().map(|id| (id, "A.b")).collect();
        let text = join(&sections).unwrap();
        prop_assert_eq!(split(&text).unwrap(), sections);
    }

    #[test]
    fn arbitrary_text_is_read_or_refused(text in "\\PC{0,80}") {
        check_reading(&text)?;
        UsPrivacy::parse(&text);
    }

    #[test]
    fn arbitrary_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..80)) {
        check_reading(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn arbitrary_letters_after_a_header_are_read_or_refused(
        text in "DBA[A-Z]?[A-Za-z0-9_-]{0,6}(~[A-Za-z0-9_.-]{0,14}){0,4}",
    ) {
        check_reading(&text)?;
    }

    #[test]
    fn near_misses_are_read_or_refused(text in near_miss()) {
        check_reading(&text)?;
    }
}
