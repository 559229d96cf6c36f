//! TLS on loopback: vendors' published snippets name their hosts with `https`. Whatever arrives here
//! goes to the site, which tells hosts apart by their names.

use std::net::Ipv4Addr;
use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// A server that ends with this value.
#[derive(Debug)]
pub(crate) struct Secure {
    port: u16,
    task: JoinHandle<()>,
}

impl Secure {
    /// Starts to listen for what is meant for the site at `port`.
    pub(crate) async fn start(port: u16) -> Secure {
        let made = rcgen::generate_simple_self_signed(["vendors.localhost".to_owned()]);
        let made = made.expect("a certificate");
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("TLS versions")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("its own certificate");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("a port");
        let own = listener.local_addr().expect("an address").port();
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // A browser opens connections that it then does not use.
                    let Ok(mut client) = acceptor.accept(client).await else {
                        return;
                    };
                    if let Ok(mut site) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await {
                        let _ = copy_bidirectional(&mut client, &mut site).await;
                    }
                });
            }
        });
        Secure { port: own, task }
    }

    /// What a browser must be started with, so that every host but those under `.localhost` is here.
    pub(crate) fn arguments(&self) -> [String; 2] {
        [
            "--ignore-certificate-errors".to_owned(),
            format!(
                "--host-resolver-rules=MAP * 127.0.0.1:{}, EXCLUDE localhost, EXCLUDE *.localhost",
                self.port
            ),
        ]
    }
}

impl Drop for Secure {
    fn drop(&mut self) {
        self.task.abort();
    }
}
