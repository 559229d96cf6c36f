//! The SQLite file: its settings, and how it comes to have its tables.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, MAIN_DB, OpenFlags, TransactionBehavior};

use super::StoreError;

/// Marks the file as a collector's store (`PRAGMA application_id`): "nosl".
const APPLICATION_ID: i64 = 0x6e6f_736c;
/// How the tables came to be, step by step. Their version (`PRAGMA user_version`) is the number of
/// steps done; a file of an earlier version takes the rest when it is opened.
const STEPS: [&str; 5] = [
    include_str!("schema.sql"),
    include_str!("schema.2.questions.sql"),
    include_str!("schema.3.accounts.sql"),
    include_str!("schema.4.retention.sql"),
    include_str!("schema.5.addresses.sql"),
];
/// How long to wait for another process that has the file locked.
const BUSY_TIME: Duration = Duration::from_secs(5);

/// Opens the file for writing, and creates it and its tables if they are missing.
pub fn open(path: &Path) -> Result<Connection, StoreError> {
    let failed = |source| StoreError::Open {
        path: path.to_owned(),
        source,
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    match prepare(&mut connection).map_err(failed)? {
        None => Ok(connection),
        Some(reason) => Err(StoreError::Foreign {
            path: path.to_owned(),
            reason,
        }),
    }
}

/// Opens the file a second time, for reading only.
pub fn open_for_reading(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY_TIME)?;
        Ok(connection)
    };
    open().map_err(|source| StoreError::Open {
        path: path.to_owned(),
        source,
    })
}

/// Sets the connection up and creates the tables. Says why, if the file is not to be used.
fn prepare(connection: &mut Connection) -> Result<Option<String>, rusqlite::Error> {
    connection.busy_timeout(BUSY_TIME)?;
    if connection.is_readonly(MAIN_DB)? {
        return Ok(Some("the file is read-only".to_owned()));
    }
    let found = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let application: i64 = found.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let version: i64 = found.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let tables: i64 =
        found.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let done = match application {
        APPLICATION_ID => usize::try_from(version).ok(),
        0 if version == 0 && tables == 0 => Some(0),
        _ => return Ok(Some("it is another program's database".to_owned())),
    };
    let Some(missing) = done.and_then(|done| STEPS.get(done..)) else {
        return Ok(Some(format!(
            "its tables have version {version}, this collector knows {}",
            STEPS.len()
        )));
    };
    if !missing.is_empty() {
        for step in missing {
            found.execute_batch(step)?;
        }
        found.pragma_update(None, "application_id", APPLICATION_ID)?;
        found.pragma_update(None, "user_version", STEPS.len())?;
    }
    found.commit()?;

    // With FULL, a commit in WAL mode returns only after the log has been flushed to disk.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What is removed is overwritten, not only forgotten.
    connection.pragma_update(None, "secure_delete", "ON")?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Ok(Some(format!(
            "write-ahead logging is not possible there ({mode})"
        )));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_are_flushed_to_the_log() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("choices.db");
        for _ in ["created", "opened again"] {
            let store = open(&path).unwrap();
            let synchronous: i64 = store
                .query_row("PRAGMA synchronous", [], |row| row.get(0))
                .unwrap();
            assert_eq!(synchronous, 2, "FULL");
            let secure_delete: i64 = store
                .query_row("PRAGMA secure_delete", [], |row| row.get(0))
                .unwrap();
            assert_eq!(secure_delete, 1, "ON");
            let mode: String = store
                .query_row("PRAGMA journal_mode", [], |row| row.get(0))
                .unwrap();
            assert_eq!(mode, "wal");
        }
    }

    #[test]
    fn an_earlier_file_is_brought_up_to_date_and_keeps_its_events() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("choices.db");
        for version in 1..STEPS.len() {
            let earlier = Connection::open(&path).unwrap();
            earlier
                .execute_batch(&STEPS[..version].concat())
                .and_then(|()| earlier.pragma_update(None, "application_id", APPLICATION_ID))
                .and_then(|()| earlier.pragma_update(None, "user_version", version))
                .and_then(|()| {
                    earlier.execute_batch(
                        "INSERT INTO events (id, type, source, time, received_at, sec_gpc, event)
                         VALUES ('a', 'nosale.choice', 's', 't', 'r', 0, '{\"data\":{\"how\":\"api\"}}')",
                    )
                })
                .unwrap();
            drop(earlier);
            let store = open(&path).unwrap();
            let (now, how): (usize, String) = store
                .query_row(
                    "SELECT user_version, how FROM events, pragma_user_version",
                    [],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .unwrap();
            assert_eq!((now, how.as_str()), (STEPS.len(), "api"), "from {version}");
            drop(store);
            std::fs::remove_file(&path).unwrap();
        }
    }

    #[test]
    fn the_reading_connection_cannot_write() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("choices.db");
        open(&path).unwrap();
        let reading = open_for_reading(&path).unwrap();
        assert!(reading.execute("CREATE TABLE other (a)", []).is_err());
    }
}
