//! Events by filter, page by page: what an export reads holds no more than a page in memory.

use rusqlite::{Connection, params};

use super::reader::stored_event;
use super::{StoreError, StoredEvent};

/// How many events a page has at most.
const PAGE_EVENTS: u16 = 500;
/// A page ends with the event that reaches so many bytes.
const PAGE_BYTES: usize = 256 * 1024;

/// Which events are asked for; what is `None` is not asked.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Received at this time or later: RFC 3339 in UTC, to the millisecond.
    pub from: Option<String>,
    /// Received before this time.
    pub to: Option<String>,
    /// The event's type.
    pub event_type: Option<String>,
    /// What was asked: `data.kind`.
    pub kind: Option<String>,
    /// The way it was asked: `data.how`.
    pub how: Option<String>,
}

/// The greatest sequence there is, or 0.
pub fn last(connection: &Connection) -> Result<u64, StoreError> {
    let mut select = connection.prepare_cached("SELECT coalesce(max(sequence), 0) FROM events")?;
    Ok(select.query_row([], |row| row.get(0))?)
}

/// The next events after a sequence, and none beyond `through`; empty at the end.
pub fn page(
    connection: &Connection,
    filter: &Filter,
    after: u64,
    through: u64,
) -> Result<Vec<StoredEvent>, StoreError> {
    let mut select = connection.prepare_cached(
        "SELECT sequence, received_at, sec_gpc, event, email
         FROM events LEFT JOIN addresses ON receipt = id
         WHERE sequence > ?1 AND sequence <= ?2
           AND (?3 IS NULL OR received_at >= ?3)
           AND (?4 IS NULL OR received_at < ?4)
           AND (?5 IS NULL OR type = ?5)
           AND (?6 IS NULL OR kind = ?6)
           AND (?7 IS NULL OR how = ?7)
         ORDER BY sequence LIMIT ?8",
    )?;
    let mut rows = select.query(params![
        after,
        through,
        filter.from,
        filter.to,
        filter.event_type,
        filter.kind,
        filter.how,
        PAGE_EVENTS,
    ])?;
    let mut events = Vec::new();
    let mut bytes = 0;
    while bytes < PAGE_BYTES
        && let Some(row) = rows.next()?
    {
        let event = stored_event(row)?;
        bytes += event.event.get().len();
        events.push(event);
    }
    Ok(events)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::database;

    #[test]
    fn a_page_holds_no_more_than_its_share() {
        let directory = tempfile::tempdir().unwrap();
        let store = database::open(&directory.path().join("choices.db")).unwrap();
        let insert = |sequence: u64, length: usize| {
            let event = format!("{{\"a\":\"{}\"}}", "x".repeat(length));
            store
                .execute(
                    "INSERT INTO events (sequence, id, type, source, time, received_at, sec_gpc, event)
                     VALUES (?1, ?1, '', '', '', '', 0, ?2)",
                    params![sequence, event],
                )
                .unwrap();
        };
        (1..=20).for_each(|sequence| insert(sequence, 60_000));
        (21..=1000).for_each(|sequence| insert(sequence, 1));

        let mut after = 0;
        let mut pages = Vec::new();
        loop {
            let events = page(&store, &Filter::default(), after, 900).unwrap();
            let Some(last) = events.last() else { break };
            after = last.sequence;
            pages.push(events.len());
        }
        assert_eq!(after, 900);
        assert_eq!(pages, [5, 5, 5, 5, 500, 380]);
    }
}
