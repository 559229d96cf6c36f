//! What GPP strings cost, natively: `cargo xtask bench`.
#![allow(clippy::unwrap_used, missing_docs)]

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
        criterion.bench_function(&format!("gpp decode, {name}"), |bencher| {
            bencher.iter(|| Gpp::decode(black_box(text)));
        });
        let gpp = Gpp::decode(text).unwrap();
        criterion.bench_function(&format!("gpp encode, {name}"), |bencher| {
            bencher.iter(|| black_box(&gpp).encode_unstable());
        });
    }
    let (_, text) = STRINGS[2];
    criterion.bench_function("gpp split, 22 sections", |bencher| {
        bencher.iter(|| split(black_box(text)));
    });
}

criterion_group!(benches, gpp);
criterion_main!(benches);
