//! An opt-out binds the person: what accounts are opted out of, and who may lift it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

use crate::common::{Collector, answer, event};

const KEY: &str = "0123456789abcdef0123456789abcdef";
const OTHER_KEY: &str = "fedcba9876543210fedcba9876543210";
const ALL: [&str; 5] = [
    "profiling",
    "sale",
    "sensitive_data",
    "sharing",
    "targeted_advertising",
];

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    since.as_secs().try_into().unwrap()
}

fn claims(account: &str) -> Value {
    json!({
        "aud": "nosale", "sub": account, "iat": now(), "exp": now() + 600, "jti": Uuid::new_v4().to_string(),
    })
}

fn sign(key: &str, claims: &Value) -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    format!("{signed}.{signature}")
}

fn token(account: &str) -> String {
    sign(KEY, &claims(account))
}

/// An opt-out from everything, linked to an account by its data, by a token, or both.
fn opt_out(account: Option<&str>, token: Option<&str>) -> Value {
    let mut event = event();
    if let Some(account) = account {
        event["data"]["account"] = json!(account);
    }
    if let Some(token) = token {
        event["accounttoken"] = json!(token);
    }
    event
}

/// An opt-in to everything, from a page that knew of the opt-out.
fn opt_in(account: Option<&str>, token: Option<&str>) -> Value {
    let mut event = opt_out(account, token);
    event["data"]["kind"] = json!("opt_in");
    for purpose in ALL {
        event["data"]["purposes"][purpose] =
            json!({ "allowed": true, "because": "choice", "before": false });
    }
    event
}

async fn start() -> Collector {
    Collector::start(&["--account-key", OTHER_KEY, "--account-key", KEY]).await
}

async fn out_of(collector: &Collector, account: &str) -> Vec<String> {
    let (status, found) = answer(collector.get(&format!("/v1/accounts/{account}")).await).await;
    assert_eq!((status, &found["id"]), (200, &json!(account)));
    serde_json::from_value(found["optOut"].clone()).unwrap()
}

