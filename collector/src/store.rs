//! Where events are kept: SQLite, append-only, each event once, with a sequence without gaps.

mod accounts;
mod addresses;
mod counts;
mod database;
mod export;
mod reader;
mod retention;
mod writer;

use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use serde_json::value::RawValue;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

use crate::account::Change;
use crate::event::Event;
pub use accounts::{Account, Suppression};
pub use addresses::SuppressedEmail;
pub use counts::Counts;
pub use export::Filter;
use reader::Reader;
use writer::Writer;

/// Why the store cannot do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file cannot be opened or created.
    #[error("cannot open the store {}: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The file belongs to another program, or to a later version of this one.
    #[error("cannot use the store {}: {reason}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The thread that writes cannot be started.
    #[error("cannot start the store's thread: {0}")]
    Thread(#[from] std::io::Error),
    /// SQLite reports an error: disk full, for example.
    #[error("the store failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// What is stored cannot be read back.
    #[error("the store holds an event that is not JSON: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// The events were not stored, with those of other requests in the same commit.
    #[error("the commit failed; see the log")]
    Commit,
    /// The store has been closed.
    #[error("the store is closed")]
    Closed,
}

/// What became of the events of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Appended {
    /// How many are stored now and were not before.
    pub stored: usize,
    /// How many were there already, by their ids.
    pub repeated: usize,
    /// The ids of those whose token had served another event.
    pub replayed: Vec<String>,
}

/// An event, and what it changes about an account.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The event.
    pub event: Event,
    /// What changes, if the event is new.
    pub change: Option<Change>,
}

/// The order of a listing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Oldest first.
    #[default]
    Asc,
    /// Newest first.
    Desc,
}

/// An event as it is listed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredEvent {
    /// Its place in the store, from 1, without gaps.
    pub sequence: u64,
    /// When the collector stored it: an RFC 3339 time in UTC.
    pub received: String,
    /// Whether the request that brought it carried `Sec-GPC: 1`.
    pub sec_gpc: bool,
    /// The event.
    pub event: Box<RawValue>,
}

/// What tells the time.
pub type Clock = Arc<dyn Fn() -> OffsetDateTime + Send + Sync>;

/// A store that is open.
pub struct Store {
    clock: Clock,
    writer: Writer,
    reader: Reader,
    /// For what reads long, so that a short question does not wait for it.
    long_reader: Reader,
}

impl Store {
    /// Opens the SQLite file, and creates it if it is missing.
    pub fn open(path: PathBuf) -> Result<Self, StoreError> {
        Self::open_with_clock(path, Arc::new(OffsetDateTime::now_utc))
    }

    /// Opens it with a clock of one's own.
    pub fn open_with_clock(path: PathBuf, clock: Clock) -> Result<Self, StoreError> {
        let writer = Writer::start(database::open(&path)?, Arc::clone(&clock))?;
        let reader = Reader::new(database::open_for_reading(&path)?);
        let long_reader = Reader::new(database::open_for_reading(&path)?);
        Ok(Self {
            clock,
            writer,
            reader,
            long_reader,
        })
    }

    /// Stores those events that are new, and returns when they are on disk. `sec_gpc` tells
    /// whether their request carried `Sec-GPC: 1`.
    pub async fn append(
        &self,
        events: Vec<Reported>,
        sec_gpc: bool,
    ) -> Result<Appended, StoreError> {
        if events.is_empty() {
            return Ok(Appended::default());
        }
        self.writer.append(events, sec_gpc).await
    }

    /// At most `limit` events with a sequence greater than `after`.
    pub async fn list(
        &self,
        after: u64,
        limit: u16,
        order: Order,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        self.reader
            .read(move |connection| reader::list(connection, after, limit, order))
            .await
    }

    /// The event with the receipt number, if it is stored.
    pub async fn find(&self, id: &str) -> Result<Option<StoredEvent>, StoreError> {
        let id = id.to_ascii_lowercase();
        self.reader
            .read(move |connection| reader::find(connection, &id))
            .await
    }

    /// The greatest sequence there is, or 0.
    pub async fn last(&self) -> Result<u64, StoreError> {
        self.long_reader.read(export::last).await
    }

    /// The next events by the filter after a sequence, and none beyond `through`; empty at the end.
    pub async fn page(
        &self,
        filter: &Filter,
        after: u64,
        through: u64,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let filter = filter.clone();
        self.long_reader
            .read(move |connection| export::page(connection, &filter, after, through))
            .await
    }

    /// The yearly counts.
    pub async fn counts(&self, year: u16) -> Result<Counts, StoreError> {
        self.long_reader
            .read(move |connection| counts::counts(connection, year))
            .await
    }

    /// The greatest sequence that was removed because it was old, or 0.
    pub async fn removed_through(&self) -> Result<u64, StoreError> {
        self.reader.read(retention::removed_through).await
    }

    /// Removes what was received so many months ago or earlier; how many events.
    pub async fn remove_older(&self, months: u16) -> Result<u64, StoreError> {
        let before = retention::months_before((self.clock)(), months);
        let mut all = 0;
        loop {
            let removed = self.writer.remove(before).await?;
            all += removed;
            if removed < retention::CHUNK {
                return Ok(all);
            }
        }
    }

    /// What is known of an account.
    pub async fn account(&self, id: String) -> Result<Account, StoreError> {
        self.reader
            .read(move |connection| accounts::account(connection, id))
            .await
    }

    /// At most `limit` accounts that are opted out, whose ids come after one.
    pub async fn suppressions(
        &self,
        purpose: Option<String>,
        after: String,
        limit: u16,
    ) -> Result<Vec<Suppression>, StoreError> {
        self.long_reader
            .read(move |connection| {
                accounts::suppressions(connection, purpose.as_deref(), &after, limit)
            })
            .await
    }

    /// At most `limit` e-mail addresses that asked to be opted out and come after one.
    pub async fn suppressed_emails(
        &self,
        after: String,
        limit: u16,
    ) -> Result<Vec<SuppressedEmail>, StoreError> {
        self.long_reader
            .read(move |connection| addresses::suppressed(connection, &after, limit))
            .await
    }

    /// Erases the e-mail address of the request with the receipt number, wherever it stands; from
    /// how many requests.
    pub async fn erase_email(&self, receipt: &str) -> Result<usize, StoreError> {
        self.writer.erase(receipt.to_ascii_lowercase()).await
    }

    /// Whether events can be stored and read now.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.reader
            .read(|connection| reader::list(connection, 0, 1, Order::Desc))
            .await?;
        self.writer.check().await
    }

    /// Stores what was accepted before and nothing more, and returns when that is done.
    pub async fn close(&self) {
        // SQLite empties its log into the file when the last connection closes, if that one writes.
        self.reader.close().await;
        self.long_reader.close().await;
        self.writer.close().await;
    }
}

/// A time as it is stored: RFC 3339 in UTC, to the millisecond, so that texts sort as times.
pub fn rfc3339(time: OffsetDateTime) -> String {
    let format =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    // The format has only what a date-time has, so it cannot fail.
    let utc = time.to_offset(UtcOffset::UTC);
    utc.format(format).unwrap_or_default()
}

#[cfg(test)]
mod tests;
