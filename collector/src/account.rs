//! What an event changes about an account: the opt-outs that bind the person, not the browser
//! (regs 7025(c)(1)).
//!
//! An opt-out needs no proof of who asks (regs 7026): an event that names an account opts it out of
//! what the event shows as denied by the signal or a choice. What it shows as denied by the account
//! itself is the page's own word for the account: an echo, which counts where nothing is known yet
//! and never undoes what was lifted since. Lifting needs a proof: only a choice to opt in, with a
//! right token, lifts, and only what it changed from denied to permitted, or asks the account to
//! lift. An event with a token that is not right changes nothing.

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
const ASKED_OUT: [&str; 3] = ["gpc", "choice", "earlier_signal"];
/// The reason to deny that repeats what the page was told of the account.
const ECHOED: [&str; 1] = ["account"];
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
    /// The purposes that the page passed as opted out of.
    pub echoed: Vec<&'static str>,
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
    /// The purposes that it is opted out of unless an event has spoken of them before.
    pub echoed: Vec<&'static str>,
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
        // A request is about what is held elsewhere, not about what holds in the page.
        let is_report = event["type"] != "nosale.violation" && event["type"] != "nosale.request";
        let is_opt_in = event["type"] == "nosale.choice" && data["kind"] == "opt_in";
        let of = |wanted: &dyn Fn(&Value) -> bool| -> Vec<&'static str> {
            let purposes = PURPOSES.into_iter();
            purposes
                .filter(|name| wanted(&data["purposes"][name]))
                .collect()
        };
        let because = |purpose: &Value, reasons: &[&str]| {
            let because = purpose["because"].as_str();
            because.is_some_and(|because| reasons.contains(&because))
        };
        let denied_by = |reasons: &[&str]| {
            of(&|purpose| is_report && purpose["allowed"] == false && because(purpose, reasons))
        };
        let mut echoed = denied_by(&ECHOED);
        let mut lifted = of(&|purpose| {
            let is_lifted = purpose["allowed"] == true && purpose["before"] == false;
            is_opt_in && is_lifted && because(purpose, &ASKED_IN)
        });
        let asked = data["lifts"].as_array().filter(|_| is_opt_in);
        let is_asked = |name: &&str| asked.is_some_and(|asked| asked.iter().any(|one| one == name));
        lifted.extend(echoed.iter().copied().filter(is_asked));
        echoed.retain(|name| !is_asked(name));
        Self {
            token: token.and_then(|token| token.as_str().map(str::to_owned)),
            account: data["account"].as_str().map(str::to_owned),
            out: denied_by(&ASKED_OUT),
            echoed,
            lifted,
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
                echoed: self.echoed.clone(),
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
                    echoed: self.echoed.clone(),
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
        for (because, expected, echoed) in [
            ("gpc", true, false),
            ("choice", true, false),
            ("account", false, true),
            ("earlier_signal", true, false),
            ("child", false, false),
            ("opt_in_law", false, false),
            ("unreadable_record", false, false),
        ] {
            let purposes = json!({
                "sale": purpose(false, because, false),
                "sharing": purpose(true, "default", true),
            });
            for event_type in ["nosale.choice", "nosale.signal", "nosale.link"] {
                let claim = Claim::take(&mut event(event_type, "opt_out", &purposes));
                let sale = |listed| if listed { &["sale"][..] } else { &[] };
                assert_eq!(claim.out, sale(expected), "{because}");
                assert_eq!(claim.echoed, sale(echoed), "{because}");
                assert!(claim.lifted.is_empty());
            }
            let claim = Claim::take(&mut event("nosale.violation", "opt_out", &purposes));
            assert!(claim.out.is_empty() && claim.echoed.is_empty());
        }
    }

    #[test]
    fn an_opt_in_may_ask_for_what_the_account_holds_and_for_nothing_else() {
        let purposes = json!({
            "sale": purpose(false, "account", false),
            "sharing": purpose(false, "gpc", false),
            "profiling": purpose(false, "account", false),
        });
        for (event_type, kind, lifted, echoed) in [
            ("nosale.choice", "opt_in", &["sale"][..], &["profiling"][..]),
            ("nosale.choice", "opt_out", &[], &["sale", "profiling"]),
            ("nosale.signal", "opt_in", &[], &["sale", "profiling"]),
            ("nosale.link", "opt_in", &[], &["sale", "profiling"]),
        ] {
            let mut event = event(event_type, kind, &purposes);
            event["data"]["lifts"] = json!(["sale", "sharing", "sensitive_data"]);
            let claim = Claim::take(&mut event);
            assert_eq!(claim.lifted, lifted, "{event_type} {kind}");
            assert_eq!(claim.echoed, echoed, "{event_type} {kind}");
            assert_eq!(claim.out, ["sharing"], "{event_type} {kind}");
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
            echoed: Vec::new(),
            lifted: vec!["sharing"],
        };
        let change = claim.check(&[], 0).unwrap().unwrap();
        assert_eq!((change.out.len(), change.lifted.len()), (1, 0));
        claim.token = Some("a.b.c".to_owned());
        assert_eq!(claim.check(&[], 0), Err(TokenError::Forged));
        assert_eq!(Claim::default().check(&[], 0), Ok(None));
    }
}
