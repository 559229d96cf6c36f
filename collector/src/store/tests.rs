//! The store over the years, by a clock that is set.

use std::path::Path;
use std::sync::Mutex;

use rusqlite::Connection;
use time::Duration;
use time::macros::datetime;

use super::*;
use crate::account::Claim;
use crate::address::Address;

/// A store whose time stands until it is set.
struct Years {
    now: Arc<Mutex<OffsetDateTime>>,
    store: Store,
}

impl Years {
    fn open(path: &Path) -> Self {
        let now = Arc::new(Mutex::new(datetime!(2024-01-31 12:00 UTC)));
        let clock = {
            let now = Arc::clone(&now);
            Arc::new(move || *now.lock().unwrap())
        };
        let store = Store::open_with_clock(path.to_owned(), clock).unwrap();
        Self { now, store }
    }

    fn set(&self, now: OffsetDateTime) {
        *self.now.lock().unwrap() = now;
    }

    async fn append(&self, ids: &[&str]) -> Appended {
        let reported = |id: &&str| Reported {
            event: Event {
                id: (*id).to_owned(),
                kind: "nosale.choice".to_owned(),
                source: String::new(),
                time: String::new(),
                json: format!(r#"{{"id":"{id}","data":{{"kind":"opt_out","how":"dialog"}}}}"#),
                address: Some(Address {
                    email: format!("{id}@example.com"),
                    opts_out: *id != "a",
                }),
                claim: Claim::default(),
            },
            change: Some(Change {
                account: (*id).to_owned(),
                token: None,
                out: vec!["sale"],
                echoed: Vec::new(),
                lifted: Vec::new(),
            }),
        };
        let reported = ids.iter().map(reported).collect();
        self.store.append(reported, false).await.unwrap()
    }

    async fn sequences(&self) -> Vec<u64> {
        let events = self.store.list(0, 1000, Order::Asc).await.unwrap();
        events.iter().map(|event| event.sequence).collect()
    }
}

#[tokio::test]
async fn what_is_old_goes_from_the_oldest_on_and_the_sequence_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("choices.db");
    let years = Years::open(&path);
    years.append(&["a", "b"]).await;
    years.set(datetime!(2024-12-31 23:00 UTC));
    years.append(&["c"]).await;
    years.set(datetime!(2025-06-01 0:00 UTC));
    years.append(&["d", "e"]).await;

    // To the millisecond: at 24 months they are kept, then no more.
    let end = datetime!(2026-01-31 12:00 UTC);
    years.set(end);
    assert_eq!(years.store.remove_older(24).await.unwrap(), 0);
    assert_eq!(years.sequences().await, [1, 2, 3, 4, 5]);
    assert_eq!(years.store.removed_through().await.unwrap(), 0);
    years.set(end + Duration::milliseconds(1));
    assert_eq!(years.store.remove_older(24).await.unwrap(), 2);
    assert_eq!(years.sequences().await, [3, 4, 5]);
    assert_eq!(years.store.removed_through().await.unwrap(), 2);
    assert_eq!(years.store.remove_older(24).await.unwrap(), 0);

    // It says so: that year's counts are no longer whole, others are.
    for (year, complete, received) in [(2024, false, 1), (2025, true, 2), (2026, true, 0)] {
        let counts = years.store.counts(year).await.unwrap();
        let counts = serde_json::to_value(counts).unwrap();
        assert_eq!(counts["complete"], complete, "{year}");
        assert_eq!(counts["requests"]["received"], received, "{year}");
    }

    // Who is opted out stays so; an address that asked for something else is gone with its event.
    let account = years.store.account("a".to_owned()).await.unwrap();
    assert_eq!(account.opt_out, ["sale"]);
    let emails = years
        .store
        .suppressed_emails(String::new(), 9)
        .await
        .unwrap();
    assert_eq!(emails[0].email, "b@example.com");
    let addresses = |path: &Path| -> usize {
        let other = Connection::open(path).unwrap();
        let count = "SELECT count(*) FROM addresses";
        other.query_row(count, [], |row| row.get(0)).unwrap()
    };
    assert_eq!((emails.len(), addresses(&path)), (4, 4));

    // Nothing is left, and still no number is given twice; a restart changes nothing.
    years.set(datetime!(2027-06-02 0:00 UTC));
    assert_eq!(years.store.remove_older(24).await.unwrap(), 3);
    assert!(years.sequences().await.is_empty());
    years.store.close().await;
    let years = Years::open(&path);
    years.set(datetime!(2027-06-03 0:00 UTC));
    assert_eq!(years.append(&["f", "f", "g"]).await.stored, 2);
    assert_eq!(years.sequences().await, [6, 7]);
    assert_eq!(years.store.removed_through().await.unwrap(), 5);

    // What the store does not remove itself stays append-only.
    let other = Connection::open(&path).unwrap();
    for change in [
        "DELETE FROM events WHERE sequence = 6",
        "DELETE FROM removals",
        "UPDATE removals SET through = 7",
    ] {
        let error = other.execute(change, []).unwrap_err();
        assert!(error.to_string().contains("append-only"), "{error}");
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_makes_no_gap() {
    let directory = tempfile::tempdir().unwrap();
    let years = Years::open(&directory.path().join("choices.db"));
    years.append(&["a"]).await;
    years.set(datetime!(2025-01-01 0:00 UTC));
    years.append(&["b"]).await;
    years.set(datetime!(2023-01-01 0:00 UTC));
    years.append(&["c"]).await;
    years.set(datetime!(2026-06-01 0:00 UTC));
    years.append(&["d"]).await;
    // The third is old enough, but the second is not.
    assert_eq!(years.store.remove_older(24).await.unwrap(), 1);
    assert_eq!(years.sequences().await, [2, 3, 4]);
    years.set(datetime!(2027-01-02 0:00 UTC));
    assert_eq!(years.store.remove_older(24).await.unwrap(), 2);
    assert_eq!(years.sequences().await, [4]);
}

#[tokio::test]
async fn many_are_removed_in_parts() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("choices.db");
    let years = Years::open(&path);
    let fill = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10001)
         INSERT INTO events (id, type, source, time, received_at, sec_gpc, event)
         SELECT n, 'nosale.choice', '', '', '2020-01-01T00:00:00.000Z', 0, '{}' FROM numbers";
    Connection::open(&path)
        .unwrap()
        .execute_batch(fill)
        .unwrap();
    years.append(&["a"]).await;
    assert_eq!(years.store.remove_older(24).await.unwrap(), 10_001);
    assert_eq!(years.sequences().await, [10_002]);
}
