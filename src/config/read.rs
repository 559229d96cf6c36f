//! From a JSON value to the config, naming every mistake.

mod notice;

use std::borrow::Cow;

use super::problem::nearest;
use super::{Account, Config, Context, Endpoint, GateMode, Json, Mspa, Problem};
use crate::policy::{
    Age, CatalogueEntry, GpcScope, Jurisdiction, Mode, Purpose, Purposes, Rule, RuleError,
    SensitiveKind, SensitiveKinds, Vendor,
};
use crate::text::{digits, find_last};

/// Cookies live at most 400 days in browsers, and an opt-out must be remembered for 12 months
/// (Civil Code 1798.135(c)(4)).
const RECORD_DAYS: (u32, u32) = (365, 400);

/// The longest text, in bytes, that is taken from the config.
const MAX_TEXT_BYTES: usize = 2000;

const UNKNOWN_KEY: &str = "an unknown key";

/// A build may include a part of the catalogue only; it does not carry the names of the rest.
const NOT_INCLUDED: &str = "it is not known here: give it with its rules, as in dist/catalogue.json if it is there, or build nosale with it, see [catalogue] in wasm-pack.toml";

/// Reads the config. Where something is wrong, it is named and the protective default holds.
pub fn read(json: &Json) -> (Config, Vec<Problem>) {
    let mut reader = Reader::default();
    let mut config = Config::default();
    let root = At {
        parent: None,
        key: "",
    };
    reader.object(
        &root,
        json,
        &[
            "jurisdiction",
            "purposes",
            "revision",
            "signals",
            "account",
            "age",
            "record",
            "endpoint",
            "vendors",
            "gate",
            "gpp",
            "notice",
        ],
        &mut |reader, at, value| match at.key {
            "jurisdiction" => config.jurisdiction = Some(reader.jurisdiction(at, value)),
            "purposes" => {
                let purposes = reader.some_purposes(at, value, "it is left out");
                if !purposes.is_empty() {
                    config.purposes = purposes;
                }
            }
            "revision" => reader.whole(at, value, (0, u32::MAX), &mut config.revision),
            "signals" => reader.signals(at, value, &mut config),
            "account" => config.account = reader.account(at, value),
            "age" => config.age = Some(reader.age(at, value)),
            "record" => reader.record(at, value, &mut config),
            "endpoint" => config.endpoint = reader.endpoint(at, value),
            "vendors" => config.vendors = reader.vendors(at, value),
            "gate" => reader.gate(at, value, &mut config),
            "gpp" => reader.gpp(at, value, &mut config),
            _ => reader.notice(at, value, &mut config),
        },
    );
    reader.check_forms(&mut config);
    (config, reader.problems)
}

/// Reads the argument of `setContext()`. `ageBand` stands for `age`, and `account.optedOut` for
/// `account.optOut`.
pub fn read_context(json: &Json) -> (Context, Vec<Problem>) {
    let mut reader = Reader::default();
    let mut context = Context::default();
    let root = At {
        parent: None,
        key: "context",
    };
    reader.object(
        &root,
        json,
        &["jurisdiction", "account", "age", "ageBand"],
        &mut |reader, at, value| match at.key {
            "jurisdiction" => context.jurisdiction = Some(reader.jurisdiction(at, value)),
            "account" => context.account = Some(reader.account(at, value)),
            _ => context.age = Some(reader.age(at, value)),
        },
    );
    (context, reader.problems)
}

/// Reads a list of purposes, or the name of one.
///
/// # Errors
///
/// The mistakes, each with the text for a message.
pub fn read_purposes(json: &Json) -> Result<Purposes, Vec<Problem>> {
    let mut reader = Reader::default();
    let one;
    let json = match json {
        Json::Text(_) => {
            one = Json::List(vec![json.clone()]);
            &one
        }
        _ => json,
    };
    let purposes = reader.some_purposes(
        &At {
            parent: None,
            key: "purposes",
        },
        json,
        "nothing was changed",
    );
    if reader.problems.is_empty() {
        Ok(purposes)
    } else {
        Err(reader.problems)
    }
}

