//! The command-line reader, `examples/gpp`.

use serde_json::{Value, json};

use crate::data::{items, text, vectors};
use crate::lines::{Direction, run};

const ENCODE: Direction = Direction::Encode {
    allow_unstable: false,
};
const ENCODE_UNSTABLE: Direction = Direction::Encode {
    allow_unstable: true,
};

fn lines(direction: Direction, input: &[u8]) -> Vec<String> {
    let mut output = Vec::new();
    run(direction, input, &mut output).unwrap();
    let output = String::from_utf8(output).unwrap();
    assert!(output.is_empty() || output.ends_with('\n'));
    output.lines().map(str::to_owned).collect()
}

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}

#[test]
fn the_arguments_are_understood() {
    let arguments = |line: &str| -> Option<Direction> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Direction::from_arguments(&arguments)
    };
    assert_eq!(arguments("decode"), Some(Direction::Decode));
    assert_eq!(arguments("encode"), Some(ENCODE));
    assert_eq!(arguments("encode --allow-unstable"), Some(ENCODE_UNSTABLE));
    assert_eq!(arguments("--allow-unstable encode"), Some(ENCODE_UNSTABLE));
    for line in ["", "read", "decode encode", "decode --allow-unstable"] {
        assert_eq!(arguments(line), None, "{line}");
    }
}

#[test]
fn all_vectors_go_through_it_both_ways() {
    let vectors = vectors();
    let vectors = items(&vectors, "vectors");
    let strings: Vec<&str> = vectors.iter().map(|vector| text(vector, "gpp")).collect();
    let decoded = lines(Direction::Decode, strings.join("\n").as_bytes());
    assert_eq!(decoded.len(), strings.len());
    for (line, vector) in decoded.iter().zip(vectors) {
        let expected = json!({ "sectionIds": vector["sectionIds"], "sections": vector["decoded"] });
        assert_eq!(json(line), expected);
    }
    assert_eq!(
        lines(ENCODE_UNSTABLE, decoded.join("\n").as_bytes()),
        strings
    );
    for (line, vector) in lines(ENCODE, decoded.join("\r\n").as_bytes())
        .iter()
        .zip(vectors)
    {
        if vector["unstableLayout"] == json!(true) {
            assert!(json(line)["error"].is_string(), "{line}");
        } else {
            assert_eq!(line, text(vector, "gpp"));
        }
    }
}

#[test]
fn fields_are_shown_in_the_layouts_order() {
    let [line] = &lines(Direction::Decode, b"DBABEYA~BQAA.QA\n")[..] else {
        panic!();
    };
    assert_eq!(
        line,
        "{\"sectionIds\":[24],\"sections\":{\"usmd\":{\"MspaVersion\":1,\
         \"MspaCoveredTransaction\":1,\"MspaMode\":0,\"ProcessingNotice\":0,\
         \"SaleOptOutNotice\":0,\"TargetedAdvertisingOptOutNotice\":0,\"SaleOptOut\":0,\
         \"TargetedAdvertisingOptOut\":0,\"AdditionalDataProcessingConsent\":0,\
         \"gpcSegment\":true,\"Gpc\":false}}}"
    );
}

#[test]
fn a_bad_line_gives_its_error_and_the_rest_go_on() {
    let answers = lines(
        Direction::Decode,
        b"DBAA\n\nDBABBg~BAAAAABA!.QA\nDB\xff\r\nDBABTA~1YNN",
    );
    let answers: Vec<Value> = answers.iter().map(|line| json(line)).collect();
    assert_eq!(answers.len(), 5);
    assert_eq!(answers[0], json!({ "sectionIds": [], "sections": {} }));
    assert_eq!(answers[1]["position"], 0);
    assert_eq!(answers[2]["position"], 15);
    assert_eq!(answers[3]["position"], 2);
    assert!(
        answers[1..4]
            .iter()
            .all(|answer| answer["error"].is_string())
    );
    assert_eq!(answers[4]["sections"]["uspv1"]["Notice"], "Y");

    let good = "{\"sections\": {\"uspv1\": {\"Version\": 1, \"Notice\": \"-\", \
                \"OptOutSale\": \"-\", \"LspaCovered\": \"-\"}}}";
    let bad = "{\"sections\": ?}";
    let answers = lines(
        ENCODE,
        [bad, good, "", "\u{ff}", good].join("\n").as_bytes(),
    );
    assert_eq!(answers[1], "DBABTA~1---");
    assert_eq!(answers[4], "DBABTA~1---");
    assert_eq!(json(&answers[0])["position"], 13);
    for line in [&answers[0], &answers[2], &answers[3]] {
        assert!(json(line)["error"].is_string(), "{line}");
        assert!(json(line)["position"].is_number(), "{line}");
    }
}

