//! Whatever bytes come as a body of reports, the collector's parser answers, and what it takes holds.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| collector::fuzz::body(bytes));
