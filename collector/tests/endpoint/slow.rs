//! Clients that are slow or break off, seen from the wire.

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::common::{Collector, STRUCTURED, event, rows, store_in};

/// A connection that sends what no client would.
struct Raw(BufReader<TcpStream>);

impl Raw {
    async fn connect(collector: &Collector) -> Self {
        Self(BufReader::new(
            TcpStream::connect(collector.address).await.unwrap(),
        ))
    }

    async fn send(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.unwrap();
    }

    /// The next line without its end; empty at the end.
    async fn read_line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).await.unwrap();
        line.trim_end().to_owned()
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
