//! The program itself: how it starts, how it ends, and what outlives its being killed.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::Client;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::common::{BATCH, event, id_of, rows, store_in};

/// How long a program that must end may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program as a process; killed when dropped.
struct Program {
    child: Child,
    url: String,
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_collector"));
    command.arg("serve").env_clear();
    command
}

impl Program {
    /// Starts it and waits until it says where it listens.
    fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .split("http://")
            .nth(1)
            .unwrap()
            .split(',')
            .next()
            .unwrap();
        let url = format!("http://{address}/v1/events");
        Self { child, url }
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn store_option(directory: &Path) -> String {
    format!("sqlite:{}", store_in(directory).display())
}

async fn send(client: &Client, url: &str, events: &[Value]) -> Option<(u16, Value)> {
    let request = client.post(url).header("content-type", BATCH);
    let response = request.body(json!(events).to_string()).send().await.ok()?;
    let status = response.status().as_u16();
    Some((status, response.json().await.ok()?))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_outlives_sigkill() {
    const KILLS: usize = 5;
    const WRITERS: usize = 8;
    const ACKNOWLEDGED_BEFORE_A_KILL: usize = 60;
    let directory = tempfile::tempdir().unwrap();
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));

    for _ in 0..KILLS {
        let options = [
            "--listen",
            "127.0.0.1:0",
            "--store",
            &store_option(directory.path()),
        ];
        let mut program = Program::start(command().args(options));
        let before = acknowledged.lock().unwrap().len();
        let mut writers = tokio::task::JoinSet::new();
        for _ in 0..WRITERS {
            let acknowledged = Arc::clone(&acknowledged);
            let url = program.url.clone();
            writers.spawn(async move {
                let client = Client::new();
                let mut last = event();
                // Each batch repeats an event of the one before. No answer: it has been killed.
                loop {
                    let events = [last.clone(), event()];
                    let Some((status, answer)) = send(&client, &url, &events).await else {
                        break;
                    };
                    assert_eq!(status, 200, "{answer}");
                    acknowledged
                        .lock()
                        .unwrap()
                        .extend(events.iter().map(id_of));
                    last = events[1].clone();
                }
            });
        }
        while acknowledged.lock().unwrap().len() < before + ACKNOWLEDGED_BEFORE_A_KILL {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        program.child.kill().unwrap();
        program.child.wait().unwrap();
        while let Some(writer) = writers.join_next().await {
            writer.unwrap();
        }
    }

    let stored: Vec<String> = rows(&store_in(directory.path()))
        .into_iter()
        .map(|row| row.id)
        .collect();
    let distinct: BTreeSet<String> = stored.iter().cloned().collect();
    assert_eq!(stored.len(), distinct.len());
    let acknowledged = acknowledged.lock().unwrap();
    assert!(acknowledged.len() >= KILLS * ACKNOWLEDGED_BEFORE_A_KILL);
    let lost: Vec<&String> = acknowledged.difference(&distinct).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[tokio::test]
async fn a_signal_ends_it_in_order() {
    for signal in [Signal::TERM, Signal::INT] {
        let directory = tempfile::tempdir().unwrap();
        let options = [
            "--listen",
            "127.0.0.1:0",
            "--store",
            &store_option(directory.path()),
        ];
        let mut program = Program::start(command().args(options));
        // The client keeps its connection open; that must not keep the program.
        let client = Client::new();
        let (status, _) = send(&client, &program.url, &[event(), event()])
            .await
            .unwrap();
        assert_eq!(status, 200);
        assert_eq!(client.get(&program.url).send().await.unwrap().status(), 200);
        program.signal(signal);
        let ended = tokio::task::spawn_blocking(move || program.child.wait().unwrap().code());
        assert_eq!(ended.await.unwrap(), Some(0));
        let store = store_in(directory.path());
        assert!(
            !store.with_extension("db-wal").exists(),
            "the log was not emptied"
        );
        assert_eq!(rows(&store).len(), 2);
    }
}

#[tokio::test]
async fn options_come_from_the_environment_too() {
    let directory = tempfile::tempdir().unwrap();
    let program = Program::start(
        command()
            .env("NOSALE_LISTEN", "127.0.0.1:0")
            .env("NOSALE_STORE", store_option(directory.path()))
            .env("NOSALE_ADMIN_TOKEN", "secret")
            .env("NOSALE_ALLOW_ORIGIN", "https://a.example,https://b.example")
            .env("NOSALE_REQUEST_TIMEOUT", "2")
            .env("NOSALE_LOG", "debug"),
    );
    for (token, origin, status) in [
        ("Bearer secret", "https://b.example", 200),
        ("Bearer other", "https://a.example", 401),
    ] {
        let request = Client::new().get(&program.url);
        let request = request
            .header("authorization", token)
            .header("origin", origin);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["access-control-allow-origin"], origin);
    }
    assert!(store_in(directory.path()).exists());
}

/// Runs the program, which must end by itself with the code; what it says on standard error.
fn fails(options: &[&str], code: i32) -> String {
    let directory = tempfile::tempdir().unwrap();
    let child = command()
        .env("NOSALE_LISTEN", "127.0.0.1:0")
        .env("NOSALE_STORE", store_option(directory.path()))
        .args(options)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut program = Program {
        child,
        url: String::new(),
    };
    let started = Instant::now();
    let status = loop {
        if let Some(status) = program.child.try_wait().unwrap() {
            break status;
        }
        assert!(started.elapsed() < PATIENCE, "{options:?} does not end");
        std::thread::sleep(Duration::from_millis(5));
    };
    let mut message = String::new();
    let stderr = program.child.stderr.as_mut().unwrap();
    stderr.read_to_string(&mut message).unwrap();
    assert_eq!(status.code(), Some(code), "{message}");
    message
}

#[test]
fn a_taken_port_is_a_clear_message() {
    let directory = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let message = fails(
        &[
            "--listen",
            &address,
            "--store",
            &store_option(directory.path()),
        ],
        1,
    );
    assert!(
        message.starts_with(&format!("collector: cannot listen on {address}: ")),
        "{message}"
    );
    assert_eq!(message.lines().count(), 1, "{message}");
    assert!(
        !store_in(directory.path()).exists(),
        "a store was left behind"
    );
}

#[test]
fn a_store_that_cannot_be_used_is_a_clear_message() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).display().to_string();

    std::fs::write(path("text"), "no database\n".repeat(1000)).unwrap();
    let sql = |name: &str, sql: &str| {
        rusqlite::Connection::open(path(name))
            .unwrap()
            .execute_batch(sql)
            .unwrap();
    };
    sql("foreign", "CREATE TABLE events (a)");
    sql(
        "newer",
        "PRAGMA application_id = 0x6e6f736c; PRAGMA user_version = 99",
    );

    for (store, says) in [
        (path("missing/choices.db"), "cannot open the store"),
        (
            directory.path().display().to_string(),
            "cannot open the store",
        ),
        (path("text"), "not a database"),
        (path("foreign"), "another program's database"),
        (path("newer"), "version 99"),
        (":memory:".to_owned(), "write-ahead logging"),
    ] {
        let message = fails(&["--store", &format!("sqlite:{store}")], 1);
        assert!(message.starts_with("collector: "), "{message}");
        assert!(
            message.contains(says) && message.contains(&store),
            "{message}"
        );
        assert_eq!(message.lines().count(), 1, "{message}");
    }
    // What is not ours is left as it was.
    assert_eq!(
        std::fs::read_to_string(path("text")).unwrap(),
        "no database\n".repeat(1000)
    );
}

