//! An endpoint that fails in whatever way a test asks for, before the real collector.

use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the endpoint does with a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing wrong: the collector's own answer.
    None,
    /// The connection is reset before anything is read.
    Refuses,
    /// It reads the request and never answers.
    Hangs,
    /// The connection is reset when half of the request's body has come.
    ResetsRequest,
    /// The collector stores it, and the connection is reset before an answer.
    StoresThenResets,
    /// The collector stores it, and the connection is reset in the middle of the answer's head.
    ResetsHead,
    /// The collector stores it, and the connection is reset in the middle of the answer's body.
    ResetsBody,
    /// The collector stores it, and the answer is 500.
    StoresThenFails,
    /// It does not permit the page to send.
    InvalidPreflight,
    /// The collector stores it, and the answer lacks what lets a page read it.
    InvalidCors,
    /// The collector stores it, and the answer comes byte by byte.
    SlowBytes,
    /// A status and a header, and nothing is stored.
    Answers(u16, String),
    /// 413 for more than one event.
    TooLarge,
    /// The collector stores it, and the answer sets cookies: `{cookie}` is the request's own record.
    Sets(String),
}

/// The endpoint. Ends with this value.
pub struct Endpoint {
    port: u16,
    state: Arc<State>,
    task: JoinHandle<()>,
}

struct State {
    collector: String,
    fault: Mutex<Fault>,
    deliveries: Mutex<Vec<Delivery>>,
}

/// A request that brought events.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// When its head had been read.
    pub at: Instant,
    /// How many events it brought; 0 if its body did not come.
    pub events: usize,
    /// Its cookies.
    pub cookie: Option<String>,
}

impl Endpoint {
    /// An endpoint before the collector at `collector`, an address such as `127.0.0.1:8787`.
    pub async fn start(collector: String) -> Endpoint {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State {
            collector,
            fault: Mutex::new(Fault::None),
            deliveries: Mutex::default(),
        });
        let shared = state.clone();
        let task = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let state = shared.clone();
                // A client that goes away in the middle is part of the game.
                tokio::spawn(async move { state.serve(connection).await.ok() });
            }
        });
        Endpoint { port, state, task }
    }

    /// Its address, on a host that leads to this machine.
    pub fn url(&self, host: &str) -> String {
        format!("http://{host}:{}/v1/events", self.port)
    }

    /// From now on it fails like this.
    pub fn set(&self, fault: Fault) {
        *self.state.fault.lock().unwrap() = fault;
    }

    /// What was sent so far, repeats included.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.state.deliveries.lock().unwrap().clone()
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Request {
    head: String,
    body: Vec<u8>,
}

impl Request {
    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut found = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value)
    }
}

