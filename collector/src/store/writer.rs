//! The one thread that writes. Requests that wait at the same time share a commit, and so one
//! flush to disk; each is answered after it.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::thread::{self, JoinHandle};

use rusqlite::{Connection, TransactionBehavior, params};
use time::OffsetDateTime;
use tokio::sync::{mpsc, oneshot};

use super::{Appended, Clock, Reported, StoreError, accounts, addresses, retention, rfc3339};

/// How many requests may wait for the thread; more wait for a place.
const QUEUE: usize = 1024;
/// How many requests share a commit at most.
const GROUP: usize = 256;

pub struct Writer {
    jobs: mpsc::Sender<Job>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

enum Job {
    Append(Append),
    Remove {
        before: OffsetDateTime,
        answer: oneshot::Sender<Result<u64, StoreError>>,
    },
    Erase {
        receipt: String,
        answer: oneshot::Sender<Result<usize, StoreError>>,
    },
    Check(oneshot::Sender<Result<(), StoreError>>),
    Close,
}

struct Append {
    events: Vec<Reported>,
    sec_gpc: bool,
    answer: oneshot::Sender<Result<Appended, StoreError>>,
}

impl Writer {
    pub fn start(connection: Connection, clock: Clock) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let thread = thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || work(connection, queue, &clock))?;
        Ok(Self {
            jobs,
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Stores those events that are new, and returns when they are on disk.
    pub async fn append(
        &self,
        events: Vec<Reported>,
        sec_gpc: bool,
    ) -> Result<Appended, StoreError> {
        let (answer, answered) = oneshot::channel();
        let append = Append {
            events,
            sec_gpc,
            answer,
        };
        let sent = self.jobs.send(Job::Append(append)).await;
        sent.map_err(|_| StoreError::Closed)?;
        answered.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Removes some of the oldest events that were received before a time; how many.
    pub async fn remove(&self, before: OffsetDateTime) -> Result<u64, StoreError> {
        let (answer, answered) = oneshot::channel();
        let sent = self.jobs.send(Job::Remove { before, answer }).await;
        sent.map_err(|_| StoreError::Closed)?;
        answered.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Erases the e-mail address of a request; from how many.
    pub async fn erase(&self, receipt: String) -> Result<usize, StoreError> {
        let (answer, answered) = oneshot::channel();
        let sent = self.jobs.send(Job::Erase { receipt, answer }).await;
        sent.map_err(|_| StoreError::Closed)?;
        answered.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Whether the thread can begin a commit.
    pub async fn check(&self) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        let sent = self.jobs.send(Job::Check(answer)).await;
        sent.map_err(|_| StoreError::Closed)?;
        answered.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Lets the thread store what waits, and end.
    pub async fn close(&self) {
        // If the thread has ended already, nobody takes this; nothing is left to close then.
        let _ = self.jobs.send(Job::Close).await;
        let slot = self.thread.lock();
        let thread = slot.unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let ended = tokio::task::spawn_blocking(move || thread.join().is_ok()).await;
            if !matches!(ended, Ok(true)) {
                tracing::error!("the store's thread ended in a panic");
            }
        }
    }
}

/// Takes jobs until it is told to close. Dropping the connection then empties the log into the
/// file.
fn work(mut connection: Connection, mut queue: mpsc::Receiver<Job>, clock: &Clock) {
    let mut closing = false;
    while !closing {
        let mut group = Vec::new();
        let mut others = Vec::new();
        let mut next = queue.blocking_recv();
        loop {
            match next {
                Some(Job::Append(append)) => group.push(append),
                Some(job @ (Job::Check(_) | Job::Remove { .. } | Job::Erase { .. })) => {
                    others.push(job);
                }
                Some(Job::Close) | None => {
                    closing = true;
                    break;
                }
            }
            if group.len() + others.len() == GROUP {
                break;
            }
            match queue.try_recv() {
                Ok(job) => next = Some(job),
                Err(_) => break,
            }
        }
        store(&mut connection, group, clock());
        for job in others {
            // Who asked may have given up.
            match job {
                Job::Check(answer) => drop(answer.send(check(&mut connection))),
                Job::Remove { before, answer } => {
                    drop(answer.send(retention::remove(&mut connection, before, clock())));
                }
                Job::Erase { receipt, answer } => {
                    drop(answer.send(addresses::erase(&connection, &receipt)));
                }
                Job::Append(_) | Job::Close => {}
            }
        }
    }
}

/// Takes the lock that a commit needs, and gives it back.
fn check(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    Ok(transaction.rollback()?)
}

/// Stores a group of requests in one commit, and answers each.
fn store(connection: &mut Connection, group: Vec<Append>, now: OffsetDateTime) {
    if group.is_empty() {
        return;
    }
    match commit(connection, &group, now) {
        Ok(results) => {
            for (append, result) in group.into_iter().zip(results) {
                // A client that has gone will send its events again.
                let _ = append.answer.send(Ok(result));
            }
        }
        Err(error) => {
            tracing::error!(%error, requests = group.len(), "the commit failed");
            for append in group {
                let _ = append.answer.send(Err(StoreError::Commit));
            }
        }
    }
}

fn commit(
    connection: &mut Connection,
    group: &[Append],
    now: OffsetDateTime,
) -> Result<Vec<Appended>, rusqlite::Error> {
    let received = rfc3339(now);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut results = Vec::with_capacity(group.len());
    {
        let mut insert = transaction.prepare_cached(
            "INSERT INTO events (sequence, id, type, source, time, received_at, sec_gpc, event)
             VALUES (
                 1 + max(
                     (SELECT coalesce(max(sequence), 0) FROM events),
                     (SELECT coalesce(max(through), 0) FROM removals)
                 ),
                 ?1, ?2, ?3, ?4, ?5, ?6, ?7
             )
             ON CONFLICT (id) DO NOTHING",
        )?;
        for append in group {
            let mut appended = Appended::default();
            for Reported { event, change } in &append.events {
                let inserted = insert.execute(params![
                    event.id,
                    event.kind,
                    event.source,
                    event.time,
                    received,
                    append.sec_gpc,
                    event.json,
                ])?;
                if inserted == 1
                    && let Some(address) = &event.address
                {
                    addresses::keep(&transaction, address, &event.id, &received)?;
                }
                appended.stored += inserted;
                appended.repeated += 1 - inserted;
                if inserted == 1
                    && let Some(change) = change
                    && !accounts::change(
                        &transaction,
                        change,
                        &event.id,
                        &received,
                        now.unix_timestamp(),
                    )?
                {
                    appended.replayed.push(event.id.clone());
                }
            }
            results.push(appended);
        }
    }
    transaction.commit()?;
    Ok(results)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::account::Claim;
    use crate::event::Event;
    use crate::store::database;

    fn event(number: usize) -> Reported {
        let event = Event {
            id: number.to_string(),
            kind: String::new(),
            source: String::new(),
            time: String::new(),
            json: "{}".to_owned(),
            address: None,
            claim: Claim::default(),
        };
        Reported {
            event,
            change: None,
        }
    }

    #[tokio::test]
    async fn requests_that_wait_share_a_commit_and_close_leaves_none_behind() {
        const REQUESTS: usize = 100;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("choices.db");
        let connection = database::open(&path).unwrap();
        connection.busy_timeout(Duration::from_secs(300)).unwrap();
        let writer =
            Arc::new(Writer::start(connection, Arc::new(OffsetDateTime::now_utc)).unwrap());

        // While another has the lock, the thread waits with the first request.
        let other = database::open(&path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut requests = tokio::task::JoinSet::new();
        let append = |number| {
            let writer = Arc::clone(&writer);
            async move { writer.append(vec![event(number)], false).await.unwrap() }
        };
        requests.spawn(append(0));
        tokio::task::yield_now().await;
        while writer.jobs.capacity() < QUEUE {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        for number in 1..REQUESTS {
            requests.spawn(append(number));
        }
        while writer.jobs.capacity() > QUEUE - (REQUESTS - 1) {
            tokio::task::yield_now().await;
        }
        let closing = tokio::spawn({
            let writer = Arc::clone(&writer);
            async move { writer.close().await }
        });
        other.execute_batch("COMMIT").unwrap();

        for appended in requests.join_all().await {
            assert_eq!((appended.stored, appended.repeated), (1, 0));
        }
        closing.await.unwrap();
        let late = writer.append(vec![event(REQUESTS)], false).await;
        assert!(matches!(late, Err(StoreError::Closed)));
        let (rows, commits): (usize, usize) = other
            .query_row(
                "SELECT count(*), count(DISTINCT received_at) FROM events",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap();
        assert_eq!(rows, REQUESTS);
        assert!(commits <= 2, "{commits} commits");
    }
}
