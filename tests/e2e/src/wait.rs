//! Waiting for a condition, with a generous limit.

use std::fmt::Display;
use std::panic::Location;
use std::time::{Duration, Instant};

/// How long a condition may take before its test fails.
pub const LIMIT: Duration = Duration::from_secs(20);

const PAUSE: Duration = Duration::from_millis(25);

/// Asks `probe` again and again until it gives a value.
///
/// # Panics
///
/// After [`LIMIT`], naming `what` was awaited and by which line.
#[track_caller]
pub fn until<T, F>(what: impl Display, probe: F) -> impl Future<Output = T>
where
    F: AsyncFnMut() -> Option<T>,
{
    poll(what, probe, Location::caller())
}

pub(crate) async fn poll<T, F>(what: impl Display, mut probe: F, by: &Location<'_>) -> T
where
    F: AsyncFnMut() -> Option<T>,
{
    let start = Instant::now();
    loop {
        if let Some(value) = probe().await {
            return value;
        }
        assert!(
            start.elapsed() < LIMIT,
            "{by}: waited {} s in vain: {what}",
            LIMIT.as_secs()
        );
        tokio::time::sleep(PAUSE).await;
    }
}
