//! Removes what is older than records must be kept (regs 7101: 24 months), from the oldest on, so
//! that the sequence of what remains has no gaps; and writes down that it did.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use time::{Date, OffsetDateTime};

use super::{StoreError, addresses, rfc3339};

/// How many events one commit removes at most, so that others are stored in between.
pub const CHUNK: u64 = 5000;

/// The time so many months before; the last day of the month where there is no such day.
pub fn months_before(now: OffsetDateTime, months: u16) -> OffsetDateTime {
    let month = i32::from(u8::from(now.month())) - 1 + now.year() * 12 - i32::from(months);
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12));
    let months = time::Month::January.nth_next(u8::try_from(month).unwrap_or_default());
    let day = now.day().min(months.length(year));
    let date = Date::from_calendar_date(year, months, day);
    // A year that does not exist is so long ago that nothing is older.
    let date = date.unwrap_or(Date::MIN);
    now.replace_date(date)
}

/// Removes the oldest events that were received before a time, [`CHUNK`] at most; how many.
pub fn remove(
    connection: &mut Connection,
    before: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<u64, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let ends = "SELECT min(sequence), max(sequence) FROM events";
    let (first, last): (Option<u64>, Option<u64>) =
        transaction.query_row(ends, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (Some(first), Some(last)) = (first, last) else {
        return Ok(0);
    };
    // In the order of the sequence: events that the clock put out of order stay behind the first
    // that is to be kept. The plus keeps SQLite from sorting all that are newer instead.
    let kept: Option<u64> = transaction
        .query_row(
            "SELECT sequence FROM events WHERE +received_at >= ?1 ORDER BY sequence LIMIT 1",
            [rfc3339(before)],
            |row| row.get(0),
        )
        .optional()?;
    let through = kept.map_or(last, |kept| kept - 1).min(first + CHUNK - 1);
    if through < first {
        return Ok(0);
    }
    transaction.execute(
        "INSERT INTO removals (through, events, last_received, removed_at)
         SELECT ?1, count(*), max(received_at), ?2 FROM events WHERE sequence <= ?1",
        params![through, rfc3339(now)],
    )?;
    addresses::remove(&transaction, through)?;
    let removed = transaction.execute("DELETE FROM events WHERE sequence <= ?1", [through])?;
    transaction.commit()?;
    tracing::info!(events = removed, through, "old events were removed");
    Ok(removed as u64)
}

/// The greatest sequence that was removed, or 0.
pub fn removed_through(connection: &Connection) -> Result<u64, StoreError> {
    let mut select = connection.prepare_cached("SELECT coalesce(max(through), 0) FROM removals")?;
    Ok(select.query_row([], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        for (now, months, expected) in [
            (
                datetime!(2026-11-21 10:20:30 UTC),
                24,
                datetime!(2024-11-21 10:20:30 UTC),
            ),
            (
                datetime!(2026-01-15 0:00 UTC),
                1,
                datetime!(2025-12-15 0:00 UTC),
            ),
            (
                datetime!(2026-12-31 0:00 UTC),
                12,
                datetime!(2025-12-31 0:00 UTC),
            ),
            (
                datetime!(2026-03-31 0:00 UTC),
                1,
                datetime!(2026-02-28 0:00 UTC),
            ),
            (
                datetime!(2028-02-29 0:00 UTC),
                24,
                datetime!(2026-02-28 0:00 UTC),
            ),
            (
                datetime!(2024-03-31 0:00 UTC),
                1,
                datetime!(2024-02-29 0:00 UTC),
            ),
        ] {
            assert_eq!(months_before(now, months), expected);
        }
        assert!(months_before(datetime!(2026-01-01 0:00 UTC), u16::MAX).year() < 0);
    }
}
