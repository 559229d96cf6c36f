//! Rules and vendors: which request is whose.

use std::borrow::Cow;
use std::hint::black_box;
use std::time::Instant;

use nosale::policy::{
    Adapter, ByPurpose, Decision, Kept, Mode, Purpose, Purposes, Reason, Rule, RuleError, Ruling,
    Treatment, Vendor, Vendors,
};
use proptest::prelude::*;

fn vendor(name: &'static str, rules: &[&str], mode: Mode) -> Vendor {
    Vendor {
        name: Cow::Borrowed(name),
        rules: rules
            .iter()
            .map(|rule| Rule::parse(rule).unwrap())
            .collect(),
        purposes: Purposes::of(&[Purpose::Sale, Purpose::Sharing]),
        cookies: Vec::new(),
        storage: Vec::new(),
        sockets: false,
        adapter: None,
        stand_ins: Vec::new(),
        has_begun: false,
        mode,
    }
}

#[track_caller]
fn check(vendors: &Vendors, address: &str, expected: Option<&str>) {
    let (host, rest) = address.split_at(address.find('/').unwrap());
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let found = vendors
        .find(host, path, query)
        .map(|vendor| vendor.name.as_ref());
    assert_eq!(found, expected, "{address}");
}

#[test]
fn a_host_stands_for_itself_and_what_is_below() {
    let vendors = Vendors::new(vec![vendor("ads", &["Ads.Example."], Mode::Block)]);
    check(&vendors, "ads.example/", Some("ads"));
    check(&vendors, "ads.example./x", Some("ads"));
    check(&vendors, "cdn.eu.ads.example/x?y", Some("ads"));
    check(&vendors, "badads.example/", None);
    check(&vendors, "example/", None);
    check(&vendors, "ads.example.org/", None);
}

#[test]
fn an_exact_host_stands_for_itself_alone() {
    let vendors = Vendors::new(vec![vendor("ads", &["=ads.example"], Mode::Block)]);
    check(&vendors, "ads.example/", Some("ads"));
    check(&vendors, "cdn.ads.example/", None);
}

#[test]
fn a_path_stands_for_itself_and_what_is_below() {
    let vendors = Vendors::new(vec![vendor(
        "ads",
        &["cdn.example/tr", "cdn.example/px/"],
        Mode::Block,
    )]);
    check(&vendors, "cdn.example/tr", Some("ads"));
    check(&vendors, "cdn.example/tr/", Some("ads"));
    check(&vendors, "cdn.example/tr?id=1", Some("ads"));
    check(&vendors, "cdn.example/trending", None);
    check(&vendors, "cdn.example/px/1.gif", Some("ads"));
    check(&vendors, "cdn.example/px", None);
    check(&vendors, "cdn.example/", None);
}

#[test]
fn every_term_must_be_in_the_query() {
    let vendors = Vendors::new(vec![vendor(
        "ads",
        &["tags.example/gtag?id=AW-1&l"],
        Mode::Block,
    )]);
    check(&vendors, "tags.example/gtag?l=data&id=AW-1", Some("ads"));
    check(&vendors, "tags.example/gtag?id=AW-1&l", Some("ads"));
    check(&vendors, "tags.example/gtag?id=AW-12&l=1", None);
    check(&vendors, "tags.example/gtag?id=AW-1", None);
}

#[test]
fn the_most_specific_rule_wins() {
    let vendors = Vendors::new(vec![
        vendor("all", &["example"], Mode::Block),
        vendor("partner", &["partner.example"], Mode::Allow),
        vendor("pixel", &["partner.example/pixel"], Mode::Block),
    ]);
    check(&vendors, "www.example/", Some("all"));
    check(&vendors, "partner.example/", Some("partner"));
    check(&vendors, "a.partner.example/pixel/1", Some("pixel"));
}

