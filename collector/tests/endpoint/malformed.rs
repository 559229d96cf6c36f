//! Bad requests: each gets a 4xx that says what is wrong, and nothing of it is stored.

use serde_json::{Value, json};

use crate::common::{BATCH, Collector, STRUCTURED, answer, event};

/// Bodies that are no events at all: name, content type, body, status, error.
fn bodies() -> Vec<(&'static str, &'static str, Vec<u8>, u16, &'static str)> {
    let text = |body: &str| body.as_bytes().to_vec();
    let good = event().to_string();
    let cut = &good[..good.len() - 1];
    let deep = "[".repeat(30_000);
    vec![
        ("nothing", STRUCTURED, text(""), 400, "not_json"),
        ("blanks", "text/plain", text(" \n "), 400, "not_json"),
        ("no JSON", STRUCTURED, text("opt out"), 400, "not_json"),
        ("cut off", STRUCTURED, text(cut), 400, "not_json"),
        (
            "two events",
            STRUCTURED,
            text(&format!("{good}{good}")),
            400,
            "not_json",
        ),
        (
            "lines of JSON",
            "text/plain",
            text(&format!("{good}\n{good}")),
            400,
            "not_json",
        ),
        (
            "a comma too many",
            BATCH,
            text(&format!("[{good},]")),
            400,
            "not_json",
        ),
        ("an object as batch", BATCH, text(&good), 400, "not_json"),
        ("null as batch", BATCH, text("null"), 400, "not_json"),
        ("deep and open", BATCH, text(&deep), 400, "not_json"),
        (
            "single quotes",
            STRUCTURED,
            text("{'id': 1}"),
            400,
            "not_json",
        ),
        ("NaN", STRUCTURED, text("{\"a\": NaN}"), 400, "not_json"),
        (
            "a comment",
            STRUCTURED,
            text(&format!("/* */{good}")),
            400,
            "not_json",
        ),
        (
            "a byte order mark",
            STRUCTURED,
            text(&format!("\u{feff}{good}")),
            400,
            "not_json",
        ),
        (
            "a form",
            "text/plain",
            text("id=1&type=nosale.choice"),
            400,
            "not_json",
        ),
        ("NUL bytes", STRUCTURED, vec![0; 100], 400, "not_json"),
        (
            "not UTF-8",
            STRUCTURED,
            vec![b'{', b'"', 0xff, b'"', b'}'],
            400,
            "not_utf8",
        ),
        (
            "UTF-16",
            STRUCTURED,
            good.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            400,
            "not_json",
        ),
        (
            "JSON without CloudEvents",
            "application/json",
            text(&good),
            415,
            "media_type",
        ),
        (
            "another type",
            "application/xml",
            text(&good),
            415,
            "media_type",
        ),
        (
            "a form's type",
            "application/x-www-form-urlencoded",
            text(&good),
            415,
            "media_type",
        ),
        (
            "another charset",
            "text/plain; charset=latin1",
            text(&good),
            415,
            "media_type",
        ),
        (
            "too many",
            BATCH,
            text(&json!(vec![0; 51]).to_string()),
            413,
            "too_many",
        ),
        (
            "too large",
            "text/plain",
            vec![b' '; 65_537],
            413,
            "too_large",
        ),
    ]
}

