//! What the core costs, natively, in time and in bytes allocated: `cargo xtask bench core`.
#![allow(clippy::unwrap_used, missing_docs)]

mod allocated;

use std::borrow::Cow;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use nosale::config::{Json, read};
use nosale::policy::{
    Choice, Gpc, Jurisdiction, Mode, Purposes, Record, Rule, Settings, Signals, Stored, Vendor,
    Vendors, decide,
};

const NOW: u64 = 1_795_291_200;

fn stored() -> Stored {
    let mut stored = Stored::default();
    stored.choose(
        Purposes::OF_GPC,
        Choice::Out,
        NOW,
        1,
        Jurisdiction::national(),
    );
    stored
}

fn vendors(rules: usize) -> Vendors {
    let own = (0..rules).map(|number| Vendor {
        name: Cow::Owned(format!("vendor{number}")),
        rules: vec![Rule::parse(&format!("host{number}.example")).unwrap()],
        purposes: Purposes::OF_GPC,
        cookies: Vec::new(),
        storage: Vec::new(),
        sockets: false,
        stand_ins: Vec::new(),
        has_begun: false,
        mode: Mode::Block,
        adapter: None,
    });
    Vendors::new(own.collect())
}

fn config() -> Json {
    let text = |text: &str| Json::Text(text.to_owned());
    let object = |members: Vec<(&str, Json)>| {
        Json::Object(
            members
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        )
    };
    object(vec![
        ("jurisdiction", text("US-CA")),
        (
            "endpoint",
            object(vec![(
                "url",
                text("https://privacy.publisher.example/v1/events"),
            )]),
        ),
        (
            "vendors",
            Json::List(vec![object(vec![
                ("name", text("tracker")),
                ("rules", Json::List(vec![text("tracker.example/tag?id=1")])),
            ])]),
        ),
        ("notice", object(vec![("policyUrl", text("/privacy"))])),
    ])
}

fn core(criterion: &mut Criterion) {
    let signals = Signals {
        gpc: Gpc::On,
        ..Signals::default()
    };
    let stored = stored();
    let settings = Settings::default();
    measure(criterion, "decide", || {
        decide(
            black_box(&signals),
            &stored,
            Jurisdiction::national(),
            &settings,
        )
    });

    let text = stored.record.unwrap().to_text();
    measure(criterion, "read a record", || {
        Record::parse(black_box(&text), NOW)
    });

    let json = config();
    measure(criterion, "read a config", || read(black_box(&json)));

    for rules in [10, 10_000] {
        let vendors = vendors(rules);
        let name = format!("look up a host among {rules} rules");
        measure(criterion, &name, || {
            vendors
                .find(black_box("cdn.static.publisher.example"), "/app.js", "")
                .is_some()
        });
    }
}

fn measure<T>(criterion: &mut Criterion, name: &str, call: impl Fn() -> T) {
    allocated::tell(name, &call);
    criterion.bench_function(name, |bench| bench.iter(&call));
}

criterion_group!(benches, core);
criterion_main!(benches);
