//! Who is affected: the vendors of each purpose, and what may reach them now.

use super::shown::{Shown, part};
use crate::browser::app::App;
use crate::browser::elements::add;
use crate::policy::{Mode, Treatment};

impl Shown {
    /// Lists the vendors by purpose.
    pub(super) fn list_vendors(&self, app: &App) {
        let Ok(place) = part(&self.dialog, "vendors") else {
            return;
        };
        place.set_text_content(None);
        let decision = app.decision();
        for purpose in app.config.purposes.iter() {
            let affected = || {
                let of_purpose = app.vendors().iter();
                of_purpose.filter(|vendor| vendor.mode != Mode::Off && vendor.purposes.has(purpose))
            };
            let number = affected().count() as u32;
            if number == 0 {
                continue;
            }
            let arguments = [
                self.texts.locale().into(),
                self.texts.words(),
                "vendors_count".into(),
                number.into(),
            ];
            let count = self.call("count", &arguments);
            let count = count
                .and_then(|count| count.as_string())
                .unwrap_or_default();
            let title = [&*self.texts.get(purpose.name()), ": ", &*count];
            let _ = add(&place, "h3", &title.concat());
            let Ok(list) = add(&place, "ul", "") else {
                return;
            };
            for vendor in affected() {
                let state = match vendor.treatment(&decision) {
                    Treatment::Allowed => "vendor_allowed",
                    Treatment::Blocked => "vendor_blocked",
                    Treatment::Restricted => "vendor_restricted",
                };
                let line = [
                    &*vendor.name.replace('_', " "),
                    ": ",
                    &*self.texts.get(state),
                ];
                let _ = add(&list, "li", &line.concat());
            }
        }
    }
}
