//! `notice`: what the visitor sees.

use super::{At, Reader};
use crate::config::{
    Config, Contact, Json, LOCALES, LinkKind, NoticeMode, Position, Problem, Theme, locale_of,
};

impl Reader {
    pub(super) fn notice(&mut self, at: &At, json: &Json, config: &mut Config) {
        let notice = &mut config.notice;
        let known = &[
            "link",
            "limitLink",
            "mode",
            "theme",
            "position",
            "locale",
            "policyUrl",
            "optOutUrl",
            "contacts",
            "sentence",
            "offlineForm",
        ];
        self.object(at, json, known, &mut |reader, at, value| match at.key {
            "link" => reader.set(
                at,
                value,
                &LinkKind::NAMES,
                &LinkKind::ALL,
                &mut notice.link,
            ),
            "limitLink" => {
                let mistakes = reader.problems.len();
                let mut limit = false;
                reader.flag(at, value, &mut limit);
                notice.limit_link = (reader.problems.len() == mistakes).then_some(limit);
            }
            "mode" => reader.set(
                at,
                value,
                &NoticeMode::NAMES,
                &NoticeMode::ALL,
                &mut notice.mode,
            ),
            "theme" => reader.set(at, value, &Theme::NAMES, &Theme::ALL, &mut notice.theme),
            "position" => reader.set(
                at,
                value,
                &Position::NAMES,
                &Position::ALL,
                &mut notice.position,
            ),
            "locale" => notice.locale = reader.locale(at, value),
            "policyUrl" => notice.policy_url = reader.link(at, value),
            "optOutUrl" => notice.opt_out_url = reader.link(at, value),
            "contacts" => reader.list(at, value, &mut |reader, at, value| {
                if let Some(place) = reader.word(at, value, &Contact::NAMES, "it is left out") {
                    let contact = Contact::ALL[place];
                    if !notice.contacts.contains(&contact) {
                        notice.contacts.push(contact);
                    }
                }
            }),
            "sentence" => notice.sentence = reader.text(at, value),
            _ => reader.flag(at, value, &mut notice.offline_form),
        });
    }

    /// What the visitor writes into a form can be sent nowhere without an endpoint.
    pub(super) fn check_forms(&mut self, config: &mut Config) {
        let notice = &mut config.notice;
        if config.endpoint.is_none() && (notice.offline_form || !notice.contacts.is_empty()) {
            notice.offline_form = false;
            notice.contacts.clear();
            self.problems.push(Problem {
                path: "endpoint".to_owned(),
                value: "absent".to_owned(),
                expected: "one, for notice.offlineForm and notice.contacts".to_owned(),
                suggestion: None,
                instead: "the dialog has no forms",
            });
        }
    }

    /// A tag of a language that nosale speaks.
    fn locale(&mut self, at: &At, json: &Json) -> Option<&'static str> {
        let known = match json {
            Json::Text(tag) => locale_of(tag),
            _ => None,
        };
        if known.is_none() {
            self.word(at, json, &LOCALES, "the page's language applies");
        }
        known
    }
}
