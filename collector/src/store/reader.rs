//! The connection that reads. Writing does not wait for it, nor the reverse (WAL).

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, params};
use serde_json::value::RawValue;

use super::{Order, StoreError, StoredEvent};

pub struct Reader(Arc<Mutex<Option<Connection>>>);

impl Reader {
    pub fn new(connection: Connection) -> Self {
        Self(Arc::new(Mutex::new(Some(connection))))
    }

    /// At most `limit` events with a sequence greater than `after`.
    pub async fn list(
        &self,
        after: u64,
        limit: u16,
        order: Order,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let connection = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || {
            let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            match connection.as_ref() {
                Some(connection) => list(connection, after, limit, order),
                None => Err(StoreError::Closed),
            }
        })
        .await
        .unwrap_or(Err(StoreError::Closed))
    }

    /// Ends reading, once a listing that is under way has been read.
    pub async fn close(&self) {
        let connection = Arc::clone(&self.0);
        let closed = tokio::task::spawn_blocking(move || {
            connection
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
        });
        if closed.await.is_err() {
            tracing::error!("the store's reader ended in a panic");
        }
    }
}

fn list(
    connection: &Connection,
    after: u64,
    limit: u16,
    order: Order,
) -> Result<Vec<StoredEvent>, StoreError> {
    let mut select = connection.prepare_cached(match order {
        Order::Asc => {
            "SELECT sequence, received_at, sec_gpc, event FROM events
             WHERE sequence > ?1 ORDER BY sequence ASC LIMIT ?2"
        }
        Order::Desc => {
            "SELECT sequence, received_at, sec_gpc, event FROM events
             WHERE sequence > ?1 ORDER BY sequence DESC LIMIT ?2"
        }
    })?;
    // SQLite's integers are signed: nothing lies beyond their greatest.
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let mut rows = select.query(params![after, limit])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(StoredEvent {
            sequence: row.get("sequence")?,
            received: row.get("received_at")?,
            sec_gpc: row.get("sec_gpc")?,
            event: RawValue::from_string(row.get("event")?)?,
        });
    }
    Ok(events)
}
