//! What hostile clients cost: their places and bodies are bounded, so memory is, and good events
//! are stored all the same.

use std::fs;
use std::time::Duration;

use reqwest::Client;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::common::{BATCH, STRUCTURED, event, store_in};
use crate::process::{Program, command};

const PATIENCE: Duration = Duration::from_secs(60);
/// How many clients hold a place at once.
const CLIENTS: usize = 240;
/// What all of it may cost beyond the program itself, in kB. One that kept what it refuses would
/// take more than ten times as much.
const COST: u64 = 64 * 1024;

/// The most memory that the process has had so far, in kB.
fn peak(program: &Program) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", program.child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.unwrap().trim().split(' ').next().unwrap();
    peak.parse().unwrap()
}

fn head(length: &str) -> String {
    format!(
        "POST /v1/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: {STRUCTURED}\r\n{length}\r\n\r\n"
    )
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_clients_cost_a_bounded_amount_of_memory() {
    let directory = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", store_in(directory.path()).display());
    let options = ["--listen", "127.0.0.1:0", "--request-timeout", "5"];
    let program = Program::start(command().args(options).args(["--store", &store]));
    let address = program.url.split('/').nth(2).unwrap().to_owned();
    let client = Client::new();
    let mut good = 0;
    let mut send = async || {
        let body = json!([event()]).to_string();
        let request = client.post(&program.url).header("content-type", BATCH);
        let response = request.body(body).send().await.unwrap();
        assert_eq!(response.status(), 200);
        good += 1;
    };
    send().await;
    let before = peak(&program);

    // Clients that take their time: with nothing, with a head, with a body that lacks its last byte.
    let mut held = Vec::new();
    for number in 0..CLIENTS {
        let mut slow = TcpStream::connect(&address).await.unwrap();
        let text = match number % 3 {
            0 => String::new(),
            1 => format!("GET /healthz HTTP/1.1\r\nx: {}", "a".repeat(8_000)),
            _ => head("content-length: 65536") + &" ".repeat(65_535),
        };
        slow.write_all(text.as_bytes()).await.unwrap();
        held.push(slow);
    }
    send().await;

    // Bodies beyond all bounds, announced or not, and what costs a parser dearly.
    let deep = "[".repeat(60_000);
    let many = format!("[{}]", vec!["{}"; 20_000].join(","));
    for _ in 0..20 {
        for length in ["content-length: 20000000", "transfer-encoding: chunked"] {
            let mut huge = TcpStream::connect(&address).await.unwrap();
            huge.write_all(head(length).as_bytes()).await.unwrap();
            let chunk = format!("100000\r\n{}\r\n", "x".repeat(0x10_0000));
            for _ in 0..20 {
                // The collector hangs up in the middle.
                if huge.write_all(chunk.as_bytes()).await.is_err() {
                    break;
                }
            }
        }
        for body in [&deep, &many] {
            let request = client.post(&program.url).header("content-type", BATCH);
            let response = request.body(body.clone()).send().await.unwrap();
            assert!(response.status().is_client_error(), "{}", response.status());
        }
    }
    send().await;

    // Each of the slow ones gets a refusal or a close.
    for mut slow in held {
        let mut came = Vec::new();
        let end = timeout(PATIENCE, slow.read_to_end(&mut came)).await;
        // A reset is a close, too.
        let _ = end.expect("it is not closed");
        let came = String::from_utf8_lossy(&came);
        assert!(came.is_empty() || came.starts_with("HTTP/1.1 4"), "{came}");
    }
    send().await;
    let cost = peak(&program) - before;
    assert!(cost < COST, "{cost} kB beyond {before} kB");
    assert_eq!(crate::common::rows(&store_in(directory.path())).len(), good);
}