#[test]
fn the_publishers_vendor_stands_in_place_of_the_catalogues() {
    let vendors = Vendors::new(Vec::new());
    check(
        &vendors,
        "connect.facebook.net/en_US/fbevents.js",
        Some("meta_pixel"),
    );
    check(&vendors, "www.facebook.com/tr/?id=1", Some("meta_pixel"));
    check(&vendors, "www.facebook.com/news", Some("facebook_embeds"));
    let off = Vendors::new(vec![vendor(
        "meta_pixel",
        &["connect.facebook.net"],
        Mode::Off,
    )]);
    check(&off, "connect.facebook.net/en_US/fbevents.js", None);
}

#[test]
fn of_two_vendors_with_one_rule_the_one_that_holds_back_counts() {
    for turned in [false, true] {
        let mut own = vec![
            vendor("allowed", &["ads.example"], Mode::Allow),
            vendor("blocked", &["ads.example"], Mode::Block),
        ];
        if turned {
            own.reverse();
        }
        check(&Vendors::new(own), "ads.example/", Some("blocked"));
    }
}

#[test]
fn two_vendors_of_one_name_both_hold_back() {
    let vendors = Vendors::new(vec![
        vendor("ads", &["a.example"], Mode::Block),
        vendor("ads", &["b.example"], Mode::Block),
    ]);
    check(&vendors, "a.example/", Some("ads"));
    check(&vendors, "b.example/", Some("ads"));
}

#[test]
fn what_is_no_rule() {
    for (text, error) in [
        ("https://ads.example", RuleError::Scheme),
        ("//ads.example", RuleError::Scheme),
        ("/ads", RuleError::Scheme),
        ("", RuleError::Host),
        ("ads..example", RuleError::Host),
        (".example", RuleError::Host),
        ("ads.example:8080", RuleError::Host),
        ("ads example", RuleError::Host),
        ("*.example", RuleError::Host),
    ] {
        assert_eq!(Rule::parse(text), Err(error), "{text:?}");
    }
}

#[test]
fn one_denied_purpose_denies_the_vendor() {
    let sharing_denied = ByPurpose::from_fn(|purpose| Ruling {
        allowed: purpose != Purpose::Sharing,
        because: Reason::Default,
    });
    let treatment = |mode| vendor("ads", &["ads.example"], mode).treatment(&sharing_denied);
    assert_eq!(treatment(Mode::Block), Treatment::Blocked);
    assert_eq!(
        treatment(Mode::Signal),
        Treatment::Blocked,
        "no restricted mode is known of it"
    );
    assert_eq!(treatment(Mode::Allow), Treatment::Allowed);
    assert_eq!(treatment(Mode::Off), Treatment::Allowed);
}

#[test]
fn a_vendor_with_a_restricted_mode_runs_in_it_and_keeps_nothing() {
    let denied = ByPurpose::from_fn(|purpose| Ruling {
        allowed: purpose != Purpose::Sale,
        because: Reason::Gpc,
    });
    let named = |mode| Vendor {
        cookies: vec!["_ads*".into()],
        adapter: Some(Adapter::Meta),
        ..vendor("ads", &["ads.example"], mode)
    };
    let restricted = named(Mode::Signal);
    assert_eq!(restricted.treatment(&denied), Treatment::Restricted);
    assert!(restricted.permitted(&denied), "its requests leave");
    assert_eq!(
        restricted.treatment(&ByPurpose::from_fn(|_| Ruling {
            allowed: true,
            because: Reason::Default
        })),
        Treatment::Allowed
    );
    let vendors = Vendors::new(vec![restricted]);
    assert!(vendors.denies(Kept::Cookie, "_ads_id", &denied));
    let vendors = Vendors::new(vec![named(Mode::Allow)]);
    assert!(!vendors.denies(Kept::Cookie, "_ads_id", &denied));
    assert_eq!(
        named(Mode::Block).treatment(&denied),
        Treatment::Blocked,
        "the publisher did not ask for it"
    );
}

