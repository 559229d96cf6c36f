//! What the publisher's server does for readers who are logged in.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// The key that the publisher's server shares with the collector.
pub const ACCOUNT_KEY: &str = "0123456789abcdef0123456789abcdef";

/// What a token says that is right for an account, now and once.
#[must_use]
pub fn claims(account: &str) -> Value {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.expect("a time since 1970").as_secs();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let number = format!("{}-{now}-{number}", std::process::id());
    json!({ "aud": "nosale", "sub": account, "iat": now, "exp": now + 300, "jti": number })
}

/// A JSON Web Token with these claims, signed by a key.
#[must_use]
pub fn signed(key: &str, claims: &Value) -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let text = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("any length will do");
    mac.update(text.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    format!("{text}.{signature}")
}

/// A token that vouches for an account.
#[must_use]
pub fn token(account: &str) -> String {
    signed(ACCOUNT_KEY, &claims(account))
}