/// More bodies that are no events: texts that a JSON reader may stumble over.
fn broken_json() -> Vec<Vec<u8>> {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(9000), close.repeat(9000));
    let texts = [
        "{",
        "}",
        "[",
        "]",
        "\"",
        "{\"",
        "{\"id\"",
        "{\"id\":",
        "{\"id\":}",
        "{\"id\" 1}",
        "{id:1}",
        "{,}",
        "{\"a\":1,}",
        "{\"a\":1 \"b\":2}",
        "[1,]",
        "[,1]",
        "[1 2]",
        "tru",
        "True",
        "nul",
        "undefined",
        "Infinity",
        "-",
        "+1",
        "01",
        ".5",
        "1.",
        "1e",
        "1e+",
        "0x10",
        "--1",
        "1_000",
        "\"\\x41\"",
        "\"\\u12\"",
        "\"\\ud800",
        "\"tab\there\"",
        "\"line\nbreak\"",
        "{\"a\":\"\u{0}\"}",
        "<xml/>",
        "id: 1",
        "id,type\r\n1,2",
        "{}{}",
        "{}]",
        "[{}",
        "{\"a\":[}",
        "#!/bin/sh",
        "%7B%7D",
        "null null",
        "\u{feff}{}",
        "'",
        "`{}`",
        "{\"a\":1e}",
        "{\"a\":-}",
        "\u{2028}{}",
        "{\"a\"::1}",
        "[[[[[[[[[[[[[",
        "{\"a\":\"b\"",
        "{\"a\":\"b}",
        "[\"a\", \"b\"",
        "{\"a\":tru}",
        "[null,,null]",
        "//",
        "\\",
        "%",
        "&a=b",
        "\u{0}",
    ];
    let mut bodies: Vec<Vec<u8>> = texts.map(|text| text.as_bytes().to_vec()).into();
    bodies.extend([deep("[", ""), deep("{\"a\":", "")].map(String::into_bytes));
    bodies.push(format!("[{}", "9".repeat(60_000)).into_bytes());
    bodies
}

/// Bytes that are no UTF-8, inside what would be JSON.
fn no_text() -> Vec<Vec<u8>> {
    let sequences: [&[u8]; 12] = [
        b"\x80",
        b"\xbf\xbf",
        b"\xc0\xaf",
        b"\xc3",
        b"\xc3\x28",
        b"\xe2\x82",
        b"\xed\xa0\x80",
        b"\xf0\x9f\x98",
        b"\xf4\x90\x80\x80",
        b"\xf8\x88\x80\x80\x80",
        b"\xfe\xff",
        b"\xff",
    ];
    let around = |bytes: &&[u8]| [b"{\"id\":\"", *bytes, b"\"}"].concat();
    sequences.iter().map(around).collect()
}

/// Numbers beyond what an event may hold, in the places where it holds numbers or truths.
fn huge_numbers() -> Vec<String> {
    let numbers = [
        "9007199254740992",
        "18446744073709551616",
        "-9223372036854775809",
        "-1",
        "3e9999",
        "1e308",
        "1e309",
        "-1e999999999",
        "0.1",
        "-0.5",
    ];
    let event = event().to_string();
    let places = ["\"revision\":1,", "\"account\":false,"];
    let mut bodies = Vec::new();
    for place in places {
        let (key, _) = place.split_once(':').unwrap();
        assert!(event.contains(place));
        for number in numbers {
            bodies.push(event.replacen(place, &format!("{key}:{number},"), 1));
        }
        bodies.push(event.replacen(place, &format!("{key}:{},", "9".repeat(40_000)), 1));
    }
    bodies
}