#[test]
fn reports_name_what_the_publisher_named_and_who_runs_restricted() {
    let denied = ByPurpose::from_fn(|purpose| Ruling {
        allowed: purpose != Purpose::Sale,
        because: Reason::Gpc,
    });
    let vendors = Vendors::new(vec![vendor("ads", &["ads.example"], Mode::Block)]);
    let reported: Vec<_> = vendors
        .reported(&denied)
        .map(|(vendor, treatment)| (vendor.name.as_ref(), treatment))
        .collect();
    assert!(reported.contains(&("ads", Treatment::Blocked)));
    assert!(reported.contains(&("google_tag_manager", Treatment::Restricted)));
    assert!(reported.iter().all(|(name, _)| *name != "taboola"));
    assert!(reported.len() < 10, "{reported:?}");
}

#[test]
fn an_international_host_counts_once_it_is_written_as_requests_have_it() {
    let mut rule = Rule::parse("Zähler.example").unwrap();
    *rule.international().unwrap() = "xn--zhler-gra.example".to_owned();
    assert_eq!(rule.international(), None);
    assert_eq!(Rule::parse("ads.example").unwrap().international(), None);
    let vendors = Vendors::new(vec![Vendor {
        rules: vec![rule],
        ..vendor("ads", &[], Mode::Block)
    }]);
    check(&vendors, "eu.xn--zhler-gra.example/", Some("ads"));
}

#[test]
fn every_rule_of_many_is_found() {
    let own = (0..2000).map(|number| Vendor {
        name: Cow::Owned(number.to_string()),
        rules: vec![
            Rule::parse(&format!("host{number}.example")).unwrap(),
            Rule::parse(&format!("shared.example/{number}/")).unwrap(),
        ],
        ..vendor("", &[], Mode::Block)
    });
    let vendors = Vendors::new(own.collect());
    for number in 0..2000 {
        let name = number.to_string();
        check(&vendors, &format!("www.host{number}.example/"), Some(&name));
        check(&vendors, &format!("shared.example/{number}/x"), Some(&name));
    }
    check(&vendors, "host2000.example/", None);
}

#[test]
fn a_pattern_stands_for_any_text_at_its_stars() {
    let denied = ByPurpose::from_fn(|_| Ruling {
        allowed: false,
        because: Reason::Gpc,
    });
    for (pattern, name, fits) in [
        ("_fbp", "_fbp", true),
        ("_fbp", "_fbp2", false),
        ("_ga*", "_ga", true),
        ("_ga*", "_ga_X1", true),
        ("_ga*", "x_ga", false),
        ("*_id", "my_id", true),
        ("*_id", "my_ids", false),
        ("a*b*c", "a1b2c", true),
        ("a*b*c", "abc", true),
        ("a*b*c", "ac", false),
        ("a*a", "a", false),
        ("*", "anything", true),
        ("*x*", "axb", true),
        ("*x*", "ab", false),
    ] {
        let vendors = Vendors::new(vec![Vendor {
            cookies: vec![Cow::Borrowed(pattern)],
            ..vendor("ads", &[], Mode::Block)
        }]);
        let found = vendors.denies(Kept::Cookie, name, &denied);
        // The catalogue has patterns of its own.
        let known = Vendors::new(Vec::new()).denies(Kept::Cookie, name, &denied);
        assert_eq!(found, fits || known, "{pattern} for {name}");
        assert!(!vendors.denies(Kept::Storage, "own-key", &denied));
    }
}

#[test]
fn what_a_permitted_vendor_keeps_too_is_kept() {
    let denied = ByPurpose::from_fn(|_| Ruling {
        allowed: false,
        because: Reason::Gpc,
    });
    let keeping = |name, mode| Vendor {
        storage: vec![Cow::Borrowed("shared.*")],
        ..vendor(name, &[], mode)
    };
    let denies = |own| Vendors::new(own).denies(Kept::Storage, "shared.id", &denied);
    assert!(denies(vec![keeping("ads", Mode::Block)]));
    assert!(denies(vec![
        keeping("ads", Mode::Block),
        keeping("off", Mode::Off)
    ]));
    assert!(!denies(vec![
        keeping("ads", Mode::Block),
        keeping("own", Mode::Allow)
    ]));
    assert!(!denies(vec![keeping("own", Mode::Allow)]));
}

