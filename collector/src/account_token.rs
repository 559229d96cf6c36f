//! Account tokens: the publisher's server vouches that a visitor is logged in to an account.
//!
//! A token is a JSON Web Token (RFC 7519), signed with HMAC-SHA256 (`HS256`) by a key that server
//! and collector share:
//!
//! | claim | |
//! |---|---|
//! | `aud` | `nosale`, so that a token made for something else does not pass |
//! | `sub` | the publisher's own opaque account id, 1 to 256 characters |
//! | `iat`, `exp` | made and ends at, in seconds since 1970; at most an hour apart |
//! | `jti` | a number used once, 8 to 128 characters: the token serves one event |
//!
//! An event brings it as the extension attribute `accounttoken`, which is not stored.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;

/// The shortest key, in characters.
const KEY_LENGTH: usize = 32;
/// The longest time from a token's making to its end, in seconds.
const LIFE: i64 = 3600;
/// How far the publisher's clock may be ahead, in seconds.
const CLOCK_DIFFERENCE: i64 = 60;

/// A secret that the publisher's server signs account tokens with. Its text is never shown.
#[derive(Clone)]
pub struct AccountKey(String);

impl FromStr for AccountKey {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() < KEY_LENGTH || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("expected 32 visible ASCII characters or more, such as random ones in hex");
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for AccountKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountKey(…)")
    }
}

/// What a right token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountToken {
    /// The account.
    pub account: String,
    /// The number that is used once.
    pub number: String,
    /// When it ends, in seconds since 1970.
    pub expires: i64,
}

/// Why a token changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is for another use, or the event names another account.
    #[error("the token is for another account or another use")]
    Foreign,
    /// It is over.
    #[error("the token has expired")]
    Expired,
    /// It is no token, or signed by another key.
    #[error("the token is not signed by an account key of this collector")]
    Forged,
    /// It lives longer than tokens may, or begins in the future.
    #[error("the token must begin now and live for an hour at most")]
    Life,
    /// An earlier event has used it.
    #[error("the token has served another event")]
    Used,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    /// Extensions that must be understood (RFC 7515, section 4.1.11); none is.
    crit: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Claims {
    aud: Audience,
    sub: String,
    iat: i64,
    exp: i64,
    nbf: Option<i64>,
    jti: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn is_nosale(&self) -> bool {
        match self {
            Self::One(name) => name == "nosale",
            Self::Several(names) => names.iter().any(|name| name == "nosale"),
        }
    }
}

impl AccountToken {
    /// Reads a token that is signed with one of the keys, at a time in seconds since 1970.
    pub fn read(keys: &[AccountKey], text: &str, now: i64) -> Result<Self, TokenError> {
        let (signed, signature) = text.rsplit_once('.').ok_or(TokenError::Forged)?;
        let (header, claims) = signed.split_once('.').ok_or(TokenError::Forged)?;
        let signature = decode(signature)?;
        if !keys.iter().any(|key| key.has_signed(signed, &signature)) {
            return Err(TokenError::Forged);
        }
        // From here on the publisher's server has written it.
        let header: Header = read_json(header)?;
        if header.alg != "HS256" || header.crit.is_some() {
            return Err(TokenError::Forged);
        }
        let claims: Claims = read_json(claims)?;
        let is_named = (1..=256).contains(&claims.sub.chars().count());
        let is_numbered = (8..=128).contains(&claims.jti.len());
        if !claims.aud.is_nosale() || !is_named || !is_numbered {
            return Err(TokenError::Foreign);
        }
        if claims.exp <= now {
            return Err(TokenError::Expired);
        }
        let begins = claims.nbf.unwrap_or(claims.iat).max(claims.iat);
        let life = claims.exp.saturating_sub(claims.iat);
        if begins > now.saturating_add(CLOCK_DIFFERENCE) || life > LIFE {
            return Err(TokenError::Life);
        }
        Ok(Self {
            account: claims.sub,
            number: claims.jti,
            expires: claims.exp,
        })
    }
}

impl AccountKey {
    /// Whether the signature is this key's; compared in constant time.
    fn has_signed(&self, text: &str, signature: &[u8]) -> bool {
        // HMAC takes keys of every length.
        Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).is_ok_and(|mut mac| {
            mac.update(text.as_bytes());
            mac.verify_slice(signature).is_ok()
        })
    }
}

fn decode(text: &str) -> Result<Vec<u8>, TokenError> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| TokenError::Forged)
}

