//! A collector of the test's own, and what tests ask of it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Parser;
use collector::{Cli, Command, Server};
use reqwest::{Client, RequestBuilder, Response};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use uuid::Uuid;

pub const STRUCTURED: &str = "application/cloudevents+json";
pub const BATCH: &str = "application/cloudevents-batch+json";

/// A collector in this process, on a free port and a store in a directory of its own.
pub struct Collector {
    pub address: SocketAddr,
    pub client: Client,
    directory: TempDir,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

impl Collector {
    pub async fn start(options: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), options).await
    }

    pub async fn start_in(directory: TempDir, options: &[&str]) -> Self {
        let store = format!("sqlite:{}", store_in(directory.path()).display());
        let own = [
            "collector",
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--store",
            &store,
        ];
        let arguments = own.iter().chain(options);
        let Command::Serve(options) = Cli::try_parse_from(arguments).unwrap().command;
        let server = Server::bind(&options).await.unwrap();
        let address = server.local_address();
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(server.run(async move {
            let _ = stopped.await;
        }));
        Self {
            address,
            client: Client::new(),
            directory,
            stop,
            running,
        }
    }

    /// Stops it, then starts another on the same store.
    pub async fn restart(self) -> Self {
        self.restart_with(&[]).await
    }

    /// Stops it, then starts another with these options on the same store.
    pub async fn restart_with(self, options: &[&str]) -> Self {
        self.stop.send(()).unwrap();
        self.running.await.unwrap();
        Self::start_in(self.directory, options).await
    }

    /// Lets it end what is under way. Its store stays as long as what is returned.
    pub fn stop(self) -> (JoinHandle<()>, TempDir) {
        self.stop.send(()).unwrap();
        (self.running, self.directory)
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn post(&self, content_type: &str, body: impl Into<reqwest::Body>) -> RequestBuilder {
        self.client
            .post(self.url("/v1/events"))
            .header("content-type", content_type)
            .body(body)
    }

    /// Sends events as a batch; the answer's status and JSON.
    pub async fn send(&self, events: &[Value]) -> (u16, Value) {
        let body = json!(events).to_string();
        answer(self.post(BATCH, body).send().await.unwrap()).await
    }

    /// What is answered at a path, from this machine itself.
    pub async fn get(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    pub async fn list(&self, query: &str) -> Value {
        let url = self.url(&format!("/v1/events{query}"));
        let (status, listing) = answer(self.client.get(url).send().await.unwrap()).await;
        assert_eq!(status, 200, "{listing}");
        listing
    }

    pub fn store(&self) -> PathBuf {
        store_in(self.directory.path())
    }

    pub fn rows(&self) -> Vec<Row> {
        rows(&self.store())
    }
}

pub fn store_in(directory: &Path) -> PathBuf {
    directory.join("choices.db")
}

pub async fn answer(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let content_type = response.headers()["content-type"].to_str().unwrap();
    assert_eq!(content_type, "application/json");
    (status, response.json().await.unwrap())
}

/// The example, with an id of its own.
pub fn event() -> Value {
    with_id(&Uuid::new_v4().to_string())
}

pub fn with_id(id: &str) -> Value {
    let mut event: Value =
        serde_json::from_str(include_str!("../../../tests/data/events/choice.json")).unwrap();
    event["id"] = json!(id);
    event
}

pub fn id_of(event: &Value) -> String {
    event["id"].as_str().unwrap().to_owned()
}

/// A row of the store, read from the file itself.
#[derive(Debug)]
pub struct Row {
    pub sequence: i64,
    pub id: String,
    pub kind: String,
    pub source: String,
    pub time: String,
    pub received_at: String,
    pub sec_gpc: bool,
    pub event: Value,
}

/// All rows by sequence, which has no gaps (checked).
pub fn rows(store: &Path) -> Vec<Row> {
    let store = Connection::open_with_flags(store, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut select = store
        .prepare(
            "SELECT sequence, id, type, source, time, received_at, sec_gpc, event
             FROM events ORDER BY sequence",
        )
        .unwrap();
    let rows = select
        .query_map([], |row| {
            let event: String = row.get(7)?;
            Ok(Row {
                sequence: row.get(0)?,
                id: row.get(1)?,
                kind: row.get(2)?,
                source: row.get(3)?,
                time: row.get(4)?,
                received_at: row.get(5)?,
                sec_gpc: row.get(6)?,
                event: serde_json::from_str(&event).unwrap(),
            })
        })
        .unwrap();
    let rows: Vec<Row> = rows.map(Result::unwrap).collect();
    for (place, row) in (1..).zip(&rows) {
        assert_eq!(row.sequence, place, "the sequence has a gap");
    }
    rows
}