#[test]
fn wrong_options_are_named() {
    for (option, value, expected) in [
        ("--listen", "localhost", "--listen"),
        ("--store", "choices.db", "sqlite:PATH"),
        ("--store", "postgres://x", "sqlite:PATH"),
        ("--admin-token", "", "--admin-token"),
        (
            "--allow-origin",
            "www.example.com",
            "https://www.example.com",
        ),
        ("--request-timeout", "0", "from 1 to 3600"),
        ("--log", "a=b=c", "--log"),
    ] {
        let message = fails(&[option, value], 2);
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn nothing_about_the_sender_is_logged() {
    let directory = tempfile::tempdir().unwrap();
    let options = [
        "--listen",
        "127.0.0.1:0",
        "--store",
        &store_option(directory.path()),
    ];
    let log = directory.path().join("log");
    let mut child = command()
        .args(options)
        .args(["--log", "trace,hyper=info,hyper_util=info"])
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line
        .split("http://")
        .nth(1)
        .unwrap()
        .split(',')
        .next()
        .unwrap()
        .to_owned();
    let program = Program {
        child,
        url: format!("http://{address}/v1/events"),
    };

    let sent = event();
    let mut refused = event();
    refused["data"]["anna@example.com"] = json!(1);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let request = Client::new()
            .post(&program.url)
            .header("content-type", BATCH);
        let request = request
            .header("user-agent", "Telltale/7")
            .header("x-forwarded-for", "203.0.113.9");
        let response = request
            .body(json!([sent, refused]).to_string())
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 400);
    });
    program.signal(Signal::TERM);
    let mut program = program;
    program.child.wait().unwrap();

    let mut text = String::new();
    std::fs::File::open(&log)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert!(text.contains("stored=1"), "{text}");
    for telltale in [
        "Telltale",
        "203.0.113.9",
        "anna@example.com",
        "127.0.0.1",
        &id_of(&sent),
    ] {
        assert!(
            !text.contains(telltale),
            "{telltale} is in the log:\n{text}"
        );
    }
}
