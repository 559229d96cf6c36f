//! The visitor's account at the publisher: its link to what holds here.

use js_sys::{Error, JSON};
use wasm_bindgen::JsValue;

use super::App;
use crate::browser::page::member;
use crate::config::{Account, Context};
use crate::policy::Decision;
use crate::report::token::claims;
use crate::report::{EventType, How, Kind};
use crate::status::JurisdictionFrom;

impl App {
    /// Links what holds to the account that a token vouches for. The token goes with the event that
    /// says so. Where this page has said it already, the token waits for an opt-in, which alone may
    /// lift the account's opt-out.
    ///
    /// # Errors
    ///
    /// If it is no token that names an account.
    pub fn identify(&'static self, token: &str) -> Result<(), JsValue> {
        let account = account_in(token).ok_or_else(|| {
            Error::new("nosale: identify() takes a JSON Web Token whose \"sub\" is an account")
        })?;
        let before = self.state();
        let known = Context {
            account: Some(Account {
                id: Some(account.clone()),
                ..Account::default()
            }),
            ..Context::default()
        };
        self.visitor.learn(known, JurisdictionFrom::Context);
        self.read_store();
        self.arrive();
        self.link_to(account, token);
        self.announce(&before);
        self.reporter.flush();
        Ok(())
    }

    pub(super) fn link_to(&self, account: String, token: &str) {
        let decision = self.decision();
        let spare = match &mut *self.link.borrow_mut() {
            Some(link) if link.account == account && link.decision == decision => {
                if link.token != token {
                    link.spare = Some(token.to_owned());
                }
                return;
            }
            // A token that was used once is refused the second time.
            Some(link) if link.token == token => return,
            Some(link) if link.account == account => link.spare.take(),
            _ => None,
        };
        let mut event = self.event(EventType::Link, Kind::Link, How::Account, &decision);
        event.accounttoken = Some(token.to_owned());
        self.reporter.keep(&event);
        let token = token.to_owned();
        self.link.replace(Some(Link {
            account,
            decision,
            token,
            spare,
        }));
    }

    /// Whether there is a token that no event has carried yet, for the account that events name now.
    pub(super) fn has_token(&self) -> bool {
        let named = self.visitor.account.borrow();
        let link = self.link.borrow();
        link.as_ref()
            .is_some_and(|link| link.spare.is_some() && named.as_ref() == Some(&link.account))
    }

    pub(super) fn take_token(&self) -> Option<String> {
        if !self.has_token() {
            return None;
        }
        self.link.borrow_mut().as_mut()?.spare.take()
    }

    /// The account did not allow what an event of this number asked for: it can be asked again.
    pub(super) fn token_refused(&'static self, id: &str) {
        let ours = self
            .last_choice
            .borrow()
            .as_ref()
            .is_some_and(|event| event.id == id);
        if ours {
            self.visitor.lifting.take();
            self.arrive();
            self.show();
        }
    }
}

/// What this page has linked to an account.
pub(super) struct Link {
    account: String,
    decision: Decision,
    /// The token that the event carried.
    token: String,
    /// One that no event has carried yet.
    spare: Option<String>,
}

/// The account's id in a token that nobody has verified.
pub(super) fn account_in(token: &str) -> Option<String> {
    let claims = JSON::parse(&claims(token)?).ok()?;
    let account = member(&claims, "sub").as_string()?;
    (1..=256)
        .contains(&account.chars().count())
        .then_some(account)
}