/// The decision that denies sale and sharing.
fn denial() -> Decision {
    Decision::denied(Reason::Default)
}

#[test]
fn a_host_is_spoken_of_if_any_request_to_it_could_be_a_vendors() {
    let rules = ["ads.example/tr?id=1", "=own.example"];
    let vendors = Vendors::new(vec![
        vendor("ads", &rules, Mode::Block),
        vendor("good", &["good.example"], Mode::Allow),
    ]);
    let denied = |host: &str| vendors.speaks_of(host, |vendor| !vendor.permitted(&denial()));
    for host in ["ads.example", "a.b.ads.example.", "own.example"] {
        assert!(denied(host), "{host}");
    }
    for host in [
        "example",
        "badads.example",
        "good.example",
        "a.good.example",
        "",
    ] {
        assert!(!denied(host), "{host}");
    }
}

#[test]
fn rules_are_told_to_what_cannot_ask() {
    let socket = Vendor {
        sockets: true,
        ..vendor("socket", &["=socket.example"], Mode::Block)
    };
    let vendors = Vendors::new(vec![
        vendor("ads", &["ads.example/tr?id=1&x"], Mode::Block),
        vendor("good", &["good.example"], Mode::Allow),
        vendor("off", &["off.example"], Mode::Off),
        socket,
    ]);
    let text = vendors.rules(&denial());
    let mut own: Vec<&str> = text
        .lines()
        .filter(|line| line.contains(".example"))
        .collect();
    own.sort_unstable();
    assert_eq!(
        own,
        [
            "!ads.example/tr?id=1&x",
            "+=socket.example?",
            "-good.example?"
        ]
    );
}

/// Nanoseconds of a look-up, the least of some rounds.
fn look_up(vendors: &Vendors, hosts: &[String]) -> u128 {
    let round = || {
        let start = Instant::now();
        for host in hosts {
            black_box(vendors.find(black_box(host), "/app.js", "v=1"));
        }
        start.elapsed().as_nanos()
    };
    (0..20).map(|_| round()).min().unwrap()
}

#[test]
fn ten_thousand_rules_cost_a_look_up_no_more_than_ten_do() {
    let many = |count: usize| {
        let rules: Vec<String> = (0..count)
            .map(|number| format!("host{number}.example"))
            .collect();
        let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        Vendors::new(vec![vendor("many", &rules, Mode::Block)])
    };
    let (few, many) = (many(10), many(10_000));
    // Found, below what is found, and not found.
    let hosts: Vec<String> = (0..500)
        .map(|number| match number % 3 {
            0 => format!("host{}.example", number % 10),
            1 => format!("cdn.eu.host{}.example", number % 10),
            _ => format!("www.site{number}.example.org"),
        })
        .collect();
    // In turns, and again if the machine was busy with something else.
    let mut least = [u128::MAX; 2];
    for _ in 0..20 {
        least = [
            least[0].min(look_up(&few, &hosts)),
            least[1].min(look_up(&many, &hosts)),
        ];
        if least[1] <= 2 * least[0] {
            return;
        }
    }
    panic!("{least:?}");
}

/// What `find` must give, without an index; each vendor's name is its host.
fn search<'a>(vendors: &'a [Vendor], host: &str) -> Option<&'a str> {
    let host = host.trim_end_matches('.');
    let fits = |rule: &str| host == rule || host.ends_with(&format!(".{rule}"));
    let names = vendors.iter().map(|vendor| vendor.name.as_ref());
    names
        .filter(|name| fits(name))
        .max_by_key(|name| name.len())
}

