//! The running site: it records each request, then lets the right part answer it.

use std::{collections::HashMap, io, net::SocketAddr, path::PathBuf, sync::Arc};

use axum::{
    Router,
    body::{Bytes, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode, header, request::Parts},
    response::Response,
};
use parking_lot::Mutex;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    arrivals::{Arrival, Arrivals},
    host,
    page::Page,
    publisher::{self, Publisher},
    reply, third_party,
};

/// The largest request body that is taken, in bytes.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// What a site is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes any free one.
    pub listen: SocketAddr,
    /// The folder with `nosale.js` and the files beside it; read at each request.
    pub dist: PathBuf,
    /// The URL that the collector takes reports at, put into the demo pages' config.
    pub endpoint: Option<String>,
}

/// A running site. It stops when dropped, and lets go of the connections that hang.
pub struct Site {
    shared: Arc<Shared>,
}

struct Shared {
    port: u16,
    arrivals: Arrivals,
    pages: Mutex<HashMap<(String, String), Page>>,
    publisher: Publisher,
    stop: CancellationToken,
}

impl Site {
    /// Starts to listen, and answers from then on.
    ///
    /// # Errors
    ///
    /// The address can't be listened on, for instance because the port is taken.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared {
            port,
            arrivals: Arrivals::default(),
            pages: Mutex::default(),
            publisher: Publisher::new(port, options.dist, options.endpoint),
            stop: CancellationToken::new(),
        });
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&shared));
        let stopped = shared.stop.clone().cancelled_owned();
        tokio::spawn(async move {
            // `axum::serve` retries what fails on accepting, and so never ends in an error.
            let _ = axum::serve(listener, router)
                .with_graceful_shutdown(stopped)
                .await;
        });
        Ok(Self { shared })
    }

    /// The port that is listened on.
    pub fn port(&self) -> u16 {
        self.shared.port
    }

    /// The address of a path (with its leading slash) on a host.
    pub fn url(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.shared.port)
    }

    /// Answers a path of a host, with whatever query and method, by a page of one's own. It wins
    /// over everything else there, and stays until another replaces it.
    ///
    /// What pages of other origins may do is decided as everywhere: a third party lets them all
    /// read its answers, unless the page's headers say otherwise, and the browser's preflight
    /// request is answered (204, at once) by the same headers.
    pub fn put(&self, host: &str, path: &str, page: Page) {
        let key = (host::normal(host), path.to_owned());
        self.shared.pages.lock().insert(key, page);
    }

    /// Every request that reached a host, in order, preflights included. The newest 10,000 are
    /// kept.
    pub fn arrivals(&self, host: &str) -> Vec<Arrival> {
        self.shared.arrivals.of(host)
    }

    /// Forgets what reached every host. Pages that were put stay.
    pub fn clear(&self) {
        self.shared.arrivals.clear();
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.shared.stop.cancel();
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(host) = host::of(&parts) else {
        return reply::empty(StatusCode::BAD_REQUEST);
    };
    let page = {
        let key = (host.clone(), parts.uri.path().to_owned());
        shared.pages.lock().get(&key).cloned()
    };
    let is_publisher = host::is_publisher(&host);

    // The panel's own questions are no arrivals.
    if is_publisher && page.is_none() {
        match parts.uri.path() {
            "/_arrivals" => return arrivals(&shared),
            "/_clear" => return clear(&shared, &parts.method),
            _ => {}
        }
    }

    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        shared.arrivals.record(Arrival::new(&host, &parts, b""));
        return reply::empty(StatusCode::PAYLOAD_TOO_LARGE);
    };
    shared.arrivals.record(Arrival::new(&host, &parts, &body));

    match page {
        Some(page) => put_page(&shared, &host, &parts, page).await,
        None if host::is_bare_loopback(&host) && parts.uri.path() == "/" => {
            redirect(&format!("http://{}:{}/", host::PUBLISHERS[0], shared.port))
        }
        None if is_publisher => shared.publisher.answer(&host, &parts).await,
        None => match shared.publisher.own_file(&parts).await {
            Some(response) => response,
            None => third_party::answer(&parts),
        },
    }
}

fn arrivals(shared: &Shared) -> Response {
    publisher::json(&shared.arrivals.summary())
}

fn clear(shared: &Shared, method: &Method) -> Response {
    if method != Method::POST {
        return reply::empty(StatusCode::METHOD_NOT_ALLOWED);
    }
    shared.arrivals.clear();
    reply::empty(StatusCode::NO_CONTENT)
}

fn redirect(to: &str) -> Response {
    let mut response = reply::empty(StatusCode::TEMPORARY_REDIRECT);
    reply::set(response.headers_mut(), header::LOCATION.as_str(), to);
    response
}

async fn put_page(shared: &Shared, host: &str, parts: &Parts, page: Page) -> Response {
    let mut response = if is_preflight(parts) {
        reply::empty(StatusCode::NO_CONTENT)
    } else {
        if page.hang {
            shared.stop.cancelled().await;
        }
        if let Some(delay) = page.delay {
            tokio::select! {
                () = tokio::time::sleep(delay) => {}
                () = shared.stop.cancelled() => {}
            }
        }
        let status = StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        reply::reply(status, &page.content_type, Bytes::from(page.body))
    };
    if !host::is_publisher(host) {
        reply::allow_any_origin(response.headers_mut());
    }
    reply::set_all(response.headers_mut(), &page.headers);
    response
}

/// Whether a browser asks by this whether it may send the request that it was told to.
fn is_preflight(parts: &Parts) -> bool {
    parts.method == Method::OPTIONS
        && parts
            .headers
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}
