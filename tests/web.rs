//! The module in a real browser, through the calls that JavaScript has: `wasm-pack test --headless
//! --chrome`. All tests share one page; each leaves the record and the page as it found them.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Error, Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Document, Element, HtmlDocument, Window};

wasm_bindgen_test_configure!(run_in_browser);

/// A host that no name server knows: a request that is held fails in another way than one that is not.
const TRACKER: &str = "https://tracker.invalid/collect";

const CONFIG: &str = r#"{
    "jurisdiction": "US-CA",
    "vendors": [
        { "name": "tracker", "rules": ["tracker.invalid"], "purposes": ["sale"] },
        { "name": "partner", "rules": ["partner.invalid"], "purposes": ["sale"], "mode": "allow" }
    ],
    "notice": { "link": "none" }
}"#;

// ---------------------------------------------------------------------------------------------

fn window() -> Window {
    web_sys::window().unwrap()
}

fn document() -> Document {
    window().document().unwrap()
}

/// Starts nosale once, and clears what the last test chose.
fn fresh() {
    if document()
        .query_selector("#nosale-config")
        .unwrap()
        .is_none()
    {
        let config = document().create_element("script").unwrap();
        config.set_attribute("type", "application/json").unwrap();
        config.set_id("nosale-config");
        config.set_text_content(Some(CONFIG));
        document()
            .query_selector("head")
            .unwrap()
            .unwrap()
            .append_child(&config)
            .unwrap();
        nosale::start(None, None, None).unwrap();
    }
    // Two steps that the visitor took on a page of the publisher's.
    let all = strings(&[
        "sale",
        "sharing",
        "targeted_advertising",
        "profiling",
        "sensitive_data",
    ]);
    let _ = nosale::opt_in(&all, &confirmed()).unwrap();
    assert_eq!(
        allowed("sale"),
        Some(true),
        "{}",
        text(&nosale::status().unwrap())
    );
}

fn confirmed() -> JsValue {
    JSON::parse(r#"{ "confirmed": true }"#).unwrap()
}

fn strings(words: &[&str]) -> JsValue {
    words
        .iter()
        .map(|word| JsValue::from_str(word))
        .collect::<Array>()
        .into()
}

fn at(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, key| {
        Reflect::get(&value, &key.into()).unwrap()
    })
}

fn status(path: &str) -> JsValue {
    at(&nosale::status().unwrap(), path)
}

fn allowed(purpose: &str) -> Option<bool> {
    status(&format!("purposes.{purpose}.allowed")).as_bool()
}

fn text(value: &JsValue) -> String {
    JSON::stringify(value).unwrap().into()
}

fn cookie() -> Option<String> {
    let cookies = document()
        .unchecked_into::<HtmlDocument>()
        .cookie()
        .unwrap();
    cookies
        .split("; ")
        .find_map(|cookie| cookie.strip_prefix("nosale="))
        .map(str::to_owned)
}

fn mirror() -> Option<String> {
    window()
        .local_storage()
        .unwrap()
        .unwrap()
        .get_item("nosale")
        .unwrap()
}

/// Counts the events of a name until the subscription is ended.
fn count(event: &str) -> (Rc<RefCell<Vec<JsValue>>>, Function) {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let own = Rc::clone(&seen);
    let listener = Closure::<dyn FnMut(JsValue)>::new(move |detail| own.borrow_mut().push(detail));
    let unsubscribe = nosale::on(event, listener.into_js_value().unchecked_into()).unwrap();
    (seen, unsubscribe)
}

fn unsubscribe(function: &Function) {
    function.call0(&JsValue::UNDEFINED).unwrap();
}

fn insert(markup: &str) -> Element {
    let place = document().create_element("div").unwrap();
    place.set_inner_html(markup);
    document().body().unwrap().append_child(&place).unwrap();
    place
}

async fn fails(promise: Promise) -> Error {
    JsFuture::from(promise)
        .await
        .unwrap_err()
        .dyn_into()
        .unwrap()
}

fn fetch(address: &str) -> Promise {
    let fetch: Function = at(&window(), "fetch").unchecked_into();
    fetch
        .call1(&window(), &address.into())
        .unwrap()
        .unchecked_into()
}

/// Lets the events that are due happen.
async fn tick() {
    let promise = Promise::new(&mut |resolve, _| {
        window().set_timeout_with_callback(&resolve).unwrap();
    });
    JsFuture::from(promise).await.unwrap();
}

// ---------------------------------------------------------------------------------------------