/// Where in the config a value stands; its text is made only for a message.
struct At<'a> {
    parent: Option<&'a At<'a>>,
    /// A member's name, or empty for a list's item.
    key: &'a str,
}

impl At<'_> {
    fn path(&self) -> String {
        let mut path = self.parent.map(At::path).unwrap_or_default();
        if !path.is_empty() && !self.key.starts_with('[') {
            path.push('.');
        }
        path.push_str(self.key);
        path
    }
}

#[derive(Default)]
struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn wrong(&mut self, at: &At, value: &Json, expected: &str, instead: &'static str) {
        self.problems.push(Problem {
            path: at.path(),
            value: value.brief(),
            expected: expected.to_owned(),
            suggestion: None,
            instead,
        });
    }

    /// Calls `member` for each known member of an object; an unknown one is a problem. `null` stands
    /// for absent.
    fn object(
        &mut self,
        at: &At,
        json: &Json,
        known: &[&'static str],
        member: &mut dyn FnMut(&mut Reader, &At, &Json),
    ) {
        let Json::Object(members) = json else {
            return self.wrong(at, json, "an object", "its defaults apply");
        };
        for (key, value) in members {
            let place = At {
                parent: Some(at),
                key,
            };
            if !known.contains(&key.as_str()) {
                self.problems.push(Problem {
                    path: place.path(),
                    value: UNKNOWN_KEY.to_owned(),
                    expected: one_of(known),
                    suggestion: nearest(key, known),
                    instead: "it is ignored",
                });
            } else if *value != Json::Null {
                member(self, &place, value);
            }
        }
    }

    fn list(&mut self, at: &At, json: &Json, item: &mut dyn FnMut(&mut Reader, &At, &Json)) {
        let Json::List(items) = json else {
            return self.wrong(at, json, "a list", "its default applies");
        };
        for (place, value) in items.iter().enumerate() {
            let key = ["[", &digits(place as u64), "]"].concat();
            item(
                self,
                &At {
                    parent: Some(at),
                    key: &key,
                },
                value,
            );
        }
    }

    /// The place of a word in `names`.
    fn word(
        &mut self,
        at: &At,
        json: &Json,
        names: &[&'static str],
        instead: &'static str,
    ) -> Option<usize> {
        let text = match json {
            Json::Text(text) => text.as_str(),
            _ => "",
        };
        let place = names.iter().position(|name| *name == text);
        if place.is_none() {
            self.problems.push(Problem {
                path: at.path(),
                value: json.brief(),
                expected: one_of(names),
                suggestion: nearest(text, names),
                instead,
            });
        }
        place
    }

    fn set<T: Copy>(
        &mut self,
        at: &At,
        json: &Json,
        names: &[&'static str],
        values: &[T],
        target: &mut T,
    ) {
        if let Some(place) = self.word(at, json, names, "its default applies") {
            *target = values[place];
        }
    }

    fn flag(&mut self, at: &At, json: &Json, target: &mut bool) {
        match json {
            Json::Bool(value) => *target = *value,
            _ => self.wrong(at, json, "true or false", "its default applies"),
        }
    }

    fn whole(&mut self, at: &At, json: &Json, (least, most): (u32, u32), target: &mut u32) {
        match json {
            Json::Number(number)
                if number.trunc() == *number
                    && *number >= least.into()
                    && *number <= most.into() =>
            {
                *target = *number as u32;
            }
            _ => {
                let expected = [
                    "a whole number from ",
                    &digits(least.into()),
                    " to ",
                    &digits(most.into()),
                ]
                .concat();
                self.wrong(at, json, &expected, "its default applies");
            }
        }
    }

    fn text(&mut self, at: &At, json: &Json) -> Option<String> {
        match json {
            Json::Text(text) if !text.is_empty() && text.len() <= MAX_TEXT_BYTES => {
                Some(text.clone())
            }
            _ => {
                self.wrong(at, json, "a text of 1 to 2000 bytes", "it is ignored");
                None
            }
        }
    }

    fn texts(&mut self, at: &At, json: &Json) -> Vec<String> {
        let mut texts = Vec::new();
        self.list(at, json, &mut |reader, at, value| {
            texts.extend(reader.text(at, value))
        });
        texts
    }

    /// An address that a link may lead to: never a `javascript:` one.
    fn link(&mut self, at: &At, json: &Json) -> Option<String> {
        let text = self.text(at, json)?;
        if scheme(&text).is_none_or(|scheme| scheme == "https" || scheme == "http") {
            return Some(text);
        }
        self.wrong(
            at,
            json,
            "an http or https address, or a path",
            "it is ignored",
        );
        None
    }

    fn jurisdiction(&mut self, at: &At, json: &Json) -> &'static Jurisdiction {
        let known = match json {
            Json::Text(code) => Jurisdiction::from_code(code),
            _ => None,
        };
        known.unwrap_or_else(|| {
            let expected = "\"US-\" and a state's two letters, \"US\" or \"none\"";
            self.wrong(at, json, expected, "the national approach, \"US\", applies");
            Jurisdiction::national()
        })
    }

    fn purposes(&mut self, at: &At, json: &Json, instead: &'static str) -> Purposes {
        let mut purposes = Purposes::NONE;
        self.list(at, json, &mut |reader, at, value| {
            if let Some(place) = reader.word(at, value, &Purpose::NAMES, instead) {
                purposes.insert(Purpose::ALL[place]);
            }
        });
        purposes
    }

    /// The same for a list that must name one at least.
    fn some_purposes(&mut self, at: &At, json: &Json, instead: &'static str) -> Purposes {
        if *json == Json::List(Vec::new()) {
            self.wrong(at, json, "one purpose or more", instead);
        }
        self.purposes(at, json, instead)
    }

    fn age(&mut self, at: &At, json: &Json) -> Age {
        match self.word(
            at,
            json,
            &Age::NAMES,
            "the most protective, \"under13\", applies",
        ) {
            Some(place) => Age::ALL[place],
            None => Age::Under13,
        }
    }

    fn signals(&mut self, at: &At, json: &Json, config: &mut Config) {
        let signals = &mut config.signals;
        self.object(
            at,
            json,
            &["gpcScope", "consentDespiteSignal", "keepEarlier"],
            &mut |reader, at, value| match at.key {
                "gpcScope" => reader.set(
                    at,
                    value,
                    &GpcScope::NAMES,
                    &GpcScope::ALL,
                    &mut signals.gpc_scope,
                ),
                "consentDespiteSignal" => {
                    reader.flag(at, value, &mut signals.consent_despite_signal)
                }
                _ => reader.flag(at, value, &mut signals.keep_earlier),
            },
        );
    }

    fn account(&mut self, at: &At, json: &Json) -> Account {
        let mut account = Account::default();
        let mistakes = self.problems.len();
        let known = &["optOut", "optedOut", "id", "parentalConsent"];
        self.object(at, json, known, &mut |reader, at, value| match at.key {
            "id" => account.id = reader.text(at, value),
            "parentalConsent" => {
                let mut consent = false;
                reader.flag(at, value, &mut consent);
                account.parental_consent = Some(consent);
            }
            _ => {
                account.opt_out = account.opt_out.union(match value {
                    Json::Bool(true) => Purposes::ALL,
                    Json::Bool(false) => Purposes::NONE,
                    Json::List(items) => {
                        let purposes = reader.purposes(
                            at,
                            value,
                            "the account counts as opted out of everything",
                        );
                        if purposes.iter().count() < items.len() {
                            Purposes::ALL
                        } else {
                            purposes
                        }
                    }
                    _ => {
                        let expected = "true, or a list of purposes";
                        reader.wrong(
                            at,
                            value,
                            expected,
                            "the account counts as opted out of everything",
                        );
                        Purposes::ALL
                    }
                });
            }
        });
        // Whoever writes an account in another way may have meant an opt-out.
        let path = at.path();
        for problem in &mut self.problems[mistakes..] {
            if problem.path == path || problem.value == UNKNOWN_KEY {
                problem.instead = "the account counts as opted out of everything";
                account.opt_out = Purposes::ALL;
            }
        }
        account
    }

    fn record(&mut self, at: &At, json: &Json, config: &mut Config) {
        let record = &mut config.record;
        self.object(
            at,
            json,
            &["cookieDomain", "days"],
            &mut |reader, at, value| match at.key {
                "days" => reader.whole(at, value, RECORD_DAYS, &mut record.days),
                _ => match reader.text(at, value) {
                    Some(domain) if domain == "auto" => record.cookie_domain = None,
                    Some(domain) if is_host(&domain) => record.cookie_domain = Some(domain),
                    Some(_) => reader.wrong(
                        at,
                        value,
                        "\"auto\", or a domain that the page is in",
                        "\"auto\" applies",
                    ),
                    None => {}
                },
            },
        );
    }

    fn endpoint(&mut self, at: &At, json: &Json) -> Option<Endpoint> {
        let mut endpoint = Endpoint {
            preflight: true,
            ..Endpoint::default()
        };
        let known = &["url", "credentials", "preflight", "persist", "path"];
        self.object(at, json, known, &mut |reader, at, value| match at.key {
            "url" => {
                if let Some(url) = reader.text(at, value) {
                    if is_endpoint(&url) {
                        endpoint.url = url;
                    } else {
                        let expected = "an https address, http on loopback only, or a path that begins with \"/\"";
                        reader.wrong(at, value, expected, "no report is sent");
                    }
                }
            }
            "credentials" => {
                reader.set(at, value, &["omit", "include"], &[false, true], &mut endpoint.include_credentials);
            }
            "preflight" => reader.flag(at, value, &mut endpoint.preflight),
            "persist" => reader.flag(at, value, &mut endpoint.persist),
            _ => reader.flag(at, value, &mut endpoint.path),
        });
        if json.member("url").is_none() && matches!(json, Json::Object(_)) {
            self.wrong(
                at,
                json,
                "an object with a member \"url\"",
                "no report is sent",
            );
        }
        (!endpoint.url.is_empty()).then_some(endpoint)
    }

    fn gate(&mut self, at: &At, json: &Json, config: &mut Config) {
        let gate = &mut config.gate;
        self.object(
            at,
            json,
            &["mode", "allow"],
            &mut |reader, at, value| match at.key {
                "mode" => reader.set(at, value, &GateMode::NAMES, &GateMode::ALL, &mut gate.mode),
                _ => reader.list(at, value, &mut |reader, at, value| {
                    match reader.text(at, value) {
                        Some(host) if is_host(&host) => gate.allow.push(host),
                        Some(_) => reader.wrong(at, value, "a host name", "it is ignored"),
                        None => {}
                    };
                }),
            },
        );
    }

    fn gpp(&mut self, at: &At, json: &Json, config: &mut Config) {
        let gpp = &mut config.gpp;
        let known = &[
            "cmpId",
            "cmpVersion",
            "mspa",
            "noticesGiven",
            "sensitiveData",
            "unstableSections",
            "uspCookie",
        ];
        self.object(at, json, known, &mut |reader, at, value| match at.key {
            "cmpId" => reader.whole(at, value, (1, 4095), &mut gpp.cmp_id),
            "cmpVersion" => reader.whole(at, value, (0, 4095), &mut gpp.cmp_version),
            "mspa" => reader.set(at, value, &Mspa::NAMES, &Mspa::ALL, &mut gpp.mspa),
            "noticesGiven" => match value {
                Json::Bool(given) => gpp.notices_given = *given,
                _ => {
                    gpp.notices_given = false;
                    reader.wrong(at, value, "true or false", "no notice counts as given");
                }
            },
            "sensitiveData" => gpp.sensitive_data = reader.sensitive_kinds(at, value),
            "unstableSections" => reader.flag(at, value, &mut gpp.unstable_sections),
            _ => reader.flag(at, value, &mut gpp.usp_cookie),
        });
    }

    /// Kinds of sensitive data. A word that is not known may stand for any of them.
    fn sensitive_kinds(&mut self, at: &At, json: &Json) -> SensitiveKinds {
        let mut kinds = SensitiveKinds::NONE;
        let mistakes = self.problems.len();
        self.list(at, json, &mut |reader, at, value| {
            let instead = "every kind of sensitive data counts as processed";
            if let Some(place) = reader.word(at, value, SensitiveKind::NAMES, instead) {
                kinds.insert(SensitiveKind::ALL[place]);
            }
        });
        if self.problems.len() == mistakes {
            kinds
        } else {
            SensitiveKinds::ALL
        }
    }

    fn vendors(&mut self, at: &At, json: &Json) -> Vec<Vendor> {
        let mut vendors = Vec::new();
        self.list(at, json, &mut |reader, at, value| match value {
            Json::Text(name) => {
                if let Some(entry) = CatalogueEntry::by_name(name) {
                    vendors.push(Vendor::from(entry));
                } else {
                    let names: Vec<&'static str> =
                        CatalogueEntry::all().map(|entry| entry.name).collect();
                    reader.problems.push(Problem {
                        path: at.path(),
                        value: value.brief(),
                        expected: "a vendor that this build of nosale includes".to_owned(),
                        suggestion: nearest(name, &names),
                        instead: NOT_INCLUDED,
                    });
                }
            }
            _ => {
                let Some(vendor) = reader.vendor(at, value) else {
                    return;
                };
                if vendors
                    .iter()
                    .any(|known: &Vendor| known.name == vendor.name)
                {
                    reader.wrong(
                        at,
                        value,
                        "a name that no vendor before it has",
                        "both apply",
                    );
                }
                vendors.push(vendor);
            }
        });
        vendors
    }

    fn vendor(&mut self, at: &At, json: &Json) -> Option<Vendor> {
        let name = match json.member("name") {
            Some(value) => self.text(
                &At {
                    parent: Some(at),
                    key: "name",
                },
                value,
            )?,
            None => {
                self.wrong(
                    at,
                    json,
                    "a vendor's name, or an object with a member \"name\"",
                    "it is ignored",
                );
                return None;
            }
        };
        let mut vendor = match CatalogueEntry::by_name(&name) {
            Some(entry) => Vendor::from(entry),
            None => Vendor {
                name: Cow::Owned(name),
                rules: Vec::new(),
                purposes: Config::default().purposes,
                cookies: Vec::new(),
                storage: Vec::new(),
                sockets: false,
                mode: Mode::Block,
                adapter: None,
                stand_ins: Vec::new(),
                has_begun: false,
            },
        };
        let known = &[
            "name", "rules", "hosts", "purposes", "cookies", "storage", "sockets", "mode",
            "standIns",
        ];
        let mut rules = Vec::new();
        self.object(at, json, known, &mut |reader, at, value| match at.key {
            "name" => {}
            "rules" | "hosts" => reader.list(at, value, &mut |reader, at, value| {
                let Some(text) = reader.text(at, value) else {
                    return;
                };
                match Rule::parse(&text) {
                    Ok(rule) => rules.push(rule),
                    Err(error) => {
                        // What was meant is plain where only a scheme is too much: a vendor's host
                        // must not pass for that.
                        let bare = text
                            .trim_start_matches(|letter| letter != '/')
                            .trim_start_matches('/');
                        match Rule::parse(bare) {
                            Ok(rule) if error == RuleError::Scheme => {
                                rules.push(rule);
                                reader.wrong(
                                    at,
                                    value,
                                    error.expected(),
                                    "it is taken without its scheme",
                                );
                            }
                            _ => reader.wrong(at, value, error.expected(), "it is ignored"),
                        }
                    }
                }
            }),
            "purposes" => {
                let mistakes = reader.problems.len();
                let instead = "the vendor counts as using data for every purpose";
                let purposes = reader.some_purposes(at, value, instead);
                let right = reader.problems.len() == mistakes;
                vendor.purposes = if right { purposes } else { Purposes::ALL };
            }
            "cookies" => {
                vendor.cookies = reader
                    .texts(at, value)
                    .into_iter()
                    .map(Cow::Owned)
                    .collect()
            }
            "storage" => {
                vendor.storage = reader
                    .texts(at, value)
                    .into_iter()
                    .map(Cow::Owned)
                    .collect()
            }
            "sockets" => reader.flag(at, value, &mut vendor.sockets),
            "standIns" => vendor.stand_ins = reader.stand_ins(at, value, &vendor.name),
            _ => {
                vendor.mode = match reader.word(at, value, &Mode::NAMES, "the vendor is blocked") {
                    Some(place) => Mode::ALL[place],
                    None => Mode::Block,
                };
            }
        });
        if !rules.is_empty() {
            vendor.rules = rules;
        } else if vendor.rules.is_empty() && CatalogueEntry::by_name(&vendor.name).is_none() {
            let instead = "only markup that names the vendor is held";
            self.wrong(
                at,
                json,
                "a vendor with a member \"rules\", such as [\"tracker.example\"]",
                instead,
            );
        }
        Some(vendor)
    }

    /// `true` for those of the catalogue, or a list of names.
    fn stand_ins(&mut self, at: &At, json: &Json, vendor: &str) -> Vec<Cow<'static, str>> {
        let known = CatalogueEntry::by_name(vendor).into_iter();
        let known: Vec<_> = known
            .flat_map(CatalogueEntry::stand_ins)
            .map(Cow::Borrowed)
            .collect();
        match json {
            Json::Bool(false) => Vec::new(),
            Json::Bool(true) if !known.is_empty() => known,
            Json::Bool(true) => {
                let expected = "a list such as [\"name\", \"name.method\"]: the catalogue knows none of this vendor";
                self.wrong(at, json, expected, "it has none");
                Vec::new()
            }
            _ => {
                let mut names = Vec::new();
                self.list(at, json, &mut |reader, at, value| {
                    let Some(name) = reader.text(at, value) else {
                        return;
                    };
                    if is_stand_in(&name) {
                        names.push(Cow::Owned(name));
                    } else {
                        reader.wrong(at, value, "\"name\" or \"name.method\"", "it is ignored");
                    }
                });
                names
            }
        }
    }
}

