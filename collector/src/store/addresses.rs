//! The e-mail addresses of requests: stored in the commit that stores the event, listed for the
//! publisher's other systems, erased when the publisher says so.

use rusqlite::{Connection, Transaction, params};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::StoreError;
use crate::address::Address;

/// An address that asked to be opted out.
#[derive(Debug, Serialize)]
pub struct SuppressedEmail {
    /// The address.
    pub email: String,
    /// When it first asked.
    since: String,
    /// The number of that request.
    receipt: String,
}

/// Stores the address of an event that is new.
pub fn keep(
    transaction: &Transaction<'_>,
    address: &Address,
    receipt: &str,
    received: &str,
) -> Result<(), rusqlite::Error> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO addresses (receipt, email, opts_out, since) VALUES (?1, ?2, ?3, ?4)",
    )?;
    insert.execute(params![receipt, address.email, address.opts_out, received])?;
    Ok(())
}

/// Removes the addresses of events up to a sequence that have no other use than these.
pub fn remove(transaction: &Transaction<'_>, through: u64) -> Result<(), rusqlite::Error> {
    transaction.execute(
        "DELETE FROM addresses WHERE opts_out = 0
         AND receipt IN (SELECT id FROM events WHERE sequence <= ?1)",
        [through],
    )?;
    Ok(())
}

/// Erases the address of a request, here and in every other request that names it; from how many.
pub fn erase(connection: &Connection, receipt: &str) -> Result<usize, StoreError> {
    let mut delete = connection.prepare_cached(
        "DELETE FROM addresses
         WHERE email = (SELECT email FROM addresses WHERE receipt = ?1)",
    )?;
    Ok(delete.execute([receipt])?)
}

/// At most `limit` addresses that are opted out and come after one.
pub fn suppressed(
    connection: &Connection,
    after: &str,
    limit: u16,
) -> Result<Vec<SuppressedEmail>, StoreError> {
    // Of the columns beside min(), SQLite takes those of the row that has it.
    let mut select = connection.prepare_cached(
        "SELECT email, min(since) AS since, receipt FROM addresses
         WHERE opts_out = 1 AND email > ?1 GROUP BY email ORDER BY email LIMIT ?2",
    )?;
    let found = select.query_map(params![after, limit], |row| {
        Ok(SuppressedEmail {
            email: row.get("email")?,
            since: row.get("since")?,
            receipt: row.get("receipt")?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The text of a stored event with its address in its place again.
pub fn put_back(event: String, email: Option<String>) -> Result<Box<RawValue>, StoreError> {
    let Some(email) = email else {
        return Ok(RawValue::from_string(event)?);
    };
    let mut event: Value = serde_json::from_str(&event)?;
    event["data"]["email"] = email.into();
    Ok(RawValue::from_string(event.to_string())?)
}