/// JSON that is no right event: what to change, and the path that the answer names.
fn events() -> Vec<(Value, &'static str, &'static str)> {
    let mut cases = Vec::new();
    let mut change = |at: &'static str, value: Value, path: &'static str| {
        let mut event = event();
        match event.pointer_mut(at) {
            Some(old) => *old = value,
            None => {
                let (object, key) = at.rsplit_once('/').unwrap();
                event.pointer_mut(object).unwrap()[key] = value;
            }
        }
        cases.push((event, at, path));
    };
    for whole in [
        json!(null),
        json!(true),
        json!(1),
        json!("x"),
        json!([[]]),
        json!({}),
    ] {
        let path = if whole.is_object() { "/data" } else { "" };
        change("", whole, path);
    }
    change("/specversion", json!("0.3"), "/specversion");
    change("/specversion", json!(1.0), "/specversion");
    for id in [
        "",
        "1",
        "0f8a4b5e6d2c4f3a9b1e7c5d3e2f1a0b",
        "{0f8a4b5e-6d2c-4f3a-9b1e-7c5d3e2f1a0b}",
        "0f8a4b5e-6d2c-4f3a-9b1e-7c5d3e2f1a0g",
    ] {
        change("/id", json!(id), "/id");
    }
    change("/id", json!(1), "/id");
    for source in [
        "",
        "null",
        "www.example.com",
        "https://www.example.com/",
        "https://a@example.com",
        "file:///etc",
        "javascript:alert(1)",
        "https://a b",
    ] {
        change("/source", json!(source), "/source");
    }
    change("/type", json!("nosale.other"), "/type");
    change("/type", json!(["nosale.choice"]), "/type");
    for time in [
        "",
        "2026-11-21",
        "2026-11-21T20:08:28",
        "2026-13-21T20:08:28Z",
        "1763755708",
    ] {
        change("/time", json!(time), "/time");
    }
    change("/time", json!(1_763_755_708), "/time");
    change("/datacontenttype", json!("text/xml"), "/datacontenttype");
    change("/accounttoken", json!(""), "/accounttoken");
    change("/accounttoken", json!({}), "/accounttoken");
    change("/accounttoken", json!("x".repeat(4097)), "/accounttoken");
    change("/data_base64", json!("e30="), "/data_base64");
    change("/userid", json!("anna"), "/userid");
    change("/data", json!(null), "/data");
    change("/data", json!("{}"), "/data");
    change("/data/kind", json!("opt-out"), "/data/kind");
    change("/data/how", json!("mail"), "/data/how");
    change("/data/purposes", json!({}), "/data/purposes");
    change("/data/purposes", json!([]), "/data/purposes");
    change(
        "/data/purposes/newsletter",
        json!({}),
        "/data/purposes/newsletter",
    );
    change("/data/purposes/sale", json!(false), "/data/purposes/sale");
    change(
        "/data/purposes/sale/allowed",
        json!(0),
        "/data/purposes/sale/allowed",
    );
    change(
        "/data/purposes/sale/because",
        json!("x"),
        "/data/purposes/sale/because",
    );
    change(
        "/data/purposes/sale/before",
        json!("x"),
        "/data/purposes/sale/before",
    );
    change("/data/signals/gpc", json!(1), "/data/signals/gpc");
    change("/data/signals/age", json!(12), "/data/signals/age");
    change(
        "/data/jurisdiction",
        json!("California"),
        "/data/jurisdiction",
    );
    change("/data/gpp", json!("a b"), "/data/gpp");
    change("/data/gpp", json!(false), "/data/gpp");
    change("/data/usp", json!("1YY"), "/data/usp");
    change("/data/revision", json!(-1), "/data/revision");
    change("/data/revision", json!(1e30), "/data/revision");
    change("/data/revision", json!("1"), "/data/revision");
    change("/data/module", json!("<b>"), "/data/module");
    change("/data/vendors", json!(["x"]), "/data/vendors");
    change("/data/vendors/x", json!("off"), "/data/vendors/x");
    change("/data/vendors/", json!("blocked"), "/data/vendors/");
    change(
        "/data/page",
        json!("https://www.example.com/?q=1"),
        "/data/page",
    );
    change(
        "/data/page",
        json!("https://www.example.com/#a"),
        "/data/page",
    );
    change("/data/account", json!(""), "/data/account");
    change("/data/account", json!("x".repeat(257)), "/data/account");
    change("/data/email", json!("anna@example.com"), "/data/email");
    change("/data/userAgent", json!("x"), "/data/userAgent");
    change("/data/signals/ip", json!("203.0.113.9"), "/data/signals/ip");
    cases
}

#[tokio::test]
async fn bodies_that_are_no_events() {
    let collector = Collector::start(&[]).await;
    for (name, content_type, body, status, error) in bodies() {
        let response = collector.post(content_type, body).send().await.unwrap();
        let (got, problem) = answer(response).await;
        assert_eq!(
            (got, &problem["error"]),
            (status, &json!(error)),
            "{name}: {problem}"
        );
        assert!(problem["message"].as_str().unwrap().len() > 10, "{name}");
    }
    assert!(collector.rows().is_empty());
}