fn read_json<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, TokenError> {
    serde_json::from_slice(&decode(text)?).map_err(|_| TokenError::Foreign)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef";
    const NOW: i64 = 1_800_000_000;

    fn sign(key: &str, signed: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
        mac.update(signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        format!("{signed}.{signature}")
    }

    fn token(key: &str, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        sign(key, &format!("{}.{}", part(header), part(claims)))
    }

    fn read(text: &str) -> Result<AccountToken, TokenError> {
        let keys = ["fedcba9876543210fedcba9876543210", KEY];
        AccountToken::read(&keys.map(|key| key.parse().unwrap()), text, NOW)
    }

    fn hs256() -> Value {
        json!({ "alg": "HS256", "typ": "JWT" })
    }

    fn claims() -> Value {
        json!({
            "aud": "nosale", "sub": "a-17", "iat": NOW - 10, "exp": NOW + 300, "jti": "0123456789",
        })
    }

    #[test]
    fn a_right_token_names_its_account() {
        let expected = AccountToken {
            account: "a-17".to_owned(),
            number: "0123456789".to_owned(),
            expires: NOW + 300,
        };
        assert_eq!(read(&token(KEY, &hs256(), &claims())), Ok(expected));
        // Signed elsewhere, by Python's hmac.
        let elsewhere = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\
            eyJzdWIiOiJhLTE3IiwiYXVkIjoibm9zYWxlIiwiaWF0IjoxNzk5OTk5OTkwLCJleHAiOjE4MDAwMDAz\
            MDAsImp0aSI6IjAxMjM0NTY3ODkifQ.\
            jRlCw2qUtWXnlm4zvLhY1F1jEmP8s62HjUxgrRZmPjI";
        assert_eq!(read(elsewhere).unwrap().account, "a-17");
    }

    #[test]
    fn claims_are_checked() {
        for (name, value, expected) in [
            ("aud", json!(["other", "nosale"]), None),
            ("aud", json!("nosale.example"), Some(TokenError::Foreign)),
            ("aud", json!([]), Some(TokenError::Foreign)),
            ("aud", json!(null), Some(TokenError::Foreign)),
            ("sub", json!(""), Some(TokenError::Foreign)),
            ("sub", json!("x".repeat(256)), None),
            ("sub", json!("x".repeat(257)), Some(TokenError::Foreign)),
            ("sub", json!(17), Some(TokenError::Foreign)),
            ("jti", json!("1234567"), Some(TokenError::Foreign)),
            ("exp", json!(NOW + 1), None),
            ("exp", json!(NOW), Some(TokenError::Expired)),
            ("exp", json!(NOW - 1_000_000), Some(TokenError::Expired)),
            ("exp", json!(NOW - 10 + LIFE), None),
            ("exp", json!(NOW - 10 + LIFE + 1), Some(TokenError::Life)),
            ("exp", json!(i64::MAX), Some(TokenError::Life)),
            ("exp", json!(1e300), Some(TokenError::Foreign)),
            ("exp", json!("never"), Some(TokenError::Foreign)),
            ("iat", json!(NOW + 60), None),
            ("iat", json!(NOW + 61), Some(TokenError::Life)),
            ("iat", json!(i64::MIN), Some(TokenError::Life)),
            ("nbf", json!(NOW + 60), None),
            ("nbf", json!(NOW + 61), Some(TokenError::Life)),
            ("iss", json!("https://www.example.com"), None),
        ] {
            let mut changed = claims();
            changed[name] = value.clone();
            let read = read(&token(KEY, &hs256(), &changed));
            assert_eq!(read.err(), expected, "{name}: {value}");
        }
        for name in ["aud", "sub", "iat", "exp", "jti"] {
            let mut changed = claims();
            changed.as_object_mut().unwrap().remove(name);
            let read = read(&token(KEY, &hs256(), &changed));
            assert_eq!(read, Err(TokenError::Foreign), "without {name}");
        }
    }

    #[test]
    fn only_the_keys_signature_counts() {
        let right = token(KEY, &hs256(), &claims());
        let (signed, signature) = right.rsplit_once('.').unwrap();
        let other_claims = {
            let mut claims = claims();
            claims["sub"] = json!("a-18");
            URL_SAFE_NO_PAD.encode(claims.to_string())
        };
        let header = URL_SAFE_NO_PAD.encode(hs256().to_string());
        for forged in [
            token(&KEY.replace('0', "1"), &hs256(), &claims()),
            token("", &hs256(), &claims()),
            format!("{header}.{other_claims}.{signature}"),
            format!("{signed}."),
            format!("{signed}.{}", &signature[..20]),
            format!("{right}="),
            format!("{right}.{signature}"),
            signed.to_owned(),
            String::new(),
            "..".to_owned(),
            token(KEY, &json!({ "alg": "none" }), &claims()),
            token(KEY, &json!({ "alg": "HS512" }), &claims()),
            token(KEY, &json!({ "alg": "HS256", "crit": ["b64"] }), &claims()),
        ] {
            assert_eq!(read(&forged), Err(TokenError::Forged), "{forged}");
        }
        assert_eq!(
            AccountToken::read(&[], &right, NOW),
            Err(TokenError::Forged)
        );
    }

    #[test]
    fn keys_are_long_and_stay_secret() {
        for wrong in ["", "short", &"x".repeat(31), &"x y".repeat(20)] {
            assert!(wrong.parse::<AccountKey>().is_err(), "{wrong:?}");
        }
        let key: AccountKey = KEY.parse().unwrap();
        assert!(!format!("{key:?}").contains("0123"));
    }
}
