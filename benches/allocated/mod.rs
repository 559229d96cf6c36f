//! What one call allocates; shared by the benchmarks.

use std::hint::black_box;

/// Prints the bytes and the allocations of one call.
pub fn tell<T>(name: &str, call: impl Fn() -> T) {
    // What is allocated once and kept is not the call's.
    black_box(call());
    let told = allocation_counter::measure(|| drop(black_box(call())));
    println!(
        "{name}: {} bytes in {} allocations",
        told.bytes_total, told.count_total
    );
}
