//! Third parties of which no request need come: listeners that count connections or datagrams.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::net::{TcpListener, UdpSocket};
use tokio::task::JoinSet;

use super::ways::Comes;

/// A listener of its own for one use of one way.
#[derive(Debug)]
pub struct Wire {
    pub port: u16,
    count: Arc<AtomicUsize>,
    _tasks: JoinSet<()>,
}

impl Wire {
    /// Listens on loopback, by IPv6 as well where there is one: browsers try it first.
    pub async fn open(comes: Comes) -> Wire {
        let count = Arc::new(AtomicUsize::new(0));
        let mut tasks = JoinSet::new();
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let port = listen(comes, any, &count, &mut tasks)
            .await
            .expect("a free port");
        let same = SocketAddr::from((Ipv6Addr::LOCALHOST, port));
        let _ = listen(comes, same, &count, &mut tasks).await;
        Wire {
            port,
            count,
            _tasks: tasks,
        }
    }

    /// Whether anything came.
    pub fn reached(&self) -> bool {
        self.count.load(Ordering::Relaxed) > 0
    }
}

async fn listen(
    comes: Comes,
    at: SocketAddr,
    count: &Arc<AtomicUsize>,
    tasks: &mut JoinSet<()>,
) -> std::io::Result<u16> {
    let count = Arc::clone(count);
    if comes == Comes::Datagram {
        let socket = UdpSocket::bind(at).await?;
        let port = socket.local_addr()?.port();
        tasks.spawn(async move {
            let mut bytes = [0; 2048];
            while socket.recv_from(&mut bytes).await.is_ok() {
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        return Ok(port);
    }
    let listener = TcpListener::bind(at).await?;
    let port = listener.local_addr()?.port();
    tasks.spawn(async move {
        let mut open = Vec::new();
        while let Ok((connection, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::Relaxed);
            open.push(connection);
        }
    });
    Ok(port)
}