#[test]
fn what_it_does_not_look_into_goes_through_it() {
    let text = "DBACNYA~CPXxRfA.YAAA~1YNN";
    let decoded = lines(Direction::Decode, text.as_bytes());
    assert_eq!(json(&decoded[0])["sectionIds"], json!([2, 6]));
    assert_eq!(json(&decoded[0])["otherSections"]["2"], "CPXxRfA.YAAA");
    assert_eq!(lines(ENCODE, decoded[0].as_bytes()), [text]);

    let text = "DBABBg~BVUAAACA.YA.oA";
    let decoded = lines(Direction::Decode, text.as_bytes());
    assert_eq!(
        json(&decoded[0])["sections"]["usca"]["otherSegments"],
        json!(["oA"])
    );
    assert_eq!(lines(ENCODE, decoded[0].as_bytes()), [text]);
}

/// Changes a good object in one place and expects the mistake to be named.
#[test]
fn what_cannot_be_written_is_named_with_its_path() {
    let decoded = lines(Direction::Decode, b"DBACTMA~1YNN~BVUAAACA.YA");
    let good = json(&decoded[0]);
    for (path, value, named) in [
        (
            "/sections/usca/SaleOptOut",
            json!(3),
            "sections.usca.SaleOptOut",
        ),
        (
            "/sections/usca/SaleOptOut",
            json!(-1),
            "sections.usca.SaleOptOut",
        ),
        (
            "/sections/usca/SaleOptOut",
            json!(1.5),
            "sections.usca.SaleOptOut",
        ),
        (
            "/sections/usca/SaleOptOut",
            json!([1]),
            "sections.usca.SaleOptOut",
        ),
        (
            "/sections/usca/SensitiveDataProcessing",
            json!(1),
            "sections.usca.SensitiveDataProcessing",
        ),
        (
            "/sections/usca/SensitiveDataProcessing",
            json!([1]),
            "sections.usca.SensitiveDataProcessing",
        ),
        (
            "/sections/usca/MspaCoveredTransaction",
            json!(0),
            "sections.usca.MspaCoveredTransaction",
        ),
        ("/sections/usca/Version", json!(9), "sections.usca.Version"),
        ("/sections/usca/Gpc", json!(1), "sections.usca.Gpc"),
        (
            "/sections/usca/gpcSegment",
            json!(false),
            "sections.usca.gpcSegment",
        ),
        ("/sections/usca", json!({}), "sections.usca.Version"),
        ("/sections/usca", json!(1), "sections.usca"),
        ("/sections/uspv1/Notice", json!("y"), "sections.uspv1"),
        ("/sections/uspv1/Version", json!(2), "sections.uspv1"),
        ("/sections", json!({ "usxx": {} }), "sections.usxx"),
        ("/sections", json!([]), "sections"),
        ("", json!({}), "sections"),
        ("", json!({ "sections": {}, "more": 1 }), "more"),
        (
            "",
            json!({ "sections": {}, "otherSections": { "8": "A" } }),
            "sections.usca",
        ),
        (
            "",
            json!({ "sections": {}, "otherSections": { "2": "~" } }),
            "otherSections.2",
        ),
        (
            "",
            json!({ "sections": {}, "otherSections": { "two": "A" } }),
            "otherSections.two",
        ),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(path).unwrap() = value;
        let answer = json(&lines(ENCODE, bad.to_string().as_bytes())[0]);
        assert_eq!(answer["path"], named, "{bad}: {answer}");
        assert!(answer["error"].is_string());
    }
    assert_eq!(
        lines(ENCODE, good.to_string().as_bytes()),
        ["DBACTMA~1YNN~BVUAAACA.YA"]
    );
}
