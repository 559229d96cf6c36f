//! Strict mode's policy, read as a browser reads it (CSP3, 6.7.2) by a reader of its own.

use std::borrow::Cow;

use nosale::policy::{Mode, Purpose, Purposes, Reach, Rule, Vendor, Vendors};
use proptest::prelude::*;
use proptest::sample::select;

const PAGE: &str = "https://www.publisher.example";

fn vendor(name: &'static str, rules: &[String], mode: Mode, purpose: Purpose) -> Vendor {
    Vendor {
        name: Cow::Borrowed(name),
        rules: rules
            .iter()
            .map(|rule| Rule::parse(rule).unwrap())
            .collect(),
        purposes: Purposes::of(&[purpose]),
        cookies: Vec::new(),
        storage: Vec::new(),
        sockets: false,
        stand_ins: Vec::new(),
        has_begun: false,
        adapter: None,
        mode,
    }
}

/// A vendor for the sale of data.
fn seller(name: &'static str, rules: &[&str]) -> Vendor {
    let rules: Vec<String> = rules.iter().map(|rule| (*rule).to_owned()).collect();
    vendor(name, &rules, Mode::Block, Purpose::Sale)
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// The policy on a page of [`PAGE`] where sale is denied and the rest permitted.
fn policy(vendors: &Vendors, hosts: &[&str]) -> String {
    let (origins, hosts) = (owned(&[PAGE]), owned(hosts));
    let permitted = Purposes::ALL.without(Purposes::of(&[Purpose::Sale]));
    let reach = Reach {
        origins: &origins,
        hosts: &hosts,
        vendors,
        permitted,
    };
    reach.policy(true).unwrap()
}

/// Whether a source lets an address pass, for a page with the scheme https.
fn source_passes(source: &str, scheme: &str, host: &str, path: &str) -> bool {
    let (source_scheme, rest) = source.split_once("://").unwrap_or(("https", source));
    let slash = rest.find('/').unwrap_or(rest.len());
    let (authority, source_path) = rest.split_at(slash);
    let Some((source_host, port)) = authority.split_once(':') else {
        return false;
    };
    let host_passes = match source_host.strip_prefix("*.") {
        Some(parent) => host
            .strip_suffix(parent)
            .is_some_and(|below| below.ends_with('.')),
        None => source_host == host,
    };
    let path_passes = match source_path {
        "" => true,
        below if below.ends_with('/') => path.starts_with(below),
        itself => path == itself,
    };
    source_scheme == scheme && port == "*" && host_passes && path_passes
}

fn passes(policy: &str, scheme: &str, host: &str, path: &str) -> bool {
    policy
        .split(' ')
        .any(|source| source_passes(source, scheme, host, path))
}

#[test]
fn inline_code_and_local_addresses_stay_as_they_were() {
    let policy = policy(&Vendors::default(), &[]);
    assert_eq!(
        policy,
        "default-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' data: blob: \
         nosale.invalid wss://nosale.invalid"
    );
}

#[test]
fn a_permitted_vendor_is_reached_on_every_port_and_below() {
    let mut partner = seller("partner", &["partner.example", "=cdn.test"]);
    partner.purposes = Purposes::of(&[Purpose::Profiling]);
    let vendors = Vendors::new(vec![partner, seller("tracker", &["tracker.example"])]);
    let policy = policy(&vendors, &["Fonts.example".to_lowercase().as_str()]);
    for host in [
        "partner.example",
        "partner.example.",
        "a.b.partner.example",
        "a.partner.example.",
        "cdn.test",
        "cdn.test.",
        "fonts.example",
        "x.fonts.example.",
    ] {
        assert!(passes(&policy, "https", host, "/x"), "{host}: {policy}");
    }
    for host in [
        "tracker.example",
        "tracker.example.",
        "a.cdn.test",
        "badpartner.example",
        "example",
        "unknown.example",
    ] {
        assert!(!passes(&policy, "https", host, "/x"), "{host}: {policy}");
    }
}

#[test]
fn sockets_pass_where_a_vendor_declares_them() {
    let mut partner = seller("partner", &["partner.example"]);
    partner.mode = Mode::Allow;
    let mut chat = seller("chat", &["chat.example"]);
    (chat.mode, chat.sockets) = (Mode::Allow, true);
    let policy = policy(&Vendors::new(vec![partner, chat]), &["own.example"]);
    assert!(passes(&policy, "wss", "chat.example", "/"));
    assert!(passes(&policy, "wss", "own.example", "/"));
    assert!(!passes(&policy, "wss", "partner.example", "/"));
    assert!(!passes(&policy, "ws", "chat.example", "/"));
}

#[test]
fn of_a_rule_with_a_path_the_policy_lets_that_path_pass() {
    let mut partner = seller("partner", &["shared.example/fine", "cdn.example/dir/"]);
    partner.mode = Mode::Allow;
    let tracker = seller("tracker", &["shared.example/tr"]);
    let policy = policy(&Vendors::new(vec![partner, tracker]), &[]);
    assert!(passes(&policy, "https", "shared.example", "/fine"));
    assert!(passes(&policy, "https", "shared.example", "/fine/x"));
    assert!(passes(&policy, "https", "cdn.example", "/dir/x"));
    for path in ["/tr", "/", "/finer"] {
        assert!(!passes(&policy, "https", "shared.example", path), "{path}");
    }
}

#[test]
fn what_a_denied_vendor_has_is_not_let_in_by_another_name() {
    let mut partner = seller("partner", &["shared.example"]);
    partner.mode = Mode::Allow;
    let mut off = seller("off", &["off.example"]);
    off.mode = Mode::Off;
    let tracker = seller("tracker", &["shared.example", "tracker.example"]);
    let vendors = Vendors::new(vec![partner, tracker, off]);
    let policy = policy(&vendors, &["tracker.example", "eu.tracker.example"]);
    for host in [
        "shared.example",
        "tracker.example",
        "eu.tracker.example",
        "off.example",
    ] {
        assert!(!passes(&policy, "https", host, "/"), "{host}: {policy}");
    }
}

/// A rule for a host alone says nothing of what is below.
#[test]
fn below_a_host_that_is_denied_alone_what_may_leave_passes() {
    let denied = seller("denied", &["=own.example", "=shared.example"]);
    let mut partner = seller("partner", &["shared.example"]);
    partner.mode = Mode::Allow;
    let policy = policy(&Vendors::new(vec![denied, partner]), &["own.example"]);
    for host in ["x.own.example", "x.shared.example."] {
        assert!(passes(&policy, "https", host, "/x"), "{host}: {policy}");
    }
    for host in ["own.example", "shared.example."] {
        assert!(!passes(&policy, "https", host, "/x"), "{host}: {policy}");
    }
    assert!(passes(&policy, "wss", "x.own.example", "/"));
    assert!(!passes(&policy, "wss", "own.example", "/"));
}

#[test]
fn an_origin_that_no_policy_can_name_gives_none() {
    let vendors = Vendors::default();
    let of = |origin: &str| {
        let origins = owned(&[PAGE, origin]);
        let reach = Reach {
            origins: &origins,
            hosts: &[],
            vendors: &vendors,
            permitted: Purposes::NONE,
        };
        reach.policy(true)
    };
    assert!(
        of("https://cdn.example:8443")
            .unwrap()
            .ends_with(" https://cdn.example:8443")
    );
    assert_eq!(of("http://[::1]:8080"), None);
    assert_eq!(of("https://a;b"), None);
}

#[test]
fn own_files_and_the_endpoint_are_reached() {
    let vendors = Vendors::new(vec![seller("tracker", &["www.publisher.example/tr"])]);
    let origins = owned(&[PAGE, "https://cdn.example"]);
    let reach = Reach {
        origins: &origins,
        hosts: &[],
        vendors: &vendors,
        permitted: Purposes::NONE,
    };
    assert!(reach.has(PAGE, "www.publisher.example", "/x", ""));
    assert!(reach.has("https://cdn.example", "cdn.example", "/", ""));
    assert!(!reach.has("https://cdn.example:444", "cdn.example", "/", ""));
    assert!(!reach.has(PAGE, "www.publisher.example", "/tr", ""));
    assert!(!reach.has("https://publisher.example", "publisher.example", "/", ""));
}

/// A rule of hosts that lie beside and below each other, and paths that would break a policy out.
fn rule() -> impl Strategy<Value = String> {
    let exact = select(vec!["", "="]);
    let host = select(vec![
        "a.test",
        "b.a.test",
        "c.b.a.test",
        "d.test",
        "ba.test",
    ]);
    let path = select(vec![
        "",
        "/",
        "/p",
        "/p/",
        "/p/q",
        "/a;script-src *",
        "/a,b",
        "/é",
        "/ *",
        "/'none'",
        "/a\tb\u{0}",
    ]);
    let terms = select(vec!["", "?id=1", "?id=1; img-src *"]);
    (exact, host, path, terms)
        .prop_map(|(exact, host, path, terms)| [exact, host, path, terms].concat())
}

fn vendors() -> impl Strategy<Value = Vec<Vendor>> {
    let mode = select(vec![Mode::Block, Mode::Signal, Mode::Allow, Mode::Off]);
    let purpose = select(vec![Purpose::Sale, Purpose::Profiling]);
    let names = ["v0", "v1", "v2", "v3"];
    let one = (proptest::collection::vec(rule(), 1..4), mode, purpose);
    proptest::collection::vec(one, 0..4).prop_map(move |list| {
        let list = list.into_iter().zip(names);
        list.map(|((rules, mode, purpose), name)| vendor(name, &rules, mode, purpose))
            .collect()
    })
}

proptest! {
    /// Nothing in a rule ends the directive or stands for more than its host.
    #[test]
    fn a_rule_stays_a_source(own in vendors()) {
        let policy = policy(&Vendors::new(own), &[]);
        prop_assert!(!policy.contains([';', ',', '\t', '\0']) && policy.is_ascii());
        for source in policy.split(' ').skip(9) {
            let host = source.trim_start_matches("*.");
            prop_assert!(host.starts_with(|first: char| first.is_ascii_alphanumeric()), "{}", source);
            prop_assert!(host.contains(":*"), "{}", source);
        }
    }

    /// What may leave is never refused; and what passes has a permitted name at or above it.
    #[test]
    fn the_policy_passes_what_may_leave(
        own in vendors(),
        allow in proptest::collection::vec(select(vec!["a.test", "b.a.test", "e.test"]), 0..2),
        host in select(vec!["a.test", "b.a.test", "x.b.a.test", "c.b.a.test", "d.test", "ba.test", "e.test", "f.e.test", "test"]),
        root in select(vec!["", "."]),
        path in select(vec!["/", "/p", "/p/", "/p/q", "/pq", "/other"]),
        query in select(vec!["", "id=1"]),
    ) {
        let allowed: Vec<String> = own
            .iter()
            .filter(|vendor| vendor.mode == Mode::Allow || vendor.mode != Mode::Off && vendor.purposes == Purposes::of(&[Purpose::Profiling]))
            .map(|vendor| vendor.name.to_string())
            .collect();
        let vendors = Vendors::new(own.clone());
        let (origins, hosts) = (owned(&[PAGE]), owned(&allow));
        let reach = Reach {
            origins: &origins,
            hosts: &hosts,
            vendors: &vendors,
            permitted: Purposes::ALL.without(Purposes::of(&[Purpose::Sale])),
        };
        let text = reach.policy(true).unwrap();
        let host = [host, root].concat();
        let passes = passes(&text, "https", &host, path);
        if reach.has("", &host, path, query) {
            prop_assert!(passes, "{} {} in {}", host, path, text);
        }
        // Each permitted rule by itself, whatever its terms.
        let alone = |vendor: &Vendor| {
            let one = Vendors::new(vec![Vendor { mode: Mode::Allow, ..vendor.clone() }]);
            [query, "id=1", "id=1; img-src *"].iter().any(|query| one.find(&host, path, query).is_some())
        };
        let named = own.iter().any(|vendor| allowed.contains(&vendor.name.to_string()) && alone(vendor));
        let bare = host.trim_end_matches('.');
        let listed = allow.iter().any(|allow| bare == *allow || bare.ends_with(&[".", allow].concat()));
        prop_assert!(!passes || named || listed, "{} {} in {}", host, path, text);
    }
}
