//! Every string of the reference library, both ways, byte for byte.

use nosale::gpp::{EncodeErrorKind, Field, Gpp, Section, join, split};
use serde_json::{Value, json};

use crate::data::{items, text, vectors};
use crate::shape::{Decoded, read};

fn encode(gpp: &Gpp, vector: &Value) -> String {
    let encoded = gpp.encode();
    if vector["unstableLayout"] != json!(true) {
        return encoded.unwrap();
    }
    assert_eq!(encoded.unwrap_err().kind, EncodeErrorKind::Unstable);
    gpp.encode_unstable().unwrap()
}

#[test]
fn each_vector_is_read_and_written() {
    let vectors = vectors();
    for vector in items(&vectors, "vectors") {
        let id = text(vector, "id");
        let library = text(vector, "gpp");
        let gpp = Gpp::decode(library).unwrap();
        let shown = serde_json::to_value(Decoded(&gpp)).unwrap();
        assert_eq!(
            shown,
            json!({ "sectionIds": vector["sectionIds"], "sections": vector["decoded"] }),
            "{id}"
        );
        assert_eq!(encode(&gpp, vector), library, "{id}");
        let made = read(&json!({ "sections": vector["decoded"] })).unwrap();
        assert_eq!(made, gpp, "{id}");
        assert_eq!(encode(&made, vector), library, "{id}");
    }
}

#[test]
fn each_vector_is_read_in_the_six_bit_padding() {
    let vectors = vectors();
    for vector in items(&vectors, "vectors") {
        let six_bit = text(vector, "gppSixBitPadding");
        let gpp = Gpp::decode(six_bit).unwrap();
        assert_eq!(encode(&gpp, vector), text(vector, "gpp"), "{six_bit}");
    }
}

#[test]
fn each_vector_has_the_sections_texts() {
    let vectors = vectors();
    for vector in items(&vectors, "vectors") {
        let gpp = Gpp::decode(text(vector, "gpp")).unwrap();
        let parts = split(text(vector, "gpp")).unwrap();
        assert_eq!(
            parts.len(),
            vector["sectionStrings"].as_object().unwrap().len()
        );
        for (section, (id, part)) in gpp.sections().iter().zip(parts) {
            assert_eq!(section.id(), id);
            assert_eq!(
                text(&vector["sectionStrings"], section.prefix().unwrap()),
                part
            );
        }
    }
}

#[test]
fn each_header_is_read_and_written() {
    let vectors = vectors();
    for vector in items(&vectors, "headers") {
        let ids: Vec<u32> = serde_json::from_value(vector["sectionIds"].clone()).unwrap();
        let sections: Vec<(u32, &str)> = ids.iter().map(|id| (*id, "BAAA")).collect();
        let written = join(&sections).unwrap();
        assert_eq!(written.split('~').next(), vector["header"].as_str());
        for name in ["header", "headerSixBitPadding"] {
            let text = text(vector, name).to_owned() + &"~BAAA".repeat(ids.len());
            assert_eq!(split(&text).unwrap(), sections, "{text}");
        }
    }
}

/// Strings from the reference library's own tests. The library shows the old `usnat` in the new
/// layout, with 0 where nothing was said.
#[test]
fn each_public_string_says_what_the_library_reads() {
    let vectors = vectors();
    for vector in items(&vectors, "publicTestStrings") {
        let gpp = Gpp::decode(text(vector, "gpp")).unwrap();
        let [Section::Us(section)] = gpp.sections() else {
            panic!("{vector}");
        };
        let flat = vector["libraryFlatSection"].as_object().unwrap();
        let mut seen = 0;
        for (name, value) in flat {
            seen += 1;
            match name.as_str() {
                "Gpc" => assert_eq!(section.gpc().unwrap_or(false), *value, "{vector}"),
                "GpcSegmentType" => assert_eq!(*value, 1),
                name => {
                    let field = Field::from_name(name).unwrap();
                    let mut read = section.get(field).unwrap().to_vec();
                    let library: Vec<u8> = match value {
                        Value::Array(_) => serde_json::from_value(value.clone()).unwrap(),
                        one => vec![serde_json::from_value(one.clone()).unwrap()],
                    };
                    if section.layout().id == 7 && section.layout().version == 1 {
                        read.resize(library.len(), 0);
                    }
                    assert_eq!(read, library, "{name} of {vector}");
                }
            }
        }
        assert!(seen >= section.fields().count());
    }
}
