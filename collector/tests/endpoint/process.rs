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
use tokio::sync::watch;

use crate::common::{BATCH, event, id_of, rows, store_in};

/// How long a program that must end may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program as a process; killed when dropped.
pub struct Program {
    pub child: Child,
    pub url: String,
}

pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_collector"));
    command.arg("serve").env_clear();
    command
}

impl Program {
    /// Starts it and waits until it says where it listens.
    pub fn start(command: &mut Command) -> Self {
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
    const EVENTS: usize = 2000;
    let directory = tempfile::tempdir().unwrap();
    let start = || {
        let store = store_option(directory.path());
        Program::start(command().args(["--listen", "127.0.0.1:0", "--store", &store]))
    };
    let mut program = start();
    let (told, url) = watch::channel(program.url.clone());
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));

    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..WRITERS {
        let acknowledged = Arc::clone(&acknowledged);
        let url = url.clone();
        writers.spawn(async move {
            let client = Client::new();
            let mut last = event();
            let mut sent_again = 0;
            for _ in 0..EVENTS / WRITERS {
                // Each batch repeats an event of the one before. No answer: the program has been
                // killed, and both are sent to the next one, as a page would.
                let events = [last.clone(), event()];
                loop {
                    let current = url.borrow().clone();
                    if let Some((status, answer)) = send(&client, &current, &events).await {
                        assert_eq!(status, 200, "{answer}");
                        break;
                    }
                    sent_again += 1;
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                let mut acknowledged = acknowledged.lock().unwrap();
                acknowledged.extend(events.iter().map(id_of));
                last = events[1].clone();
            }
            sent_again
        });
    }
    for kill in 1..=KILLS {
        while acknowledged.lock().unwrap().len() < kill * EVENTS / (KILLS + 1) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        program.child.kill().unwrap();
        program.child.wait().unwrap();
        // What was acknowledged until now is there, before anybody sends it again.
        let stored = ids_in(directory.path());
        let acknowledged = acknowledged.lock().unwrap().clone();
        let lost: Vec<&String> = acknowledged.difference(&stored).collect();
        assert!(lost.is_empty(), "kill {kill}: {lost:?}");
        program = start();
        told.send(program.url.clone()).unwrap();
    }
    let sent_again: usize = writers.join_all().await.into_iter().sum();
    assert!(sent_again >= KILLS, "{sent_again}");

    let acknowledged = acknowledged.lock().unwrap();
    // Each writer's first event is one of its own as well.
    assert_eq!(acknowledged.len(), EVENTS + WRITERS);
    assert_eq!(ids_in(directory.path()), *acknowledged);
}

/// The ids that are stored, each once (checked).
fn ids_in(directory: &Path) -> BTreeSet<String> {
    let rows = rows(&store_in(directory));
    let ids: BTreeSet<String> = rows.iter().map(|row| row.id.clone()).collect();
    assert_eq!(ids.len(), rows.len(), "an event is stored twice");
    ids
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
            .env("NOSALE_TRUSTED_PROXY", "127.0.0.1,10.0.0.0/8")
            .env("NOSALE_REQUEST_TIMEOUT", "2")
            .env("NOSALE_LOG", "debug"),
    );
    for (token, origin, status) in [
        ("Bearer secret", "https://b.example", 200),
        ("Bearer other", "https://a.example", 401),
        // This machine is a proxy.
        ("", "https://a.example", 401),
    ] {
        let mut request = Client::new().get(&program.url).header("origin", origin);
        if !token.is_empty() {
            request = request.header("authorization", token);
        }
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
        ("--trusted-proxy", "10.0.0.0/33", "--trusted-proxy"),
        ("--account-key", "short", "--account-key"),
        ("--retention-months", "0", "--retention-months"),
        ("--rate-limit", "many", "--rate-limit"),
        ("--max-connections", "0", "--max-connections"),
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
    let mut number = String::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let request = Client::new()
            .post(&program.url)
            .header("content-type", BATCH);
        let request = request
            .header("user-agent", "Telltale/7")
            .header("x-forwarded-for", "203.0.113.9");
        let response = request
            .body(json!([&sent, refused]).to_string())
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 400);
        let id = response.headers()["x-request-id"].to_str().unwrap();
        number = id.to_owned();
        // A client's own number could say who it is.
        let path = format!("/v1/receipts/{}", id_of(&sent));
        let request = Client::new().get(program.url.replace("/v1/events", &path));
        let response = request.header("x-request-id", "Telltale").send().await;
        assert_eq!(response.unwrap().status(), 200);
    });
    program.signal(Signal::TERM);
    let mut program = program;
    program.child.wait().unwrap();

    let mut text = String::new();
    std::fs::File::open(&log)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    let line = text.lines().find(|line| line.contains("stored=1"));
    assert!(line.is_some_and(|line| line.contains(&number)), "{text}");
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
