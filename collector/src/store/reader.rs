//! A connection that reads. Writing does not wait for it, nor the reverse (WAL).

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::addresses::put_back;
use super::{Order, StoreError, StoredEvent};

pub struct Reader(Arc<Mutex<Option<Connection>>>);

impl Reader {
    pub fn new(connection: Connection) -> Self {
        Self(Arc::new(Mutex::new(Some(connection))))
    }

    /// Reads on a thread where waiting harms nobody.
    pub async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let connection = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || {
            let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            match connection.as_ref() {
                Some(connection) => question(connection),
                None => Err(StoreError::Closed),
            }
        })
        .await
        .unwrap_or(Err(StoreError::Closed))
    }

    /// Ends reading, once what is under way has been read.
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

/// At most `limit` events with a sequence greater than `after`.
pub fn list(
    connection: &Connection,
    after: u64,
    limit: u16,
    order: Order,
) -> Result<Vec<StoredEvent>, StoreError> {
    let mut select = connection.prepare_cached(match order {
        Order::Asc => {
            "SELECT sequence, received_at, sec_gpc, event, email
             FROM events LEFT JOIN addresses ON receipt = id
             WHERE sequence > ?1 ORDER BY sequence ASC LIMIT ?2"
        }
        Order::Desc => {
            "SELECT sequence, received_at, sec_gpc, event, email
             FROM events LEFT JOIN addresses ON receipt = id
             WHERE sequence > ?1 ORDER BY sequence DESC LIMIT ?2"
        }
    })?;
    // SQLite's integers are signed: nothing lies beyond their greatest.
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let mut rows = select.query(params![after, limit])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(stored_event(row)?);
    }
    Ok(events)
}

/// The event with the receipt number, which is in lower case; without its e-mail address.
pub fn find(connection: &Connection, id: &str) -> Result<Option<StoredEvent>, StoreError> {
    connection
        .prepare_cached(
            "SELECT sequence, received_at, sec_gpc, event, NULL AS email FROM events WHERE id = ?1",
        )?
        .query_row([id], |row| Ok(stored_event(row)))
        .optional()?
        .transpose()
}

/// The event of a row with sequence, `received_at`, `sec_gpc`, event and email.
pub fn stored_event(row: &Row<'_>) -> Result<StoredEvent, StoreError> {
    Ok(StoredEvent {
        sequence: row.get("sequence")?,
        received: row.get("received_at")?,
        sec_gpc: row.get("sec_gpc")?,
        event: put_back(row.get("event")?, row.get("email")?)?,
    })
}
