//! Opens the pages of every column in a browser, and sees what came where.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use e2e::{Engine, Gpc, Launch, Page, WWW, World, inline_snippet};
use serde_json::{Value, json};

use super::modes::{Denial, Mode};
use super::parties::{Party, Target};
use super::ways::{Comes, Kind, Place, Way};
use super::wires::Wire;

/// What came of one way in one column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub denied: bool,
    pub permitted: bool,
}

/// The outcomes of a column, by the names of ways. Without one, this version has no such mode.
pub type Column = Option<BTreeMap<&'static str, Outcome>>;

/// How long a page's ways may take to arrive. Only one that fails takes so long.
const PATIENCE: Duration = Duration::from_secs(15);

const LAB: &str = include_str!("lab.js");

/// The publisher's own files that ways make use of, under `/leak/`; each looks for the third
/// party's address in its own.
const FILES: [(&str, &str); 6] = [
    (
        "fetch.js",
        "fetch(new URL(location).searchParams.get('to'), { mode: 'no-cors' });",
    ),
    (
        "import.js",
        "importScripts(new URL(location).searchParams.get('to'));",
    ),
    (
        "module.js",
        "import(new URL(location).searchParams.get('to'));",
    ),
    (
        "told.js",
        "onmessage = event => fetch(event.data, { mode: 'no-cors' }); postMessage('ready');",
    ),
    (
        "frame.html",
        "<!doctype html><title>Own</title><script>fetch(new URL(location).searchParams.get('to'), { mode: 'no-cors' });</script>",
    ),
    ("empty.html", "<!doctype html><title>Own</title><p>x</p>"),
];

/// A way as one page uses it.
struct Use {
    way: Way,
    text: &'static str,
    targets: Vec<Target>,
}

/// A browser with one signal, and all that its pages reach.
pub struct Laboratory {
    world: World,
    wires: BTreeMap<(&'static str, &'static str, Party), Wire>,
    pages: usize,
}

impl Laboratory {
    pub async fn open(engine: Engine, gpc: Gpc) -> Laboratory {
        let launch = Launch {
            engine,
            gpc,
            ..Launch::default()
        };
        let world = World::without_collector(launch).await;
        world.site.put(WWW, "/leak/lab.js", Page::script(LAB));
        for (name, text) in FILES {
            let page = if name.ends_with(".js") {
                Page::script(text)
            } else {
                Page::html(text)
            };
            world.site.put(WWW, &format!("/leak/{name}"), page);
        }
        Laboratory {
            world,
            wires: BTreeMap::new(),
            pages: 0,
        }
    }

    /// Measures the columns, one after the other.
    pub async fn measure(
        mut self,
        modes: &[Mode],
        ways: &[Way],
        unsupported: &HashSet<String>,
    ) -> Vec<(&'static str, Column)> {
        let mut built = Vec::new();
        for mode in modes {
            let start = Instant::now();
            built.push(self.run(mode, ways, unsupported).await);
            eprintln!("{}: {:.1} s", mode.slug, start.elapsed().as_secs_f32());
        }
        // Seen at the end, so that what comes late counts as well.
        let arrived = self.arrived();
        let column = |(mode, built): (&Mode, bool)| {
            let outcomes = ways
                .iter()
                .filter(|way| mode.text(way).is_some())
                .map(|way| {
                    let came = |party| self.came(&arrived, mode, way, party);
                    let outcome = Outcome {
                        denied: came(Party::Denied),
                        permitted: came(Party::Permitted),
                    };
                    (way.name, outcome)
                });
            (mode.slug, built.then(|| outcomes.collect()))
        };
        modes.iter().zip(built).map(column).collect()
    }

    /// Opens a column's pages; false if this version does not have its mode.
    async fn run(&mut self, mode: &Mode, ways: &[Way], unsupported: &HashSet<String>) -> bool {
        let mut shared: [Vec<Use>; 2] = Default::default();
        let mut alone = Vec::new();
        for way in ways {
            let Some(text) = mode.text(way) else { continue };
            let mut targets = Vec::new();
            for party in Party::BOTH {
                targets.push(self.target(mode, way, party).await);
            }
            if way.alone {
                alone.extend(targets.into_iter().map(|target| {
                    vec![Use {
                        way: *way,
                        text,
                        targets: vec![target],
                    }]
                }));
            } else {
                shared[usize::from(way.kind == Kind::Script)].push(Use {
                    way: *way,
                    text,
                    targets,
                });
            }
        }
        for uses in shared
            .into_iter()
            .chain(alone)
            .filter(|uses| !uses.is_empty())
        {
            if !self.visit(mode, &uses, unsupported).await {
                return false;
            }
        }
        true
    }

