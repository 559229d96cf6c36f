//! The leak laboratory: every way to reach a third party, tried in each mode of the gate.
//!
//! `LEAK_WAYS` (parts of names, by commas) and `LEAK_MODES` (columns) try some only, and print what
//! came; nothing is compared then. Firefox's turn comes in `cargo xtask soak leaks_in_firefox`.
//! `UPDATE=1` writes what was measured into the expected table and into docs/leaks.md; a leak without
//! a reason still fails.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "test code: failing loudly is its job"
)]

mod expected;
mod laboratory;
mod modes;
mod parties;
mod table;
mod ways;
mod wires;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use e2e::{Engine, Gpc};
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use expected::{Expected, Leak};
use laboratory::{Column, Laboratory};
use modes::{MODES, Mode};
use table::Table;
use ways::Way;

/// What stands above the expected table.
const HEAD: &str = "\
# What the leak laboratory (tests/e2e/tests/leak) must find: each way that reaches the denied third
# party, by column of the table, and why. Anything else that leaks, and anything here that does not,
# fails the test. `UPDATE=1 cargo test -p e2e --test leak` brings the lists up to date; the reasons
# are written by hand. The file of the same name in docs/ is for readers.
";

/// How often a known leak that did not show is tried again: a loaded machine may lose a request, and
/// what leaks once leaks.
const LOOKS_AGAIN: usize = 2;

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

/// Parts of names given by an environment variable.
fn only(variable: &str) -> Option<Vec<String>> {
    let given = env::var(variable).ok()?;
    Some(
        given
            .split(',')
            .map(|part| part.trim().to_lowercase())
            .collect(),
    )
}

#[test]
fn ways_have_names_of_their_own() {
    let ways = ways::all();
    let slugs: HashSet<String> = ways.iter().map(Way::slug).collect();
    assert_eq!(slugs.len(), ways.len());
    assert!(ways.len() >= 80);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_leaks_in_chromium_is_what_is_known_to_leak() {
    compare(Engine::Chromium, "Chromium", "leaks").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "some minutes; `cargo xtask soak` runs it"]
async fn soak_what_leaks_in_firefox_is_what_is_known_to_leak() {
    compare(Engine::Firefox, "Firefox", "leaks-firefox").await;
}

/// Opens the columns in as many browsers as there are signals.
async fn measure(
    engine: Engine,
    modes: &[Mode],
    ways: &[Way],
    unsupported: &HashSet<String>,
) -> BTreeMap<&'static str, Column> {
    let (on, absent): (Vec<Mode>, Vec<Mode>) = modes.iter().partition(|mode| mode.gpc() == Gpc::On);
    let mut browsers = JoinSet::new();
    for (gpc, modes) in [(Gpc::Absent, absent), (Gpc::On, on)] {
        if !modes.is_empty() {
            let (ways, unsupported) = (ways.to_vec(), unsupported.clone());
            // On a thread of its own: ending a browser blocks, and would lose what wakes the other.
            browsers.spawn_blocking(move || {
                Handle::current().block_on(async {
                    let laboratory = Laboratory::open(engine, gpc).await;
                    laboratory.measure(&modes, &ways, &unsupported).await
                })
            });
        }
    }
    browsers.join_all().await.into_iter().flatten().collect()
}

