//! What GPP strings cost, natively, in time and in bytes allocated: `cargo xtask bench core`.
#![allow(clippy::unwrap_used, missing_docs)]

mod allocated;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use nosale::gpp::{Gpp, split};

/// A section of one state, the national one, and every section that this library looks into.
const STRINGS: [(&str, &str); 3] = [
    ("usca", "DBABBg~BVUAAACA.YA"),
    ("usnat", "DBABLA~CVVqAAAAAACA.QA"),
    (
        "22 sections",
        "DBABzAw~1NNY~CWkJBIZVZVGE.YA~BFphFZGE.QA~BRgVpJA~BKURiFA.YA~BUFmmaiA~BRGUGFYA.QA~BJGQFoVU\
         ~BmoAYkGg.QA~BVkBQWSiUA~BVJSgkVA.QA~BEgIZViiAA.QA~BVIWhVSA.YA~BhkCUBVA.QA~BBompoFk\
         ~BpSkhFSaSA~BohQBKRA~BqYikYqA.QA~BUJE.QA~BUAa~BYGk~BViS",
    ),
];

fn gpp(criterion: &mut Criterion) {
    for (name, text) in STRINGS {
        measure(criterion, &format!("gpp decode, {name}"), || {
            Gpp::decode(black_box(text))
        });
        let gpp = Gpp::decode(text).unwrap();
        measure(criterion, &format!("gpp encode, {name}"), || {
            black_box(&gpp).encode_unstable()
        });
    }
    let (_, text) = STRINGS[2];
    measure(criterion, "gpp split, 22 sections", || {
        split(black_box(text))
    });
}

fn measure<T>(criterion: &mut Criterion, name: &str, call: impl Fn() -> T) {
    allocated::tell(name, &call);
    criterion.bench_function(name, |bench| bench.iter(&call));
}

criterion_group!(benches, gpp);
criterion_main!(benches);
