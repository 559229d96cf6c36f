//! Clients that are slow or break off, seen from the wire.

use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::common::{Collector, STRUCTURED, answer, event, rows, store_in};

/// How long something may take that must happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection that sends what no client would.
pub struct Raw(BufReader<TcpStream>);

impl Raw {
    pub async fn connect(collector: &Collector) -> Self {
        Self(BufReader::new(
            TcpStream::connect(collector.address).await.unwrap(),
        ))
    }

    pub async fn send(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.unwrap();
    }

    /// The next line without its end; empty at the end.
    pub async fn read_line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).await.unwrap();
        line.trim_end().to_owned()
    }

    /// Sends a text again and again, a little at a time, until the connection is closed; all that
    /// came back.
    async fn trickle(&mut self, text: &str) -> String {
        let mut came = Vec::new();
        let closed = async {
            loop {
                // A write may still go into the buffer after the other side has closed.
                let sent = self.0.write_all(text.as_bytes()).await;
                let read = timeout(Duration::from_millis(50), self.0.read_buf(&mut came)).await;
                if sent.is_err() || matches!(read, Ok(Ok(0) | Err(_))) {
                    break;
                }
            }
        };
        timeout(PATIENCE, closed).await.expect("it is not closed");
        String::from_utf8(came).unwrap()
    }
}

#[tokio::test]
async fn what_is_under_way_at_the_end_is_answered() {
    let collector = Collector::start(&[]).await;
    let event = event().to_string();
    let (head, tail) = event.split_at(event.len() / 2);
    let mut slow = Raw::connect(&collector).await;
    slow.send(&format!(
        "POST /v1/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: {STRUCTURED}\r\n\
         content-length: {}\r\nexpect: 100-continue\r\n\r\n",
        event.len()
    ))
    .await;
    // From the moment it asks for the body, the server is at work on the request.
    assert!(slow.read_line().await.starts_with("HTTP/1.1 100 "));
    slow.send(head).await;
    let address = collector.address;
    let (running, directory) = collector.stop();
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    slow.send(tail).await;
    assert_eq!(slow.read_line().await, "");
    assert!(slow.read_line().await.starts_with("HTTP/1.1 200 "));
    running.await.unwrap();
    assert_eq!(rows(&store_in(directory.path())).len(), 1);
}

#[tokio::test]
async fn a_slow_body_is_not_waited_for() {
    let collector = Collector::start(&["--request-timeout", "1"]).await;
    let mut slow = Raw::connect(&collector).await;
    let head = format!("content-type: {STRUCTURED}\r\ncontent-length: 100\r\n\r\n{{");
    slow.send(&format!(
        "POST /v1/events HTTP/1.1\r\nhost: localhost\r\n{head}"
    ))
    .await;
    assert!(slow.read_line().await.starts_with("HTTP/1.1 408 "));
    // And it is closed: the lines end.
    while !slow.read_line().await.is_empty() {}
    assert!(slow.read_line().await.contains("\"slow\""));
    assert_eq!(slow.read_line().await, "");
    assert!(collector.rows().is_empty());
}

#[tokio::test]
async fn a_slow_head_is_not_waited_for() {
    let collector = Collector::start(&["--request-timeout", "1"]).await;
    let mut slow = Raw::connect(&collector).await;
    slow.send("POST /v1/events HTTP/1.1\r\nhost: loc").await;
    let first = slow.read_line().await;
    assert!(
        first.is_empty() || first.starts_with("HTTP/1.1 408 "),
        "{first}"
    );
    assert_eq!(collector.send(&[event()]).await.0, 200);
}

