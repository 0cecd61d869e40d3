//! A server on a socket, and clients from several addresses.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::kit::Bench;
use crate::serving::{Listener, serve};
use crate::shell;
use crate::tls::Certificate;

pub(super) const HEALTH: &str = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// A server that listens.
pub(super) struct Listening {
    pub bench: Bench,
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Listening {
    pub(super) async fn on(bench: Bench, address: &str) -> io::Result<Self> {
        Self::with(bench, address, None).await
    }

    /// A server that speaks TLS, if it has a certificate.
    pub(super) async fn with(
        bench: Bench,
        address: &str,
        certificate: Option<Arc<Certificate>>,
    ) -> io::Result<Self> {
        let sockets = TcpListener::bind(address).await?;
        let address = sockets.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let site = bench.site.clone();
        let routes = shell::routes(site.clone());
        let listener = Listener { sockets, certificate };
        let served = tokio::spawn(serve(listener, site, routes, async {
            stopped.await.ok();
        }));
        Ok(Self { bench, address, stop, served })
    }

    /// Waits until this many connections are open.
    pub(super) async fn until_open(&self, count: usize) {
        loop {
            let next_end = self.bench.site.connections.next_end();
            if self.bench.site.connections.count() == count {
                return;
            }
            // A connection that ends wakes this; one that is accepted only needs its turn.
            tokio::select! {
                () = next_end => {}
                () = tokio::task::yield_now() => {}
            }
        }
    }

    pub(super) async fn end(self) {
        self.stop.send(()).ok();
        self.served.await.unwrap();
    }

    /// A connection from an address of this machine, with what was sent on it.
    pub(super) async fn send(&self, from: IpAddr, text: &str) -> io::Result<TcpStream> {
        let socket = if from.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        socket.bind(SocketAddr::new(from, 0))?;
        let mut stream = socket.connect(self.address).await?;
        stream.write_all(text.as_bytes()).await?;
        Ok(stream)
    }

    /// Connections that send the text and are kept open. Those that the server ended are not among them.
    pub(super) async fn hold(
        &self,
        from: impl IntoIterator<Item = IpAddr>,
        text: &str,
    ) -> Vec<TcpStream> {
        let mut held = Vec::new();
        for from in from {
            held.extend(self.send(from, text).await.ok());
        }
        held
    }

    /// Sends a request and reads the answer until the server ends the connection or has sent all of it.
    pub(super) async fn ask(&self, from: IpAddr, text: &str) -> String {
        match self.send(from, text).await {
            Ok(mut stream) => read_answer(&mut stream).await,
            Err(error) => error.to_string(),
        }
    }
}

/// Reads one answer.
pub(super) async fn read_answer(stream: &mut TcpStream) -> String {
    let mut got = Vec::new();
    let mut piece = [0; 4096];
    while !is_whole(&got) {
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => break,
            Ok(length) => got.extend_from_slice(&piece[..length]),
        }
    }
    String::from_utf8(got).unwrap()
}

/// Tells whether an answer has arrived, by its content-length.
fn is_whole(got: &[u8]) -> bool {
    let text = String::from_utf8_lossy(got).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.split_once("content-length: ").and_then(|(_, rest)| rest.lines().next());
    length.is_some_and(|length| body.len() >= length.parse().unwrap())
}

pub(super) fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}