/// Sends one event, which must be stored; the reason if its token was refused.
async fn send(collector: &Collector, event: &Value) -> Option<String> {
    let (status, answer) = collector.send(std::slice::from_ref(event)).await;
    assert_eq!((status, &answer["stored"]), (200, &json!(1)), "{answer}");
    let refusal = answer.get("tokensRefused")?;
    assert_eq!(refusal[0]["id"], event["id"]);
    Some(refusal[0]["because"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn an_opt_out_binds_the_account_and_a_vouched_opt_in_lifts_it() {
    let collector = start().await;
    assert!(out_of(&collector, "a-17").await.is_empty());
    let out = opt_out(None, Some(&token("a-17")));
    assert_eq!(send(&collector, &out).await, None);
    assert_eq!(out_of(&collector, "a-17").await, ALL);
    let (_, found) = answer(collector.get("/v1/accounts/a-17").await).await;
    let received = &collector.rows()[0].received_at;
    let standing = json!({ "optedOut": true, "since": received, "receipt": out["id"] });
    assert_eq!(found["purposes"]["sale"], standing);

    // Saying so again changes nothing, not even since when.
    send(&collector, &opt_out(Some("a-17"), Some(&token("a-17")))).await;
    let (_, found) = answer(collector.get("/v1/accounts/a-17").await).await;
    assert_eq!(found["purposes"]["sale"], standing);

    let again = opt_in(Some("a-17"), Some(&token("a-17")));
    assert_eq!(send(&collector, &again).await, None);
    assert!(out_of(&collector, "a-17").await.is_empty());
    let (_, found) = answer(collector.get("/v1/accounts/a-17").await).await;
    assert_eq!(found["purposes"]["sale"]["optedOut"], false);
    assert_eq!(found["purposes"]["sale"]["receipt"], again["id"]);
    assert!(out_of(&collector, "a-18").await.is_empty());
}

#[tokio::test]
async fn a_signal_that_came_before_the_login_is_linked() {
    let collector = start().await;
    let mut link = opt_out(Some("a-17"), Some(&token("a-17")));
    link["type"] = json!("nosale.link");
    link["data"]["how"] = json!("signal");
    for purpose in ALL {
        link["data"]["purposes"][purpose]["because"] = json!("gpc");
    }
    link["data"]["purposes"]["profiling"] =
        json!({ "allowed": true, "because": "default", "before": true });
    assert_eq!(send(&collector, &link).await, None);
    let linked = ["sale", "sensitive_data", "sharing", "targeted_advertising"];
    assert_eq!(out_of(&collector, "a-17").await, linked);

    // A second browser, where nothing was ever chosen: its state does not lift the account's.
    for purpose in ALL {
        link["data"]["purposes"][purpose] =
            json!({ "allowed": true, "because": "default", "before": true });
    }
    link["data"]["kind"] = json!("opt_in");
    link["id"] = json!(Uuid::new_v4().to_string());
    link["accounttoken"] = json!(token("a-17"));
    assert_eq!(send(&collector, &link).await, None);
    assert_eq!(out_of(&collector, "a-17").await, linked);
}

/// What a page sends that knows of the account's opt-out: that holds there until the collector has
/// lifted it.
fn opt_in_despite_account(token: Option<&str>, lifts: &Value) -> Value {
    let mut event = opt_in(Some("a-17"), token);
    for purpose in ALL {
        event["data"]["purposes"][purpose] =
            json!({ "allowed": false, "because": "account", "before": false });
    }
    event["data"]["lifts"] = lifts.clone();
    event
}

#[tokio::test]
async fn an_opt_in_on_a_page_that_knows_of_the_opt_out_asks_for_it() {
    let collector = start().await;
    send(&collector, &opt_out(Some("a-17"), None)).await;
    let both = json!(["sale", "sharing"]);
    send(&collector, &opt_in_despite_account(None, &both)).await;
    let other = token("a-18");
    let refused = send(&collector, &opt_in_despite_account(Some(&other), &both)).await;
    assert!(refused.is_some());
    assert_eq!(out_of(&collector, "a-17").await, ALL);
    let right = opt_in_despite_account(Some(&token("a-17")), &both);
    assert_eq!(send(&collector, &right).await, None);
    let rest = ["profiling", "sensitive_data", "targeted_advertising"];
    assert_eq!(out_of(&collector, "a-17").await, rest);

    // Pages that were told before still say so: that repeats what was, and asks for nothing.
    let mut stale = opt_in_despite_account(None, &json!(["sale"]));
    stale["type"] = json!("nosale.link");
    stale["data"]["kind"] = json!("link");
    stale["data"]["how"] = json!("account");
    stale["data"].as_object_mut().unwrap().remove("lifts");
    send(&collector, &stale).await;
    assert_eq!(out_of(&collector, "a-17").await, rest);
    // A choice to opt out does.
    send(&collector, &opt_out(Some("a-17"), None)).await;
    assert_eq!(out_of(&collector, "a-17").await, ALL);

    // Of an account that nothing is known of, the page's word counts.
    stale["id"] = json!(Uuid::new_v4().to_string());
    stale["data"]["account"] = json!("a-20");
    send(&collector, &stale).await;
    assert_eq!(out_of(&collector, "a-20").await, ALL);
}

#[tokio::test]
async fn without_a_token_an_account_is_opted_out_but_never_in() {
    let collector = start().await;
    send(&collector, &opt_out(Some("a-17"), None)).await;
    assert_eq!(out_of(&collector, "a-17").await, ALL);
    assert_eq!(send(&collector, &opt_in(Some("a-17"), None)).await, None);
    assert_eq!(out_of(&collector, "a-17").await, ALL);
}

#[tokio::test]
async fn a_token_that_is_not_right_changes_nothing() {
    let collector = start().await;
    send(&collector, &opt_out(Some("a-17"), None)).await;
    let with = |name: &str, value: Value| {
        let mut claims = claims("a-17");
        claims[name] = value;
        sign(KEY, &claims)
    };
    let right = token("a-17");
    let (signed, _) = right.rsplit_once('.').unwrap();
    let stranger = token("a-18");
    let (_, signature) = stranger.rsplit_once('.').unwrap();
    let used = token("a-17");
    send(&collector, &opt_out(None, Some(&used))).await;
    for (case, bad, account) in [
        (
            "forged",
            sign(&KEY.replace('0', "1"), &claims("a-17")),
            None,
        ),
        ("another's signature", format!("{signed}.{signature}"), None),
        ("unsigned", format!("{signed}."), None),
        ("no token", "x".to_owned(), None),
        ("another account", token("a-18"), Some("a-17")),
        ("another use", with("aud", json!("newsletter")), None),
        ("expired", with("exp", json!(now() - 1)), None),
        ("too long", with("exp", json!(now() + 100_000)), None),
        ("of the future", with("iat", json!(now() + 500)), None),
        ("used", used.clone(), None),
    ] {
        // It lifts nothing, and opts nobody out, either.
        for event in [
            opt_in(account, Some(&bad)),
            opt_in(account.or(Some("a-17")), Some(&bad)),
        ] {
            let because = send(&collector, &event).await;
            assert!(because.is_some(), "{case}");
            assert_eq!(out_of(&collector, "a-17").await, ALL, "{case}");
        }
        let other = opt_out(Some("a-19"), Some(&bad));
        assert!(send(&collector, &other).await.is_some(), "{case}");
        for account in ["a-18", "a-19"] {
            assert!(out_of(&collector, account).await.is_empty(), "{case}");
        }
    }
    // The right one of before still serves.
    assert_eq!(send(&collector, &opt_in(None, Some(&right))).await, None);
    assert!(out_of(&collector, "a-17").await.is_empty());
}

#[tokio::test]
async fn a_token_serves_one_event_and_that_may_be_sent_again() {
    let collector = start().await;
    let token = token("a-17");
    let out = opt_out(None, Some(&token));
    assert_eq!(send(&collector, &out).await, None);
    // Its answer was lost, so it comes again, alone and beside another event with its token.
    let lift = opt_in(None, Some(&token));
    let (status, answer) = collector.send(&[out.clone(), lift.clone()]).await;
    let expected = json!({
        "stored": 1, "repeated": 1, "refused": [],
        "tokensRefused": [{ "id": lift["id"], "because": "the token has served another event" }],
    });
    assert_eq!((status, answer), (200, expected));
    assert_eq!(out_of(&collector, "a-17").await, ALL);
    // Also after a restart, and in one batch.
    let collector = collector.restart_with(&["--account-key", KEY]).await;
    assert!(
        send(&collector, &opt_in(None, Some(&token)))
            .await
            .is_some()
    );
    let once = self::token("a-18");
    let batch = [opt_out(None, Some(&once)), opt_in(None, Some(&once))];
    let (_, answer) = collector.send(&batch).await;
    assert_eq!(answer["tokensRefused"][0]["id"], batch[1]["id"]);
    assert_eq!(out_of(&collector, "a-18").await, ALL);
}

#[tokio::test]
async fn a_repeated_event_changes_nothing() {
    let collector = start().await;
    let lift = opt_in(None, Some(&token("a-17")));
    send(&collector, &lift).await;
    send(&collector, &opt_out(Some("a-17"), None)).await;
    // The earlier opt-in comes again, as it was and with a token of its own.
    let mut renewed = lift.clone();
    renewed["accounttoken"] = json!(token("a-17"));
    let (_, answer) = collector.send(&[lift, renewed]).await;
    assert_eq!(answer["repeated"], 2);
    assert_eq!(out_of(&collector, "a-17").await, ALL);
}

#[tokio::test]
async fn without_a_key_no_token_is_right() {
    let collector = Collector::start(&[]).await;
    send(&collector, &opt_out(Some("a-17"), None)).await;
    let lift = opt_in(None, Some(&token("a-17")));
    assert!(send(&collector, &lift).await.is_some());
    let empty = sign("", &claims("a-17"));
    assert!(
        send(&collector, &opt_in(None, Some(&empty)))
            .await
            .is_some()
    );
    assert_eq!(out_of(&collector, "a-17").await, ALL);
}

#[tokio::test]
async fn the_token_is_not_stored_and_not_shown() {
    let collector = start().await;
    let token = token("a-17");
    let out = opt_out(Some("a-17"), Some(&token));
    send(&collector, &out).await;
    let mut stored = out.clone();
    stored.as_object_mut().unwrap().remove("accounttoken");
    assert_eq!(collector.rows()[0].event, stored);
    let (_, signature) = token.rsplit_once('.').unwrap();
    let collector = {
        // Emptied into the file when the store closes.
        let (running, directory) = collector.stop();
        running.await.unwrap();
        let file = std::fs::read(crate::common::store_in(directory.path())).unwrap();
        let holds = |text: &str| file.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(holds("a-17"));
        assert!(!holds(signature), "the token is in the file");
        Collector::start_in(directory, &[]).await
    };
    for path in ["/v1/events", "/v1/export.jsonl", "/v1/export.csv"] {
        let text = collector.get(path).await.text().await.unwrap();
        assert!(text.contains("a-17") && !text.contains(signature), "{path}");
    }
}

#[tokio::test]
async fn the_suppression_list_has_who_is_out_now() {
    let collector = start().await;
    let list = async |query: &str| {
        let (status, list) = answer(collector.get(&format!("/v1/suppressions{query}")).await).await;
        assert_eq!(status, 200, "{list}");
        list
    };
    assert_eq!(list("").await, json!({ "suppressions": [] }));
    for account in ["c", "a", "b", "d e"] {
        send(&collector, &opt_out(Some(account), None)).await;
    }
    let mut some = opt_in(None, Some(&token("b")));
    some["data"]["purposes"]["sale"] =
        json!({ "allowed": false, "because": "choice", "before": false });
    send(&collector, &some).await;
    send(&collector, &opt_in(None, Some(&token("c")))).await;

    let all = |id: &str| json!({ "id": id, "optOut": ALL });
    let b = json!({ "id": "b", "optOut": ["sale"] });
    for (query, expected, last) in [
        ("", vec![all("a"), b.clone(), all("d e")], Some("d e")),
        (
            "?purpose=sale",
            vec![all("a"), b.clone(), all("d e")],
            Some("d e"),
        ),
        ("?purpose=sharing", vec![all("a"), all("d e")], Some("d e")),
        ("?limit=1", vec![all("a")], Some("a")),
        ("?limit=1&after=a", vec![b], Some("b")),
        ("?after=b", vec![all("d e")], Some("d e")),
        ("?after=d+e", vec![], None),
    ] {
        let list = list(query).await;
        assert_eq!(list["suppressions"], json!(expected), "{query}");
        assert_eq!(list.get("last").and_then(Value::as_str), last, "{query}");
    }
    for query in [
        "?limit=0",
        "?limit=1001",
        "?purpose=all",
        "?purpose=",
        "?page=2",
    ] {
        let response = collector.get(&format!("/v1/suppressions{query}")).await;
        assert_eq!(answer(response).await.0, 400, "{query}");
    }
}

#[tokio::test]
async fn an_accounts_id_is_any_text() {
    let collector = start().await;
    for id in ["a/b", "é", "' OR 1=1 --", "%", "a b", "\u{0}", ".."] {
        send(&collector, &opt_out(Some(id), None)).await;
        let path: String = id.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let response = collector.get(&format!("/v1/accounts/{path}")).await;
        // A client of the web takes `..` out of an address, however it is written.
        if id != ".." {
            let (status, found) = answer(response).await;
            assert_eq!((status, &found["optOut"]), (200, &json!(ALL)), "{id}");
        }
    }
}
