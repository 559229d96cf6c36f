//! The functions that ad systems call: `__gpp` (GPP CMP API 1.1) and `__uspapi` (US Privacy User
//! Signal API 1), for scripts of the page and, over messages, for frames of any origin.

mod asker;
mod gpp;
mod listeners;
mod messages;
mod objects;
mod owner;
mod slot;
mod stub;
mod usp;

use super::page::Page;
use super::store::Store;
use crate::config::GppSettings;
use crate::strings::{Strings, Told};
use gpp::GppApi;
use messages::Locators;
use usp::UspApi;

/// Both functions of one page.
pub struct CmpApi {
    gpp: GppApi,
    usp: UspApi,
    locators: Locators,
}

impl CmpApi {
    /// Functions that are not in the page yet.
    pub fn new(page: &Page, settings: &GppSettings) -> CmpApi {
        CmpApi {
            gpp: GppApi::new(page.clone(), settings),
            usp: UspApi::new(page.clone(), settings.usp_cookie),
            locators: Locators::new(page.clone()),
        }
    }

    /// Tells the page what `now` gives, from now on: with events if it is something else than before,
    /// and the first time by putting the functions into the page.
    pub fn tell(&'static self, now: &dyn Fn() -> Strings, store: &Store) {
        self.usp.tell(&now(), store);
        if self.gpp.is_installed() {
            self.gpp.tell(now);
            return;
        }
        // Who was there before has handlers of messages, too.
        self.locators
            .claim([!self.gpp.is_elsewhere(), !self.usp.is_elsewhere()]);
        self.usp.install();
        self.gpp.install(now());
        self.locators.listen();
        messages::listen(self);
    }

    /// What the page would be told of these strings, another tool's sections included.
    pub fn told(&self, strings: &Strings) -> Told {
        self.gpp.told(strings)
    }

    /// The dialog is on the screen, or is no longer.
    pub fn show(&self, visible: bool) {
        self.gpp.show(visible);
    }

    /// The page is there: who was there before would have placed a frame by now.
    pub fn begin(&'static self) {
        self.locators.claim([true; 2]);
        self.mend();
    }

    /// Puts back what the page has thrown out or written over since.
    pub fn mend(&'static self) {
        self.gpp.mend();
        self.usp.mend();
        self.locators.place();
    }
}
