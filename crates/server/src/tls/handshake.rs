//! The beginning of a connection with TLS.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::threads::Threads;
pub use super::unshaken::Unshaken;

/// Maximum time of a handshake. A slow line needs three round trips.
const HANDSHAKE_TIME_MAX: Duration = Duration::from_secs(10);

/// First byte of a greeting of TLS. RFC 8446 §5.1: a record of the type handshake.
const HANDSHAKE: u8 = 22;

/// A connection after its first bytes.
pub enum Shaken {
    Tls {
        stream: Box<TlsStream<Unshaken<TcpStream>>>,
        is_http2: bool,
    },
    /// The client speaks plain HTTP.
    Plain(TcpStream),
}

/// Shakes hands with a client on these threads, within a bounded time. The stream stays one of the caller's runtime.
pub(super) async fn shake(
    threads: &Threads,
    stream: TcpStream,
    config: Arc<ServerConfig>,
) -> io::Result<Shaken> {
    let shaken = timeout(HANDSHAKE_TIME_MAX, async {
        let mut first = [0];
        if stream.peek(&mut first).await? == 1 && first != [HANDSHAKE] {
            return Ok(Shaken::Plain(stream));
        }
        // Ends with this future, so a displaced connection leaves no handshake behind.
        let mut handshake = JoinSet::new();
        handshake.spawn_on(accept(stream, config), threads.handle());
        let shaken = handshake.join_next().await;
        shaken.ok_or(io::ErrorKind::NotConnected)?.map_err(io::Error::other)?
    });
    shaken.await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

async fn accept(stream: TcpStream, config: Arc<ServerConfig>) -> io::Result<Shaken> {
    let mut stream = TlsAcceptor::from(config).accept(Unshaken::new(stream)).await?;
    let (unshaken, session) = stream.get_mut();
    unshaken.lift();
    let is_http2 = session.alpn_protocol() == Some(b"h2");
    Ok(Shaken::Tls { stream: Box::new(stream), is_http2 })
}