#[tokio::test]
async fn a_hundred_malformed_bodies() {
    let collector = Collector::start(&[]).await;
    let mut cases: Vec<(Vec<u8>, &str)> = Vec::new();
    cases.extend(broken_json().into_iter().map(|body| (body, "not_json")));
    cases.extend(no_text().into_iter().map(|body| (body, "not_utf8")));
    let refused = huge_numbers().into_iter().map(String::into_bytes);
    cases.extend(refused.map(|body| (body, "refused")));
    assert!(cases.len() >= 100, "{}", cases.len());
    // Something good before, between and after, which none of them may harm.
    let mut kept = Vec::new();
    for (body, error) in &cases {
        let good = event();
        assert_eq!(collector.send(std::slice::from_ref(&good)).await.0, 200);
        kept.push(good["id"].clone());
        for content_type in [STRUCTURED, BATCH, "text/plain"] {
            let request = collector.post(content_type, body.clone());
            let (status, answer) = answer(request.send().await.unwrap()).await;
            let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
            assert_eq!(status, 400, "{content_type} {shown}: {answer}");
            // As a batch, one event is no JSON of the right kind.
            let refusal = if content_type == BATCH && *error == "refused" {
                "not_json"
            } else {
                error
            };
            if refusal == "refused" {
                assert_eq!(answer["stored"], 0, "{shown}");
                assert_eq!(answer["refused"][0]["index"], 0, "{shown}");
            } else {
                assert_eq!(answer["error"], refusal, "{content_type} {shown}: {answer}");
            }
        }
    }
    let stored: Vec<Value> = collector
        .rows()
        .into_iter()
        .map(|row| row.id.into())
        .collect();
    assert_eq!(stored, kept);
}

#[tokio::test]
async fn events_that_are_wrong() {
    let collector = Collector::start(&[]).await;
    for (event, at, path) in events() {
        for content_type in [STRUCTURED, "text/plain"] {
            // As text an array is a batch; what it holds is then what is wrong.
            let body = if event.is_array() {
                json!([event])
            } else {
                event.clone()
            };
            let content_type = if event.is_array() {
                "text/plain"
            } else {
                content_type
            };
            let response = collector
                .post(content_type, body.to_string())
                .send()
                .await
                .unwrap();
            let (status, answer) = answer(response).await;
            assert_eq!(status, 400, "{at}: {answer}");
            assert_eq!(answer["stored"], 0, "{at}");
            assert_eq!(answer["refused"][0]["index"], 0, "{at}");
            assert!(answer["refused"][0]["expected"].is_string(), "{at}");
            if event != json!({}) {
                assert_eq!(answer["refused"][0]["path"], path, "{at}: {answer}");
            }
        }
    }
    assert!(collector.rows().is_empty());
}

#[tokio::test]
async fn json_beyond_its_limits_spoils_only_its_own_event() {
    let collector = Collector::start(&[]).await;
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for bad in [deep.as_str(), "1e999", "\"\\ud800\"", "{\"data\": 1e400}"] {
        let body = format!("[{}, {bad}]", event());
        let (status, answer) = answer(collector.post(BATCH, body).send().await.unwrap()).await;
        assert_eq!(status, 400);
        assert_eq!(answer["stored"], 1, "{answer}");
        assert_eq!(answer["refused"][0]["index"], 1);
        assert_eq!(answer["refused"][0]["path"], "");
    }
    assert_eq!(collector.rows().len(), 4);
}

#[tokio::test]
async fn other_paths_and_methods() {
    let collector = Collector::start(&[]).await;
    for (method, path, status, error) in [
        ("GET", "/", 404, "not_found"),
        ("POST", "/v1/event", 404, "not_found"),
        ("GET", "/v1/events/1", 404, "not_found"),
        ("PUT", "/v1/events", 405, "method_not_allowed"),
        ("DELETE", "/v1/events", 405, "method_not_allowed"),
        ("POST", "/healthz", 405, "method_not_allowed"),
        ("POST", "/v1/export.csv", 405, "method_not_allowed"),
        ("GET", "/v1/export", 404, "not_found"),
        ("GET", "/v1/receipts/", 404, "not_found"),
    ] {
        let method = method.parse().unwrap();
        let request = collector.client.request(method, collector.url(path));
        let (got, problem) = answer(request.send().await.unwrap()).await;
        assert_eq!((got, &problem["error"]), (status, &json!(error)), "{path}");
    }
}

#[tokio::test]
async fn a_body_without_content_type_is_refused() {
    let collector = Collector::start(&[]).await;
    let request = collector.client.post(collector.url("/v1/events"));
    let (status, _) = answer(request.body(event().to_string()).send().await.unwrap()).await;
    assert_eq!(status, 415);
    assert!(collector.rows().is_empty());
}
