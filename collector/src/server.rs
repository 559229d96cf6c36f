//! Listens, serves each connection, and ends without losing what it accepted.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tower_http::add_extension::AddExtension;

use crate::event::SchemaError;
use crate::options::{ServeOptions, StoreLocation};
use crate::proxies::TrustedProxies;
use crate::routes;
use crate::store::{Store, StoreError};
use crate::wire::{NO_PLACE, Patient, Places};

/// How long requests that are under way may take to end, once the server is to stop.
const GRACE: Duration = Duration::from_secs(10);
/// How often old events are removed.
const RETENTION_INTERVAL: Duration = Duration::from_secs(3600);
/// How many bytes of a connection are held at most: no request's head is longer.
const BUFFER: usize = 16 * 1024;
/// How long to wait when no connection can be accepted, for example for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken, or is not this machine's.
    #[error("cannot listen on {address}: {source}; choose another with --listen")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The store cannot be used.
    #[error("{0}; choose another with --store")]
    Store(#[from] StoreError),
    /// The event schema cannot be used.
    #[error(transparent)]
    Schema(#[from] SchemaError),
}

/// A server that listens and has its store open, but serves nobody yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    store: Arc<Store>,
    places: Places,
    proxies: TrustedProxies,
    request_timeout: Duration,
    retention_months: u16,
}

impl Server {
    /// Takes the address, then opens the store.
    pub async fn bind(options: &ServeOptions) -> Result<Self, StartError> {
        let failed = |source| StartError::Listen {
            address: options.listen,
            source,
        };
        let listener = TcpListener::bind(options.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let StoreLocation::Sqlite(path) = &options.store;
        let store = Arc::new(Store::open(path.clone())?);
        let router = routes::router(options, Arc::clone(&store))?;
        let of_address = options.connections_of_address();
        let places = Places::new(
            options.max_connections as usize,
            of_address.map(|limit| limit as usize),
        );
        Ok(Self {
            listener,
            address,
            router,
            store,
            places,
            proxies: TrustedProxies::new(options.trusted_proxies.clone()),
            request_timeout: options.request_timeout,
            retention_months: options.retention_months,
        })
    }

    /// Where it listens; tells the port where 0 was asked for.
    pub fn local_address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` is ready; then answers the requests that are under way, within 10
    /// seconds, and closes the store. What is not answered by then was not acknowledged, and its
    /// sender will send it again.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let connections = GracefulShutdown::new();
        let keeper = tokio::spawn(remove_old(Arc::clone(&self.store), self.retention_months));
        tokio::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = &mut stop => break,
            };
            match accepted {
                Ok((stream, peer)) => self.serve(stream, peer, &connections),
                Err(error) => {
                    tracing::warn!(%error, "a connection cannot be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
        // From here on, who connects is refused at once instead of waiting for nobody.
        drop(self.listener);
        tracing::info!(connections = connections.count(), "stopping");
        tokio::select! {
            () = connections.shutdown() => {}
            () = tokio::time::sleep(GRACE) => tracing::warn!("connections were cut"),
        }
        keeper.abort();
        self.store.close().await;
    }

    fn serve(&self, stream: TcpStream, peer: SocketAddr, connections: &GracefulShutdown) {
        let address = peer.ip().to_canonical();
        let Some(place) = self.places.take(address, self.proxies.trust(address)) else {
            tracing::debug!("no place for a connection");
            // The buffer of a new connection is empty, so that this does not wait. Who does not
            // get it finds the connection closed, and comes back as well.
            let _ = stream.try_write(NO_PLACE);
            return;
        };
        // Answers are small and complete: nothing is won by waiting for more.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "no TCP_NODELAY");
        }
        let router = AddExtension::new(self.router.clone(), ConnectInfo(peer));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.request_timeout)
            .max_buf_size(BUFFER)
            .serve_connection(
                TokioIo::new(Patient::new(stream, self.request_timeout)),
                TowerToHyperService::new(router),
            );
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
}

/// Removes what is old, at once and then from time to time.
async fn remove_old(store: Arc<Store>, months: u16) {
    let mut interval = tokio::time::interval(RETENTION_INTERVAL);
    loop {
        interval.tick().await;
        if let Err(error) = store.remove_older(months).await {
            tracing::error!(%error, "old events cannot be removed");
        }
    }
}
