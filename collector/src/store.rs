//! Where events are kept: SQLite, append-only, each event once, with a sequence without gaps.

mod database;
mod reader;
mod writer;

use std::path::PathBuf;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::event::Event;
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Appended {
    /// How many are stored now and were not before.
    pub stored: usize,
    /// How many were there already, by their ids.
    pub repeated: usize,
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

/// A store that is open.
pub struct Store {
    writer: Writer,
    reader: Reader,
}

impl Store {
    /// Opens the SQLite file, and creates it if it is missing.
    pub fn open(path: PathBuf) -> Result<Self, StoreError> {
        let writer = Writer::start(database::open(&path)?)?;
        let reader = Reader::new(database::open_for_reading(&path)?);
        Ok(Self { writer, reader })
    }

    /// Stores those events that are new, and returns when they are on disk. `sec_gpc` tells
    /// whether their request carried `Sec-GPC: 1`.
    pub async fn append(&self, events: Vec<Event>, sec_gpc: bool) -> Result<Appended, StoreError> {
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
        self.reader.list(after, limit, order).await
    }

    /// Stores what was accepted before and nothing more, and returns when that is done.
    pub async fn close(&self) {
        // SQLite empties its log into the file when the last connection closes, if that one writes.
        self.reader.close().await;
        self.writer.close().await;
    }
}