impl State {
    async fn serve(&self, mut connection: TcpStream) -> io::Result<()> {
        let fault = self.fault.lock().unwrap().clone();
        if fault == Fault::Refuses {
            self.note(None);
            return reset(connection);
        }
        let mut request = read_head(&mut connection).await?;
        if request.head.starts_with("OPTIONS") {
            // The permission to send.
            let answer = match fault {
                Fault::InvalidPreflight => {
                    self.note(None);
                    b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_vec()
                }
                Fault::Sets(_) => answer(&request, 204, "", true),
                _ => self.forward(&request).await?,
            };
            return connection.write_all(&answer).await;
        }
        let length: usize = request
            .header("content-length")
            .and_then(|length| length.parse().ok())
            .unwrap_or(0);
        if fault == Fault::ResetsRequest {
            self.note(Some(&request));
            let mut half = vec![0; length / 2];
            connection.read_exact(&mut half).await?;
            return reset(connection);
        }
        request.body = vec![0; length];
        connection.read_exact(&mut request.body).await?;
        let events = self.note(Some(&request));
        match fault {
            Fault::Hangs => {
                // Until the client gives up.
                let _ = connection.read(&mut [0]).await;
                return Ok(());
            }
            Fault::Answers(status, header) => {
                let answer = answer(&request, status, &header, false);
                return connection.write_all(&answer).await;
            }
            Fault::TooLarge if events > 1 => {
                let answer = answer(&request, 413, "", false);
                return connection.write_all(&answer).await;
            }
            _ => {}
        }
        let stored = self.forward(&request).await?;
        let head = stored.windows(4).position(|four| four == b"\r\n\r\n");
        let head = head.unwrap_or(stored.len());
        match fault {
            Fault::StoresThenResets => reset(connection),
            Fault::ResetsHead => {
                connection.write_all(&stored[..head / 2]).await?;
                reset(connection)
            }
            Fault::ResetsBody => {
                connection
                    .write_all(&stored[..(head + 4 + stored.len()) / 2])
                    .await?;
                reset(connection)
            }
            Fault::StoresThenFails => {
                connection
                    .write_all(&answer(&request, 500, "", false))
                    .await
            }
            Fault::InvalidCors => {
                let bare = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                connection.write_all(bare).await
            }
            Fault::SlowBytes => {
                for byte in &stored {
                    connection.write_all(&[*byte]).await?;
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
                Ok(())
            }
            Fault::Sets(header) => {
                let cookies = request.header("cookie").unwrap_or_default();
                let mut own = cookies
                    .split("; ")
                    .filter_map(|cookie| cookie.strip_prefix("nosale="));
                let header = header.replace("{cookie}", own.next().unwrap_or_default());
                connection
                    .write_all(&answer(&request, 200, &header, true))
                    .await
            }
            _ => connection.write_all(&stored).await,
        }
    }

    /// Notes a delivery, and gives how many events it brought.
    fn note(&self, request: Option<&Request>) -> usize {
        let body = request.map(|request| &request.body[..]).unwrap_or_default();
        let events: Vec<Value> = serde_json::from_slice(body).unwrap_or_default();
        let cookie = request.and_then(|request| request.header("cookie"));
        self.deliveries.lock().unwrap().push(Delivery {
            at: Instant::now(),
            events: events.len(),
            cookie: cookie.map(str::to_owned),
        });
        events.len()
    }

    /// The collector's answer.
    async fn forward(&self, request: &Request) -> io::Result<Vec<u8>> {
        let mut collector = TcpStream::connect(&self.collector).await?;
        let mut head = String::new();
        for line in request.head.lines().filter(|line| !line.is_empty()) {
            if !line.to_ascii_lowercase().starts_with("connection:") {
                let _ = write!(head, "{line}\r\n");
            }
        }
        head.push_str("Connection: close\r\n\r\n");
        collector.write_all(head.as_bytes()).await?;
        collector.write_all(&request.body).await?;
        let mut answer = Vec::new();
        collector.read_to_end(&mut answer).await?;
        Ok(answer)
    }
}

async fn read_head(connection: &mut TcpStream) -> io::Result<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(connection.read_u8().await?);
    }
    Ok(Request {
        head: String::from_utf8_lossy(&head).into_owned(),
        body: Vec::new(),
    })
}

/// An answer that the page may read, with a further header.
fn answer(request: &Request, status: u16, header: &str, credentials: bool) -> Vec<u8> {
    let origin = request.header("origin").unwrap_or("*");
    let mut text = format!("HTTP/1.1 {status} Lab\r\nAccess-Control-Allow-Origin: {origin}\r\n");
    text.push_str("Access-Control-Expose-Headers: Retry-After\r\n");
    text.push_str("Access-Control-Allow-Headers: content-type\r\n");
    if credentials {
        text.push_str("Access-Control-Allow-Credentials: true\r\n");
    }
    if !header.is_empty() {
        text.push_str(header);
        text.push_str("\r\n");
    }
    text.push_str("Content-Length: 0\r\nConnection: close\r\n\r\n");
    text.into_bytes()
}

/// Ends a connection without a farewell.
fn reset(connection: TcpStream) -> io::Result<()> {
    connection.set_zero_linger()
}