#[wasm_bindgen_test]
fn an_opt_out_is_in_force_and_stored_on_return() {
    fresh();
    let receipt = nosale::opt_out(&JsValue::UNDEFINED).unwrap();
    assert_eq!(allowed("sale"), Some(false));
    assert_eq!(status("purposes.sale.because"), "choice");
    assert!(
        cookie().unwrap().contains(".ooooo.1.US-CA."),
        "{cookie:?}",
        cookie = cookie()
    );
    assert_eq!(cookie(), mirror());
    assert_eq!(at(&receipt, "kind"), "opt_out");
    assert_eq!(at(&receipt, "how"), "api");
    assert_eq!(at(&receipt, "purposes.sale.before"), JsValue::TRUE);
    assert_eq!(at(&receipt, "id").as_string().unwrap().len(), 36);
    assert_eq!(text(&receipt), text(&nosale::receipt().unwrap()));
}

#[wasm_bindgen_test]
fn an_opt_out_names_its_purposes() {
    fresh();
    nosale::opt_out(&"sharing".into()).unwrap();
    assert_eq!(
        (allowed("sharing"), allowed("sale")),
        (Some(false), Some(true))
    );
    nosale::opt_out(&strings(&["sale"])).unwrap();
    assert_eq!(
        (allowed("sharing"), allowed("sale")),
        (Some(false), Some(false))
    );
}

#[wasm_bindgen_test]
fn a_wrong_purpose_is_an_error_and_changes_nothing() {
    fresh();
    let before = cookie();
    let error: Error = nosale::opt_out(&strings(&["sale", "sharin"]))
        .unwrap_err()
        .dyn_into()
        .unwrap();
    let message = String::from(error.message());
    assert!(
        message.contains("purposes[1]") && message.contains("did you mean \"sharing\"?"),
        "{message}"
    );
    assert_eq!(cookie(), before);
}

#[wasm_bindgen_test]
fn change_tells_listeners_once_with_the_status() {
    fresh();
    let (seen, end) = count("change");
    nosale::opt_out(&JsValue::UNDEFINED).unwrap();
    assert_eq!(seen.borrow().len(), 1);
    assert_eq!(
        at(&seen.borrow()[0], "purposes.sale.allowed"),
        JsValue::FALSE
    );
    nosale::opt_out(&JsValue::UNDEFINED).unwrap();
    assert_eq!(seen.borrow().len(), 1, "nothing changed the second time");
    unsubscribe(&end);
    fresh();
    assert_eq!(seen.borrow().len(), 1);
}

#[wasm_bindgen_test]
fn a_listener_may_opt_out_and_may_fail() {
    fresh();
    let opts_out = Closure::<dyn FnMut()>::new(|| {
        nosale::opt_out(&JsValue::UNDEFINED).unwrap();
    });
    let end = nosale::on("change", opts_out.into_js_value().unchecked_into()).unwrap();
    let failing = nosale::on(
        "change",
        Function::new_no_args("throw new Error('a page failed')"),
    )
    .unwrap();
    let (seen, end_count) = count("change");
    nosale::opt_out(&"sale".into()).unwrap();
    assert_eq!(
        (allowed("sale"), allowed("profiling")),
        (Some(false), Some(false))
    );
    assert!(!seen.borrow().is_empty());
    for function in [end, failing, end_count] {
        unsubscribe(&function);
    }
}

#[wasm_bindgen_test]
fn unknown_events_are_errors() {
    fresh();
    let error = nosale::on("changed", Function::new_no_args("")).unwrap_err();
    assert!(String::from(error.unchecked_into::<Error>().message()).contains("\"change\""));
}

#[wasm_bindgen_test]
async fn ready_calls_at_once_when_it_is_past() {
    fresh();
    tick().await;
    let (seen, end) = count("ready");
    assert_eq!(seen.borrow().len(), 1);
    unsubscribe(&end);
}

#[wasm_bindgen_test]
async fn fetch_to_a_denied_vendor_is_held_and_told() {
    fresh();
    nosale::opt_out(&JsValue::UNDEFINED).unwrap();
    let (seen, end) = count("blocked");
    let before = status("gate.blocked").as_f64().unwrap();
    let error = fails(fetch(TRACKER)).await;
    assert_eq!(String::from(error.name()), "TypeError");
    assert_eq!(status("gate.blocked").as_f64().unwrap(), before + 1.0);
    let detail = text(&seen.borrow()[0]);
    assert_eq!(
        detail,
        r#"{"url":"https://tracker.invalid/collect","host":"tracker.invalid","vendor":"tracker","purposes":["sale"],"way":"fetch"}"#
    );
    unsubscribe(&end);
    fresh();
    let _ = fails(fetch(TRACKER)).await;
    assert_eq!(
        status("gate.blocked").as_f64().unwrap(),
        before + 1.0,
        "permitted again, it is not counted"
    );
}