/// `name` is of the expected table and of the document.
async fn compare(engine: Engine, browser: &'static str, name: &str) {
    let (some_ways, some_modes) = (only("LEAK_WAYS"), only("LEAK_MODES"));
    let named = |name: &str, parts: &Option<Vec<String>>| {
        let name = name.to_lowercase();
        parts
            .as_ref()
            .is_none_or(|parts| parts.iter().any(|part| name.contains(part)))
    };
    let mut ways = ways::all();
    ways.retain(|way| named(way.name, &some_ways));
    let modes: Vec<Mode> = MODES
        .into_iter()
        .filter(|mode| mode.slug == "open" || named(mode.slug, &some_modes))
        .collect();

    let file = root(&format!("tests/data/{name}.toml"));
    let mut expected = Expected::parse(&fs::read_to_string(&file).unwrap_or_default());
    let unsupported = expected.unsupported();
    let mut table = Table {
        browser,
        ways: &ways,
        columns: measure(engine, &modes, &ways, &unsupported).await,
    };
    let known = expected.leaking();
    let races = expected.races();
    for _ in 0..LOOKS_AGAIN {
        let leaking = table.leaking();
        let unseen: Vec<_> = known
            .difference(&leaking)
            .filter(|leak| !races.contains(*leak))
            .filter(|(column, _)| modes.iter().any(|mode| mode.slug == column))
            .filter(|(_, name)| ways.iter().any(|way| way.name == name))
            .collect();
        let modes = modes
            .iter()
            .filter(|mode| unseen.iter().any(|(column, _)| column == mode.slug));
        let ways = ways
            .iter()
            .filter(|way| unseen.iter().any(|(_, name)| name == way.name));
        let (modes, ways): (Vec<_>, Vec<_>) = (modes.copied().collect(), ways.copied().collect());
        if !ways.is_empty() {
            table.add(measure(engine, &modes, &ways, &unsupported).await);
        }
    }
    let (lost, leaking, dead) = (table.lost(), table.leaking(), table.unsupported());

    fs::create_dir_all(root("target")).unwrap();
    if some_ways.is_some() || some_modes.is_some() {
        let text = table.markdown(&expected);
        fs::write(root(&format!("target/{name}-some.md")), &text).unwrap();
        println!("leaks: {leaking:#?}\nlost: {lost:#?}\nunsupported: {dead:#?}");
        return;
    }

    let known_dead: BTreeSet<String> = expected.unsupported().into_iter().collect();
    let update = env::var_os("UPDATE").is_some();
    if update {
        expected.follow(&leaking, &dead);
        fs::write(&file, expected.write(HEAD)).unwrap();
        fs::write(root(&format!("docs/{name}.md")), table.markdown(&expected)).unwrap();
    }
    let text = table.markdown(&expected);
    fs::write(root(&format!("target/{name}.md")), &text).unwrap();

    let line = |(column, way): &(String, String)| format!("{column}: {way}");
    let mut wrong = Vec::new();
    let mut check = |what: &str, found: Vec<String>| {
        if !found.is_empty() {
            wrong.push(format!("{what}:\n  {}", found.join("\n  ")));
        }
    };
    let known_lost: BTreeSet<_> = expected.lost.iter().flat_map(Leak::all).collect();
    let new = lost.difference(&known_lost).map(line).collect();
    check("did not arrive", new);
    let gone = known_lost.difference(&lost).map(line).collect();
    check("arrives now; take it out of the list", gone);
    if !update {
        let new = leaking.difference(&known);
        let gone = known
            .difference(&leaking)
            .filter(|leak| !races.contains(*leak));
        check("leaks, and is not known to", new.map(line).collect());
        check(
            "no longer leaks; run with UPDATE=1",
            gone.map(line).collect(),
        );
        let dead = dead.symmetric_difference(&known_dead).cloned();
        check("this browser does it, or no longer does", dead.collect());
        let shown = fs::read_to_string(root(&format!("docs/{name}.md"))).unwrap_or_default();
        let old = (shown != text).then(|| format!("docs/{name}.md"));
        check("differs; run with UPDATE=1", old.into_iter().collect());
    }
    let unexplained = expected.leaks.iter().filter(|leak| leak.because.is_empty());
    let unexplained = unexplained.flat_map(|leak| leak.all());
    check(
        "leaks without a reason",
        unexplained.map(|leak| line(&leak)).collect(),
    );
    let unexplained = expected
        .unsupported
        .iter()
        .filter(|(because, _)| because.is_empty());
    let unexplained = unexplained.flat_map(|(_, ways)| ways.clone());
    check("not supported, without a reason", unexplained.collect());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
