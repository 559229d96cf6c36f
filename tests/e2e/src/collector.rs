//! The collector: the real process, with its SQLite file.

use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

use crate::{clients, paths, wait};

/// A collector with an address of its own, running or not.
#[derive(Debug)]
pub struct Collector {
    port: u16,
    folder: TempDir,
    options: Vec<String>,
    process: Option<Child>,
}

/// An event as the collector stored it.
#[derive(Clone, Debug)]
pub struct Row {
    /// The CloudEvent.
    pub event: Value,
    /// Whether the request that brought it carried `Sec-GPC: 1`.
    pub sec_gpc: bool,
}

impl Row {
    /// The event's `type`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.event["type"].as_str().unwrap_or_default()
    }
}

impl Collector {
    /// Reserves an address, and starts nothing yet.
    pub async fn reserve() -> Collector {
        Collector {
            port: free_port().await,
            folder: TempDir::with_prefix("nosale-collector-").expect("a folder"),
            options: Vec::new(),
            process: None,
        }
    }

    /// Gives it further options, for when it starts.
    pub fn configure(&mut self, options: &[&str]) {
        self.options
            .extend(options.iter().map(|option| (*option).to_owned()));
    }

    /// The address that a publisher gives as `endpoint.url`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}/v1/events", self.port)
    }

    /// Starts the process, and waits until it answers.
    pub async fn start(&mut self, origins: &[String]) {
        let mut command = Command::new(paths::collector());
        command
            .args(["serve", "--listen", &format!("127.0.0.1:{}", self.port)])
            .args(["--store", &format!("sqlite:{}", self.file().display())]);
        for origin in origins {
            command.args(["--allow-origin", origin]);
        }
        command.args(&self.options);
        // Each stored event is a line of its log; a test says what it needs itself.
        command.args(["--log", "warn"]);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let process = command.kill_on_drop(true).spawn().expect("the collector");
        self.process = Some(process);
        // It takes its address before it has made its store, so a connection alone says too little.
        wait::until("the collector answers", async || {
            self.is_healthy().await.ok()?.then_some(())
        })
        .await;
    }

    async fn is_healthy(&self) -> io::Result<bool> {
        let answer = self.ask("/healthz", "").await?;
        Ok(answer.starts_with("HTTP/1.1 200"))
    }

    /// What an account is opted out of, as the publisher's server asks for it with its token.
    pub async fn account(&self, id: &str, admin_token: &str) -> Value {
        let authorization = format!("Authorization: Bearer {admin_token}\r\n");
        let path = format!("/v1/accounts/{id}");
        let answer = self.ask(&path, &authorization).await;
        let answer = answer.expect("the collector's answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        serde_json::from_str(body).expect("JSON")
    }

    async fn ask(&self, path: &str, header: &str) -> io::Result<String> {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let ask = format!(
            "GET {path} HTTP/1.1\r\nHost: collector.example\r\n{header}Connection: close\r\n\r\n"
        );
        connection.write_all(ask.as_bytes()).await?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await?;
        Ok(answer)
    }

    /// Stops the process; its file stays.
    pub async fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().await.expect("the collector's end");
        }
    }

    /// What is stored, oldest first.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        if !self.file().is_file() {
            return Vec::new();
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let store = Connection::open_with_flags(self.file(), flags).expect("the store");
        store
            .busy_timeout(Duration::from_secs(10))
            .expect("a busy timeout");
        let query = "SELECT event, sec_gpc FROM events ORDER BY sequence";
        let mut query = store.prepare(query).expect("the table");
        let rows = query.query_map([], |row| {
            let event: String = row.get(0)?;
            let sec_gpc: bool = row.get(1)?;
            Ok((event, sec_gpc))
        });
        rows.expect("rows")
            .map(|row| {
                let (event, sec_gpc) = row.expect("a row");
                let event: Value = serde_json::from_str(&event).expect("an event");
                clients::note_in(&event["data"]);
                Row { event, sec_gpc }
            })
            .collect()
    }

    /// The e-mail addresses that are stored, with the receipt number of their request.
    #[must_use]
    pub fn addresses(&self) -> Vec<(String, String)> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let store = Connection::open_with_flags(self.file(), flags).expect("the store");
        let query = "SELECT receipt, email FROM addresses ORDER BY since";
        let mut query = store.prepare(query).expect("the table");
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.expect("rows").map(|row| row.expect("a row")).collect()
    }

    /// Waits until `count` events are stored, and gives them.
    #[track_caller]
    pub fn stored(&self, count: usize) -> impl Future<Output = Vec<Row>> {
        let what = format!("{count} stored events");
        wait::until(what, async move || {
            let rows = self.rows();
            (rows.len() >= count).then_some(rows)
        })
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("events.sqlite")
    }
}

/// A port that nothing listens on, below those that the system gives to outgoing connections: a
/// collector may come to it late.
async fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = u16::try_from(std::process::id() % 1_000).expect("below 1000") * 10;
    loop {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = 20_000 + (start + step) % 10_000;
        if TcpListener::bind(("127.0.0.1", port)).await.is_ok() {
            return port;
        }
    }
}