/// Whether a text names a global function, or a method of a global object.
fn is_stand_in(name: &str) -> bool {
    let word = |word: &str| {
        let first = word.as_bytes().first();
        first.is_some_and(|first| !first.is_ascii_digit())
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'))
            && word != "__proto__"
    };
    name.split('.').count() <= 2 && name.split('.').all(word)
}

/// `"a", "b" or "c"`.
fn one_of(words: &[&str]) -> String {
    let mut text = String::new();
    for (place, word) in words.iter().enumerate() {
        if place > 0 {
            text.push_str(if place + 1 == words.len() {
                " or "
            } else {
                ", "
            });
        }
        text.push('"');
        text.push_str(word);
        text.push('"');
    }
    text
}

/// The scheme of an address, in lower case, if it has one. Control characters and blanks, which
/// browsers drop from a scheme, count as part of it.
fn scheme(address: &str) -> Option<String> {
    let (scheme, _) = address.split_once(':')?;
    if scheme.contains(['/', '?', '#']) {
        return None;
    }
    Some(scheme.to_ascii_lowercase())
}

fn is_host(text: &str) -> bool {
    text.len() <= 253
        && text.split('.').all(|label| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        })
}

fn is_endpoint(url: &str) -> bool {
    if let Some(rest) = url.strip_prefix("http://") {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let port = find_last(authority, b':').filter(|place| {
            authority
                .bytes()
                .skip(place + 1)
                .all(|byte| byte.is_ascii_digit())
        });
        let host = &authority[..port.unwrap_or(authority.len())];
        let octets = host.strip_prefix("127.").is_some_and(|rest| {
            rest.split('.').count() == 3 && rest.split('.').all(|octet| octet.parse::<u8>().is_ok())
        });
        return octets
            || host == "localhost"
            || host == "[::1]"
            || is_host(host) && host.ends_with(".localhost");
    }
    // Browsers refuse to send to an address with a name and password in it.
    let named = |rest: &str| {
        rest.split(['/', '?', '#'])
            .next()
            .is_some_and(|host| host.contains('@'))
    };
    url.strip_prefix("https://")
        .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && !named(rest))
        || url.starts_with('/') && !url.starts_with("//")
}
