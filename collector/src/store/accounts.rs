//! What accounts are opted out of: changed in the commit that stores the event, asked by the
//! publisher's servers.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::Serialize;

use super::StoreError;
use crate::account::Change;

/// How long the number of a token is kept after its end, in seconds: clocks are set back at times.
const KEPT: i64 = 86_400;

/// An account, as the publisher's servers see it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// The publisher's own opaque id.
    pub id: String,
    /// The purposes that it is opted out of now.
    pub opt_out: Vec<String>,
    /// Every purpose that an event has spoken of.
    pub purposes: BTreeMap<String, Standing>,
}

/// Where an account stands about a purpose.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    opted_out: bool,
    since: String,
    /// The number of the event that last changed it.
    receipt: String,
}

/// An account that is opted out of something.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Suppression {
    id: String,
    opt_out: Vec<String>,
}

/// Makes the changes of an event that is new. False if its token has served another event; then
/// nothing changes.
pub fn change(
    transaction: &Transaction<'_>,
    change: &Change,
    receipt: &str,
    received: &str,
    now: i64,
) -> Result<bool, rusqlite::Error> {
    if let Some((number, expires)) = &change.token {
        transaction
            .prepare_cached("DELETE FROM account_tokens WHERE expires < ?1")?
            .execute([now - KEPT])?;
        let used = transaction
            .prepare_cached("SELECT 1 FROM account_tokens WHERE number = ?1")?
            .exists([number])?;
        if used {
            return Ok(false);
        }
        transaction
            .prepare_cached(
                "INSERT INTO account_tokens (number, receipt, expires) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![number, receipt, expires])?;
    }
    let mut out = transaction.prepare_cached(
        "INSERT INTO accounts (account, purpose, opted_out, since, receipt)
         VALUES (?1, ?2, 1, ?3, ?4)
         ON CONFLICT (account, purpose) DO UPDATE
         SET opted_out = 1, since = excluded.since, receipt = excluded.receipt
         WHERE opted_out = 0",
    )?;
    for purpose in &change.out {
        out.execute(params![change.account, purpose, received, receipt])?;
    }
    let mut echo = transaction.prepare_cached(
        "INSERT INTO accounts (account, purpose, opted_out, since, receipt)
         VALUES (?1, ?2, 1, ?3, ?4)
         ON CONFLICT (account, purpose) DO NOTHING",
    )?;
    for purpose in &change.echoed {
        echo.execute(params![change.account, purpose, received, receipt])?;
    }
    let mut lift = transaction.prepare_cached(
        "UPDATE accounts SET opted_out = 0, since = ?3, receipt = ?4
         WHERE account = ?1 AND purpose = ?2 AND opted_out = 1",
    )?;
    for purpose in &change.lifted {
        lift.execute(params![change.account, purpose, received, receipt])?;
    }
    Ok(true)
}

/// What is known of an account; of one that no event has named, nothing.
pub fn account(connection: &Connection, id: String) -> Result<Account, StoreError> {
    let mut select = connection.prepare_cached(
        "SELECT purpose, opted_out, since, receipt FROM accounts WHERE account = ?1",
    )?;
    let mut rows = select.query([&id])?;
    let mut purposes = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let standing = Standing {
            opted_out: row.get("opted_out")?,
            since: row.get("since")?,
            receipt: row.get("receipt")?,
        };
        purposes.insert(row.get("purpose")?, standing);
    }
    let opted_out = purposes
        .iter()
        .filter(|(_, standing): &(_, &Standing)| standing.opted_out);
    let opt_out = opted_out.map(|(purpose, _): (&String, _)| purpose.clone());
    Ok(Account {
        id,
        opt_out: opt_out.collect(),
        purposes,
    })
}

/// At most `limit` accounts that are opted out of the purpose, or of any, whose ids come after one.
pub fn suppressions(
    connection: &Connection,
    purpose: Option<&str>,
    after: &str,
    limit: u16,
) -> Result<Vec<Suppression>, StoreError> {
    // Account by account: one that is opted out of nothing that was asked for is passed over.
    let mut next = connection.prepare_cached(
        "SELECT account FROM accounts
         WHERE account > ?1 AND opted_out = 1 AND (?2 IS NULL OR purpose = ?2)
         ORDER BY account LIMIT 1",
    )?;
    let mut purposes = connection.prepare_cached(
        "SELECT purpose FROM accounts WHERE account = ?1 AND opted_out = 1 ORDER BY purpose",
    )?;
    let mut suppressions: Vec<Suppression> = Vec::new();
    while suppressions.len() < usize::from(limit) {
        let after = suppressions.last().map_or(after, |last| last.id.as_str());
        let account: Option<String> = next
            .query_row(params![after, purpose], |row| row.get(0))
            .optional()?;
        let Some(id) = account else { break };
        let opt_out = purposes
            .query_map([&id], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        suppressions.push(Suppression { id, opt_out });
    }
    Ok(suppressions)
}

impl Suppression {
    /// The account's id.
    pub fn id(&self) -> &str {
        &self.id
    }
}