#[tokio::test]
async fn a_body_that_breaks_off_stores_nothing() {
    let collector = Collector::start(&[]).await;
    let mut broken = Raw::connect(&collector).await;
    let event = event().to_string();
    let length = event.len() + 1;
    let head = format!("content-type: {STRUCTURED}\r\ncontent-length: {length}\r\n\r\n");
    broken
        .send(&format!(
            "POST /v1/events HTTP/1.1\r\nhost: localhost\r\n{head}{event}"
        ))
        .await;
    broken.0.get_mut().shutdown().await.unwrap();
    let first = broken.read_line().await;
    assert!(
        first.is_empty() || first.starts_with("HTTP/1.1 400 "),
        "{first}"
    );
    assert!(collector.rows().is_empty());
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut_off() {
    let collector = Collector::start(&["--request-timeout", "1"]).await;
    for text in ["a", "x-header: 1\r\n"] {
        let mut slow = Raw::connect(&collector).await;
        slow.send("POST /v1/events HTTP/1.1\r\nhost: localhost\r\n")
            .await;
        let came = slow.trickle(text).await;
        assert!(!came.contains(" 200 "), "{came}");
    }
    assert_eq!(collector.send(&[event()]).await.0, 200);
}

#[tokio::test]
async fn a_body_that_trickles_is_cut_off() {
    let collector = Collector::start(&["--request-timeout", "1"]).await;
    let head = format!("host: localhost\r\ncontent-type: {STRUCTURED}");
    for (length, text) in [
        ("content-length: 60000", " "),
        ("transfer-encoding: chunked", "1\r\n \r\n"),
    ] {
        let mut slow = Raw::connect(&collector).await;
        slow.send(&format!(
            "POST /v1/events HTTP/1.1\r\n{head}\r\n{length}\r\n\r\n"
        ))
        .await;
        let came = slow.trickle(text).await;
        assert!(came.starts_with("HTTP/1.1 408 "), "{came}");
    }
    assert!(collector.rows().is_empty());
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let collector = Collector::start(&["--request-timeout", "1"]).await;
    let mut silent = Raw::connect(&collector).await;
    let mut used = Raw::connect(&collector).await;
    used.send("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await;
    for idle in [&mut silent, &mut used] {
        let mut came = String::new();
        let read = timeout(PATIENCE, idle.0.read_to_string(&mut came));
        read.await.expect("it is not closed").unwrap();
        let answered = came.matches("HTTP/1.1 200 ").count();
        assert!(answered <= 1 && !came.contains(" 500 "), "{came}");
    }
}

#[tokio::test]
async fn an_answer_that_nobody_takes_is_given_up() {
    let options = ["--request-timeout", "1", "--max-connections", "1"];
    let collector = Collector::start(&options).await;
    // More than the buffers on the way hold.
    let mut event = event();
    event["data"]["gpp"] = serde_json::json!("A".repeat(8192));
    let store = rusqlite::Connection::open(collector.store()).unwrap();
    let fill = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2500)
         INSERT INTO events (id, type, source, time, received_at, sec_gpc, event)
         SELECT n, 'nosale.choice', '', '', '2026-01-01T00:00:00.000Z', 0, '{event}' FROM numbers"
    );
    store.execute_batch(&fill).unwrap();
    let mut slow = Raw::connect(&collector).await;
    slow.send("GET /v1/export.jsonl HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await;
    assert!(slow.read_line().await.starts_with("HTTP/1.1 200 "));
    // The only place becomes free again, though this side keeps its end open.
    let free = async {
        // Who has no place may find the connection closed before the answer.
        let ask = || collector.client.get(collector.url("/healthz")).send();
        while !ask().await.is_ok_and(|answer| answer.status() == 200) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, free).await.expect("it is not given up");
    let mut rest = Vec::new();
    let ended = slow.0.read_to_end(&mut rest).await;
    assert!(ended.is_err() || !rest.ends_with(b"\r\n0\r\n\r\n"));
}

#[tokio::test]
async fn a_head_has_its_limits() {
    let collector = Collector::start(&[]).await;
    for head in [
        format!("GET /healthz?{} HTTP/1.1", "a".repeat(20_000)),
        format!("GET /healthz HTTP/1.1\r\nx: {}", "a".repeat(20_000)),
        format!("GET /healthz HTTP/1.1{}", "\r\nx: 1".repeat(200)),
        "GET /healthz".to_owned(),
        "GET /healthz HTTP/9.9".to_owned(),
        "GET /healthz HTTP/1.1\r\nno header".to_owned(),
        "POST /v1/events HTTP/1.1\r\ncontent-length: -1".to_owned(),
        "POST /v1/events HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2".to_owned(),
        "POST /v1/events HTTP/1.1\r\ntransfer-encoding: gzip".to_owned(),
        "\u{16}\u{3}\u{1}".to_owned(),
    ] {
        let mut raw = Raw::connect(&collector).await;
        raw.send(&format!("{head}\r\nhost: localhost\r\n\r\n"))
            .await;
        let line = raw.read_line().await;
        let shown: String = head.chars().take(60).collect();
        assert!(
            line.is_empty() || line.starts_with("HTTP/1.1 4"),
            "{shown}: {line}"
        );
    }
    assert_eq!(collector.send(&[event()]).await.0, 200);
    assert_eq!(collector.rows().len(), 1);
}

#[tokio::test]
async fn connections_have_their_number() {
    for option in ["--max-connections", "--max-connections-per-address"] {
        let collector = Collector::start(&[option, "4"]).await;
        let mut held = Vec::new();
        for _ in 0..4 {
            let mut raw = Raw::connect(&collector).await;
            raw.send("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")
                .await;
            assert!(raw.read_line().await.starts_with("HTTP/1.1 200 "));
            held.push(raw);
        }
        let mut more = Raw::connect(&collector).await;
        assert!(
            more.read_line().await.starts_with("HTTP/1.1 503 "),
            "{option}"
        );
        assert_eq!(more.read_line().await, "retry-after: 5");
        // Those that have a place keep it, and one that is free is given again.
        let mut last = held.pop().unwrap();
        for raw in &mut held {
            raw.send("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")
                .await;
        }
        last.0.shutdown().await.unwrap();
        let mut rest = String::new();
        last.0.read_to_string(&mut rest).await.unwrap();
        let taken = async {
            loop {
                let request = collector.post(STRUCTURED, event().to_string());
                if let Ok(response) = request.send().await
                    && response.status() == 200
                {
                    break answer(response).await.1;
                }
            }
        };
        let taken = timeout(PATIENCE, taken).await.expect("no place is given");
        assert_eq!(taken["stored"], 1);
    }
}