#[wasm_bindgen_test]
fn allows_knows_purposes_and_addresses() {
    fresh();
    nosale::opt_out(&"sale".into()).unwrap();
    for (question, answer) in [
        ("sale", false),
        ("sharing", true),
        (TRACKER, false),
        ("//TRACKER.invalid./x", false),
        ("https://user:word@sub.tracker.invalid:8080/x?y#z", false),
        ("https://partner.invalid/x", true),
        ("https://tracker.invalid.example/x", true),
        ("/own/path?https://tracker.invalid/", true),
        ("data:text/plain,tracker.invalid", true),
        ("http://[", true),
    ] {
        assert_eq!(nosale::allows(question).unwrap(), answer, "{question}");
    }
}

#[wasm_bindgen_test]
async fn inert_frames_follow_the_choice() {
    fresh();
    tick().await;
    let place = insert(r#"<iframe data-purpose="sharing" data-src="about:blank#held"></iframe>"#);
    // Markup from a string never runs its scripts, nosale or not.
    let script = document().create_element("script").unwrap();
    script.set_attribute("type", "text/plain").unwrap();
    script.set_attribute("data-purpose", "sharing").unwrap();
    script.set_text_content(Some("window.ran = (window.ran || 0) + 1"));
    nosale::opt_out(&JsValue::UNDEFINED).unwrap();
    place.append_child(&script).unwrap();
    let frame = || {
        place
            .query_selector("iframe")
            .unwrap()
            .unwrap()
            .get_attribute("src")
    };
    let ran = || at(&window(), "ran").as_f64();
    assert_eq!((frame(), ran()), (None, None));
    fresh();
    assert_eq!(
        (frame().as_deref(), ran()),
        (Some("about:blank#held"), Some(1.0))
    );
    nosale::opt_out(&"sharing".into()).unwrap();
    assert_eq!((frame(), ran()), (None, Some(1.0)));
    place.remove();
}

#[wasm_bindgen_test]
async fn another_tabs_record_is_followed() {
    fresh();
    let mut parts: Vec<String> = cookie().unwrap().split('.').map(str::to_owned).collect();
    parts[1] = (parts[1].parse::<u64>().unwrap() + 1).to_string();
    parts[2] = "ooooo".to_owned();
    // Another tab has no part in what this page remembers: both places change, then the event comes.
    let written = parts.join(".");
    window()
        .local_storage()
        .unwrap()
        .unwrap()
        .set_item("nosale", &written)
        .unwrap();
    let event = web_sys::StorageEvent::new("storage").unwrap();
    event.init_storage_event_with_can_bubble_and_cancelable_and_key(
        "storage",
        false,
        false,
        Some("nosale"),
    );
    window().dispatch_event(&event).unwrap();
    assert_eq!(allowed("sale"), Some(false));
    assert_eq!(
        cookie().as_deref(),
        Some(written.as_str()),
        "the other place gets the newer record"
    );
}

#[wasm_bindgen_test]
fn context_comes_late_and_names_its_mistakes() {
    fresh();
    nosale::set_context(&JSON::parse(r#"{ "jurisdiction": "US-CO" }"#).unwrap()).unwrap();
    assert_eq!(status("jurisdiction"), "US-CO");
    assert_eq!(status("jurisdictionFrom"), "context");
    let wrong = JSON::parse(r#"{ "jurisdiction": "US-CA", "age": "adult", "gpc": true }"#).unwrap();
    let error: Error = nosale::set_context(&wrong).unwrap_err().unchecked_into();
    assert!(String::from(error.message()).contains("context.gpc"));
    assert_eq!(
        status("jurisdiction"),
        "US-CA",
        "what was right is taken in"
    );
    let cyclic = Object::new();
    Reflect::set(&cyclic, &"self".into(), &cyclic).unwrap();
    assert!(nosale::set_context(&cyclic).is_err());
}

#[wasm_bindgen_test]
async fn opting_in_to_what_is_permitted_asks_nothing() {
    fresh();
    let promise = nosale::opt_in(&JsValue::UNDEFINED, &JsValue::UNDEFINED).unwrap();
    assert!(JsFuture::from(promise).await.unwrap().is_null());
}

#[wasm_bindgen_test]
fn status_gives_fresh_plain_objects() {
    fresh();
    let first = nosale::status().unwrap();
    Reflect::set(
        &at(&first, "purposes.sale"),
        &"allowed".into(),
        &JsValue::FALSE,
    )
    .unwrap();
    assert_eq!(allowed("sale"), Some(true));
    assert_eq!(at(&first, "gpp"), "DBABBg~BVoAAACA.QA");
    assert_eq!(at(&first, "usp"), "1YNN");
    assert_eq!(at(&first, "gate.engine"), "wasm");
    assert_eq!(at(&first, "reports.pending"), 0.0);
}