proptest! {
    #[test]
    fn any_text_is_a_rule_or_an_error(text in "\\PC{0,60}") {
        let _ = Rule::parse(&text);
    }

    #[test]
    fn finding_never_panics(host in "\\PC{0,40}", path in "\\PC{0,40}", query in "\\PC{0,40}") {
        let vendors = Vendors::new(vec![vendor("ads", &["a.b", "b/x?y"], Mode::Block)]);
        let _ = vendors.find(&host, &path, &query);
    }

    #[test]
    fn a_rule_covers_its_own_host(labels in prop::collection::vec("[a-z0-9-]{1,8}", 1..5), above in "[a-z]{1,5}") {
        let host = labels.join(".");
        let rule = vendor("own", &[], Mode::Block);
        let vendors = Vendors::new(vec![Vendor { rules: vec![Rule::parse(&host).unwrap()], ..rule }]);
        prop_assert_eq!(vendors.find(&host, "/", "").map(|found| found.name.as_ref()), Some("own"));
        let below = format!("{above}.{host}");
        prop_assert_eq!(vendors.find(&below, "/", "").map(|found| found.name.as_ref()), Some("own"));
    }

    #[test]
    fn a_host_may_be_written_in_any_case_and_with_dots_behind(
        host in "[a-z]{1,6}(\\.[a-z0-9-]{1,6}){0,3}", upper in any::<bool>(), dots in 0..3_usize,
    ) {
        let written = if upper { host.to_uppercase() } else { host.clone() } + &".".repeat(dots);
        let vendors = Vendors::new(vec![Vendor {
            rules: vec![Rule::parse(&written).unwrap()],
            ..vendor("own", &[], Mode::Block)
        }]);
        let asked = host + &".".repeat(dots);
        prop_assert_eq!(vendors.find(&asked, "/", "").map(|found| found.name.as_ref()), Some("own"));
    }

    #[test]
    fn the_index_finds_what_a_search_finds(
        hosts in prop::collection::btree_set("[ab](\\.[ab]{1,2}){0,3}", 1..40), asked in "[ab](\\.[ab]{1,2}){0,4}\\.?",
    ) {
        let own: Vec<Vendor> = hosts
            .iter()
            .map(|host| Vendor {
                name: Cow::Owned(host.clone()),
                rules: vec![Rule::parse(host).unwrap()],
                ..vendor("", &[], Mode::Block)
            })
            .collect();
        let vendors = Vendors::new(own.clone());
        let found = vendors.find(&asked, "/", "").map(|vendor| vendor.name.as_ref());
        prop_assert_eq!(found, search(&own, &asked));
        let denied = vendors.speaks_of(&asked, |vendor| !vendor.permitted(&denial()));
        prop_assert_eq!(denied, found.is_some());
    }
}

#[test]
fn a_tag_that_has_begun_is_blocked_where_it_would_be_restricted() {
    let told = |name, rules: &[&str]| Vendor {
        adapter: Some(Adapter::Google),
        ..vendor(name, rules, Mode::Signal)
    };
    let mut vendors = Vendors::new(vec![
        told("begun", &["tags.example"]),
        told("own host", &[]),
        Vendor {
            adapter: Some(Adapter::Meta),
            ..told("not begun", &["other.example"])
        },
    ]);
    vendors.note_begun(|adapter| adapter == Adapter::Google);
    let treatment = |name: &str, decision: &Decision| {
        let vendor = vendors.iter().find(|vendor| vendor.name == name);
        vendor.unwrap().treatment(decision)
    };
    let denied = Decision::denied(Reason::Gpc);
    assert_eq!(treatment("begun", &denied), Treatment::Blocked);
    assert_eq!(treatment("own host", &denied), Treatment::Restricted);
    assert_eq!(treatment("not begun", &denied), Treatment::Restricted);
}
