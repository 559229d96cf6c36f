//! What an event changes about an account: the opt-outs that bind the person, not the browser
//! (regs 7025(c)(1)).
//!
//! An opt-out needs no proof of who asks (regs 7026): an event that names an account opts it out of
//! what the event shows as denied by the signal, a choice or the account itself. Lifting does: only
//! a choice to opt in, with a right token, lifts, and only what it changed from denied to
//! permitted. An event with a token that is not right changes nothing.

use serde_json::Value;

use crate::account_token::{AccountKey, AccountToken, TokenError};

const PURPOSES: [&str; 5] = [
    "sale",
    "sharing",
    "targeted_advertising",
    "profiling",
    "sensitive_data",
];
/// Reasons to deny that come from what somebody asked for, and not from the law or from a fault.
const ASKED_OUT: [&str; 4] = ["gpc", "choice", "account", "earlier_signal"];
/// Reasons to permit that come from an explicit opt-in.
const ASKED_IN: [&str; 2] = ["choice", "consent"];

/// What an event says about an account, as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// The token that came with it.
    pub token: Option<String>,
    /// The account that its data names.
    pub account: Option<String>,
    /// The purposes that somebody opted out of.
    pub out: Vec<&'static str>,
    /// The purposes that somebody opted in to, by this event.
    pub lifted: Vec<&'static str>,
}

/// What an event changes about an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The account.
    pub account: String,
    /// The token's number and end, if one vouches.
    pub token: Option<(String, i64)>,
    /// The purposes that it is opted out of now.
    pub out: Vec<&'static str>,
    /// The purposes whose opt-out is lifted.
    pub lifted: Vec<&'static str>,
}

impl Claim {
    /// Takes the token out of an event that is right, and reads what the event says.
    pub fn take(event: &mut Value) -> Self {
        let token = event
            .as_object_mut()
            .and_then(|event| event.remove("accounttoken"));
        let data = &event["data"];
        let is_report = event["type"] != "nosale.violation";
        let is_opt_in = event["type"] == "nosale.choice" && data["kind"] == "opt_in";
        let of = |wanted: &dyn Fn(&Value) -> bool| {
            let purposes = PURPOSES.into_iter();
            purposes
                .filter(|name| wanted(&data["purposes"][name]))
                .collect()
        };
        let because = |purpose: &Value, reasons: &[&str]| {
            let because = purpose["because"].as_str();
            because.is_some_and(|because| reasons.contains(&because))
        };
        Self {
            token: token.and_then(|token| token.as_str().map(str::to_owned)),
            account: data["account"].as_str().map(str::to_owned),
            out: of(&|purpose| {
                is_report && purpose["allowed"] == false && because(purpose, &ASKED_OUT)
            }),
            lifted: of(&|purpose| {
                let is_lifted = purpose["allowed"] == true && purpose["before"] == false;
                is_opt_in && is_lifted && because(purpose, &ASKED_IN)
            }),
        }
    }

    /// What it changes at a time in seconds since 1970, if anything.
    pub fn check(&self, keys: &[AccountKey], now: i64) -> Result<Option<Change>, TokenError> {
        let change = match (&self.token, &self.account) {
            (None, None) => return Ok(None),
            (None, Some(account)) => Change {
                account: account.clone(),
                token: None,
                out: self.out.clone(),
                lifted: Vec::new(),
            },
            (Some(token), named) => {
                let token = AccountToken::read(keys, token, now)?;
                if named.as_ref().is_some_and(|named| *named != token.account) {
                    return Err(TokenError::Foreign);
                }
                Change {
                    account: token.account,
                    token: Some((token.number, token.expires)),
                    out: self.out.clone(),
                    lifted: self.lifted.clone(),
                }
            }
        };
        Ok(Some(change))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(event_type: &str, kind: &str, purposes: &Value) -> Value {
        json!({
            "type": event_type,
            "accounttoken": "a.b.c",
            "data": { "kind": kind, "account": "a-17", "purposes": purposes },
        })
    }

    fn purpose(allowed: bool, because: &str, before: bool) -> Value {
        json!({ "allowed": allowed, "because": because, "before": before })
    }

    #[test]
    fn only_what_somebody_asked_for_is_an_opt_out() {
        for (because, expected) in [
            ("gpc", true),
            ("choice", true),
            ("account", true),
            ("earlier_signal", true),
            ("child", false),
            ("opt_in_law", false),
            ("unreadable_record", false),
        ] {
            let purposes = json!({
                "sale": purpose(false, because, false),
                "sharing": purpose(true, "default", true),
            });
            for event_type in ["nosale.choice", "nosale.signal", "nosale.link"] {
                let claim = Claim::take(&mut event(event_type, "opt_out", &purposes));
                let out: &[&str] = if expected { &["sale"] } else { &[] };
                assert_eq!(claim.out, out, "{because}");
                assert!(claim.lifted.is_empty());
            }
            let claim = Claim::take(&mut event("nosale.violation", "opt_out", &purposes));
            assert!(claim.out.is_empty());
        }
    }

    #[test]
    fn only_a_choice_to_opt_in_lifts_and_only_what_it_changed() {
        let purposes = json!({
            "sale": purpose(true, "choice", false),
            "sharing": purpose(true, "default", false),
            "targeted_advertising": purpose(true, "choice", true),
            "profiling": purpose(false, "account", false),
            "sensitive_data": purpose(true, "consent", false),
        });
        for (event_type, kind, lifted) in [
            ("nosale.choice", "opt_in", &["sale", "sensitive_data"][..]),
            ("nosale.choice", "opt_out", &[]),
            ("nosale.choice", "limit", &[]),
            ("nosale.signal", "opt_in", &[]),
            ("nosale.link", "opt_in", &[]),
            ("nosale.violation", "opt_in", &[]),
        ] {
            let claim = Claim::take(&mut event(event_type, kind, &purposes));
            assert_eq!(claim.lifted, lifted, "{event_type} {kind}");
        }
    }

    #[test]
    fn the_token_is_taken_out() {
        let mut event = event("nosale.choice", "opt_in", &json!({}));
        let claim = Claim::take(&mut event);
        assert_eq!(claim.token.as_deref(), Some("a.b.c"));
        assert!(!event.to_string().contains("a.b.c"));
    }

    #[test]
    fn without_a_token_nothing_is_lifted_and_with_a_wrong_one_nothing_changes() {
        let mut claim = Claim {
            token: None,
            account: Some("a-17".to_owned()),
            out: vec!["sale"],
            lifted: vec!["sharing"],
        };
        let change = claim.check(&[], 0).unwrap().unwrap();
        assert_eq!((change.out.len(), change.lifted.len()), (1, 0));
        claim.token = Some("a.b.c".to_owned());
        assert_eq!(claim.check(&[], 0), Err(TokenError::Forged));
        assert_eq!(Claim::default().check(&[], 0), Ok(None));
    }
}
