//! `cargo xtask bench page`: what nosale takes of a page's start, beside an empty page, ten lines that
//! only read the signal, and what publishers use today. Headless Chromium, nothing cached, pages in
//! turns, medians.
//!
//! `--runs N` loads each page N times; another word measures the pages whose name contains it alone.
//! Only a whole run of 15 or more writes `docs/benchmarks.md`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a bench ends at what it did not expect"
)]

mod measure;
mod pages;
mod report;

use std::env;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Instant;

use demo::{Options, Page, Site};
use e2e::Gpc;
use tempfile::TempDir;

use crate::measure::{Bench, Speed};
use crate::pages::{AD, AD_HOST, Compared, Pages};
use crate::report::{Report, Row};

/// How often each page is loaded, and how often at least for the published tables.
const RUNS: usize = 15;

/// What is measured once more from the browser's caches.
const AGAIN: &str = "nosale.js";

struct Arguments {
    runs: usize,
    filter: Option<String>,
}

impl Arguments {
    fn read() -> Arguments {
        let (mut runs, mut filter) = (RUNS, None);
        let mut words = env::args().skip(1);
        while let Some(word) = words.next() {
            match word.as_str() {
                // Cargo says it to every bench.
                "--bench" => {}
                "--runs" => {
                    let number = words.next().and_then(|number| number.parse().ok());
                    runs = number.expect("--runs takes a number");
                }
                _ => filter = Some(word),
            }
        }
        Arguments { runs, filter }
    }

    fn chosen(&self, pages: Vec<Compared>) -> Vec<Compared> {
        let is_chosen = |page: &Compared| {
            let filter = self.filter.as_ref();
            filter.is_none_or(|filter| page.name.contains(filter.as_str()))
        };
        pages.into_iter().filter(is_chosen).collect()
    }
}

#[tokio::main(flavor = "multi_thread")]
async fn main() {
    let arguments = Arguments::read();
    let folder = files();
    let pages = Pages::read(folder.path());
    let (compared, permitted) = (
        arguments.chosen(pages.compared),
        arguments.chosen(pages.permitted),
    );
    let site = Site::start(Options {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        dist: folder.path().to_owned(),
        endpoint: None,
    });
    let site = site.await.expect("the site");
    let ad = Page {
        headers: vec![(
            "Cross-Origin-Resource-Policy".to_owned(),
            "cross-origin".to_owned(),
        )],
        ..Page::script("void 0;")
    };
    site.put(AD_HOST, AD, ad);

    let mut report = Report::new(arguments.runs, &compared, &permitted);
    let begun = Instant::now();
    for run in 0..arguments.runs {
        // A browser for each run, and another page first in each, so that a slow spell of the machine
        // hits all alike.
        let bench = Bench::start(&site, Gpc::On).await;
        report.chromium = bench.version().await;
        for speed in Speed::ALL {
            bench.set_speed(speed).await;
            for page in in_turn(&compared, run) {
                let sample = bench.cold(page, speed).await;
                assert!(
                    !sample.ran || page.name == "empty page",
                    "{}: the tag ran under Global Privacy Control",
                    page.name
                );
                report.add(Row::Decided(speed), &page.name, sample);
            }
        }
        bench.set_speed(Speed::Full).await;
        if let Some(page) = compared.iter().find(|page| page.name == AGAIN) {
            let sample = bench.again(page, Speed::Full).await;
            report.add(Row::Again, &page.name, sample);
        }
        drop(bench);
        let bench = Bench::start(&site, Gpc::Absent).await;
        for speed in Speed::ALL {
            bench.set_speed(speed).await;
            for page in in_turn(&permitted, run) {
                let sample = bench.cold(page, speed).await;
                report.add(Row::Permitted(speed), &page.name, sample);
            }
        }
        eprintln!(
            "run {} of {} done after {} s",
            run + 1,
            arguments.runs,
            begun.elapsed().as_secs()
        );
    }
    println!("{}", report.in_full());
    if arguments.filter.is_none() && arguments.runs >= RUNS {
        let file = root().join("docs/benchmarks.md");
        fs::write(&file, report.in_ratios()).expect("docs/benchmarks.md");
        println!("written: docs/benchmarks.md");
    }
}

fn in_turn(pages: &[Compared], run: usize) -> impl Iterator<Item = &Compared> {
    let first = run % pages.len().max(1);
    pages[first..].iter().chain(&pages[..first])
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All files in one folder: `dist/` and the bundled peers, each with its brotli beside it.
fn files() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let named = |variable: &str, place: &str| {
        env::var_os(variable).map_or_else(|| root().join(place), PathBuf::from)
    };
    for from in [
        named("NOSALE_DIST", "dist"),
        named("NOSALE_PEERS", "target/peers"),
    ] {
        let entries = fs::read_dir(&from).unwrap_or_else(|error| {
            panic!("{}: {error}: run `cargo xtask bench page`", from.display())
        });
        for path in entries.flatten().map(|entry| entry.path()) {
            if let Some(name) = path.file_name().filter(|_| path.is_file()) {
                fs::copy(&path, folder.path().join(name)).expect("a copy");
            }
        }
    }
    // The tag of those that hold back script elements by their address.
    fs::write(folder.path().join("advertising.js"), "bench.ran();").expect("the tag");
    folder
}
