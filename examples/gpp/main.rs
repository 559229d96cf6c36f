//! Reads and writes GPP strings, a line at a time:
//!
//! ```text
//! cargo run --release --example gpp -- decode < strings.txt
//! cargo run --release --example gpp -- encode [--allow-unstable] < sections.jsonl
//! ```
//!
//! `decode` takes a string a line and gives a JSON object a line:
//! `{"sectionIds": [8], "sections": {"usca": {"Version": 1, …}}}`, or
//! `{"error": "…", "position": 15}` with the place of the mistake in bytes. Sections that are not
//! looked into are in `"otherSections": {"2": "…"}`.
//!
//! `encode` is the inverse. A mistake in the JSON has a `position`, one in what it says a `path`.
//! Sections 24 to 27 are written with `--allow-unstable` only.
//!
//! A line that is wrong gives its error object, and the rest go on.

#[cfg(not(target_arch = "wasm32"))]
mod lines;
#[cfg(not(target_arch = "wasm32"))]
mod shape;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(direction) = lines::Direction::from_arguments(&arguments) else {
        eprintln!("usage: gpp decode | encode [--allow-unstable]");
        return std::process::ExitCode::from(2);
    };
    match lines::run(direction, std::io::stdin().lock(), std::io::stdout().lock()) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        // Nobody reads on, as before `| head`.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            std::process::ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            std::process::ExitCode::FAILURE
        }
    }
}

/// A browser has no command line.
#[cfg(target_arch = "wasm32")]
fn main() {}
