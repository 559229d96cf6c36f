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
