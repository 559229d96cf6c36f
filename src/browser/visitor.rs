//! What the page knows of its visitor at this moment.

use std::cell::{Cell, RefCell};

use crate::config::{Config, Context};
use crate::policy::{Gpc, Jurisdiction, Purposes, Settings, Signals};
use crate::status::JurisdictionFrom;

/// What the page knows of its visitor. What it learns late never lifts an opt-out by its absence.
pub struct Visitor {
    /// The law that applies.
    pub jurisdiction: Cell<&'static Jurisdiction>,
    /// Where the jurisdiction comes from.
    pub jurisdiction_from: Cell<JurisdictionFrom>,
    /// What is said without asking the visitor.
    pub signals: Cell<Signals>,
    /// The publisher's own id of the account.
    pub account: RefCell<Option<String>>,
    /// What the account has been asked to allow again by this page.
    pub lifting: Cell<Purposes>,
}

impl Visitor {
    /// The visitor as the config and `Server-Timing` know them; the config goes first.
    pub fn new(config: &Config, timing: Context, gpc: Gpc) -> Visitor {
        let visitor = Visitor {
            jurisdiction: Cell::new(Jurisdiction::national()),
            jurisdiction_from: Cell::new(JurisdictionFrom::Default),
            signals: Cell::new(Signals {
                gpc,
                ..Signals::default()
            }),
            account: RefCell::new(None),
            lifting: Cell::default(),
        };
        visitor.learn(timing, JurisdictionFrom::ServerTiming);
        let known = Context {
            jurisdiction: config.jurisdiction,
            account: Some(config.account.clone()),
            age: config.age,
        };
        visitor.learn(known, JurisdictionFrom::Config);
        visitor
    }

    /// Takes in what the page says; what is absent stays.
    pub fn learn(&self, context: Context, from: JurisdictionFrom) {
        if let Some(jurisdiction) = context.jurisdiction {
            self.jurisdiction.set(jurisdiction);
            self.jurisdiction_from.set(from);
        }
        let mut signals = self.signals.get();
        signals.age = context.age.or(signals.age);
        if let Some(account) = context.account {
            signals.account = signals.account.union(account.opt_out);
            let another = account.id.is_some() && *self.account.borrow() != account.id;
            // Another account is another child: consent does not pass over.
            let known = signals.parental_consent && !another;
            signals.parental_consent = account.parental_consent.unwrap_or(known);
            if another {
                self.lifting.take();
            }
            if account.id.is_some() {
                self.account.replace(account.id);
            }
        }
        self.signals.set(signals);
    }

    /// The signals without what the account is opted out of, as far as `lifted` goes.
    pub fn signals_without(&self, lifted: Purposes) -> Signals {
        let signals = self.signals.get();
        Signals {
            account: signals.account.without(lifted),
            ..signals
        }
    }

    /// Takes in what the browser says now.
    pub fn see(&self, gpc: Gpc) {
        self.signals.set(Signals {
            gpc,
            ..self.signals.get()
        });
    }

    /// The publisher's settings, with whether the visitor is known.
    pub fn settings(&self, config: &Config) -> Settings {
        Settings {
            gpc_scope: config.signals.gpc_scope,
            consent_despite_signal: config.signals.consent_despite_signal,
            keep_earlier: config.signals.keep_earlier,
            known: self.account.borrow().is_some(),
        }
    }
}