    async fn target(&mut self, mode: &Mode, way: &Way, party: Party) -> Target {
        let site = self.world.site.port();
        let port = if way.comes == Comes::Request {
            site
        } else {
            let wire = Wire::open(way.comes).await;
            let port = wire.port;
            self.wires.insert((mode.slug, way.name, party), wire);
            port
        };
        let target = Target::new(mode, way, party, site, port);
        let redirect = Page {
            status: 302,
            headers: vec![("Location".to_owned(), target.url())],
            ..Page::default()
        };
        self.world.site.put(WWW, &target.redirect, redirect);
        target
    }

    async fn visit(&mut self, mode: &Mode, uses: &[Use], unsupported: &HashSet<String>) -> bool {
        self.pages += 1;
        let path = format!("/page/{}/{}", mode.slug, self.pages);
        let script = format!("/leak/script/{}/{}.js", mode.slug, self.pages);
        self.world
            .site
            .put(WWW, &script, Page::script(script_of(mode, uses)));
        self.world
            .site
            .put(WWW, &path, Page::html(self.page_of(mode, uses, &script)));
        self.open_page(mode, &path).await;
        if uses[0].way.kind == Kind::Script {
            self.world.browser.until("lab.done").await;
            let stuck = self.world.browser.js("lab.stuck").await;
            assert_eq!(
                stuck,
                json!([]),
                "{}: the page can't opt out, or put saved references back",
                mode.slug
            );
        }
        if mode.inline {
            let late = "document.head.append(Object.assign(document.createElement('script'), { src: '/nosale.js' }))";
            self.world.browser.exec(late).await;
        }
        if !self.as_planned(mode).await {
            return false;
        }

        let awaited: Vec<(&Way, Party)> = uses
            .iter()
            .filter(|one| !unsupported.contains(one.way.name))
            .flat_map(|one| one.targets.iter().map(|target| (&one.way, target.party)))
            .filter(|(_, party)| mode.denies_nothing() || *party == Party::Permitted)
            .collect();
        let start = Instant::now();
        loop {
            let arrived = self.arrived();
            let missing = awaited
                .iter()
                .filter(|(way, party)| !self.came(&arrived, mode, way, *party));
            let missing: Vec<_> = missing.collect();
            if missing.is_empty() {
                break;
            }
            if start.elapsed() > PATIENCE {
                let names: Vec<_> = missing
                    .iter()
                    .map(|(way, party)| format!("{} ({party:?})", way.name))
                    .collect();
                let errors = self
                    .world
                    .browser
                    .js("typeof lab === 'undefined' ? {} : lab.errors")
                    .await;
                eprintln!(
                    "{}: did not arrive: {}\n  thrown: {errors}",
                    mode.slug,
                    names.join(", ")
                );
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.world.settle().await;
        true
    }

    /// Whether the page is in the state that the column is about; false if its mode is not there.
    async fn as_planned(&self, mode: &Mode) -> bool {
        let Some(gate) = mode.gate else { return true };
        let browser = &self.world.browser;
        let status = browser.until("window.nosale?.status?.()").await;
        if status["gate"]["mode"] != gate {
            return false;
        }
        let allowed = &status["purposes"]["sale"]["allowed"];
        assert_eq!(*allowed, mode.denies_nothing(), "{}: {status}", mode.slug);
        true
    }

    /// Opens a page; where it is to opt out, as often as an earlier choice is still there: the page
    /// before may store its choice once more while it goes away.
    async fn open_page(&self, mode: &Mode, path: &str) {
        let mut tries = 0;
        loop {
            if mode.opts_out() {
                self.forget_choice().await;
            }
            self.world.open(path).await;
            let early = mode.opts_out() && self.world.browser.js("window.early").await == true;
            if !early {
                return;
            }
            tries += 1;
            assert!(tries < 5, "{}: denied before the page opts out", mode.slug);
        }
    }

    /// As on a first visit.
    async fn forget_choice(&self) {
        self.world.open("/leak/empty.html").await;
        let browser = &self.world.browser;
        browser.exec("localStorage.clear()").await;
        browser.delete_cookies().await;
    }

    fn arrived(&self) -> HashSet<(Party, String)> {
        let of = |party: Party| {
            let arrivals = party
                .hosts()
                .into_iter()
                .flat_map(|host| self.world.site.arrivals(&host));
            arrivals.map(move |arrival| (party, arrival.path))
        };
        Party::BOTH.into_iter().flat_map(of).collect()
    }

    fn came(
        &self,
        arrived: &HashSet<(Party, String)>,
        mode: &Mode,
        way: &Way,
        party: Party,
    ) -> bool {
        match self.wires.get(&(mode.slug, way.name, party)) {
            Some(wire) => wire.reached(),
            None => arrived.contains(&(party, format!("/{}/{}", mode.slug, way.slug()))),
        }
    }

    fn page_of(&self, mode: &Mode, uses: &[Use], script: &str) -> String {
        let mut head = String::new();
        if !uses.iter().any(|one| one.text.contains("icon")) {
            head.push_str("<link rel=\"icon\" href=\"data:,\">\n");
        }
        if let Some(gate) = mode.gate {
            let tag = if mode.inline {
                format!("<script>{}</script>", inline_snippet())
            } else {
                "<script src=\"/nosale.js\"></script>".to_owned()
            };
            let _ = writeln!(
                head,
                "<script type=\"application/json\" id=\"nosale-config\">{}</script>\n{tag}",
                config(gate)
            );
        }
        if mode.opts_out() {
            head.push_str("<script>window.early = !nosale.allows('sale')</script>\n");
        }
        let script = if uses[0].way.kind == Kind::Script {
            head.push_str("<script src=\"/leak/lab.js\"></script>\n");
            format!("<script src=\"{script}\"></script>")
        } else {
            if mode.opts_out() {
                head.push_str("<script>nosale.optOut()</script>\n");
            }
            String::new()
        };
        let mut html: Vec<String> = Vec::new();
        for one in uses.iter().filter(|one| one.way.kind == Kind::Markup) {
            html.extend(one.targets.iter().map(|target| target.fill(one.text)));
        }
        let html = html.join("\n");
        let body = match uses[0].way.place {
            Place::Main => format!("<body>\n<main>\n{html}\n{script}\n</main>\n</body>"),
            Place::Head => {
                head.push_str(&html);
                "<body>\n<main></main>\n</body>".to_owned()
            }
            Place::Bare => html,
        };
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>A page</title>\n{head}</head>\n{body}\n</html>\n"
        )
    }
}

fn script_of(mode: &Mode, uses: &[Use]) -> String {
    let mut script = String::new();
    let given = "{ url, origin, host, port, path, own, redirect, id, idn, punycode, held }";
    for Use { way, text, targets } in uses.iter().filter(|one| one.way.kind == Kind::Script) {
        let targets: Vec<Value> = targets.iter().map(Target::values).collect();
        let before = way.before.map_or_else(
            || "undefined".to_owned(),
            |before| format!("async ({given}) => {{ {before} }}"),
        );
        let _ = writeln!(
            script,
            "lab.way({}, {}, ({given}) => {{ {text} }}, {before});",
            json!(way.name),
            json!(targets)
        );
    }
    let save = mode.denial == Denial::Saved;
    let _ = writeln!(
        script,
        "lab.start({});",
        json!({ "optOut": mode.opts_out(), "save": save })
    );
    script
}

fn config(gate: &str) -> Value {
    let permitted: Vec<String> = Party::Permitted.hosts().into_iter().collect();
    json!({
        "jurisdiction": "US-CA",
        "vendors": [{
            "name": "tracker",
            "hosts": [Party::Denied.host(), Party::Denied.international()],
            "purposes": ["sale", "sharing"],
            "sockets": true,
        }],
        "gate": { "mode": gate, "allow": permitted },
    })
}
