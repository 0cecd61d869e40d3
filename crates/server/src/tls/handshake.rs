//! The beginning of a connection with TLS.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

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

/// Shakes hands with a client, within a bounded time.
pub async fn shake(stream: TcpStream, config: Arc<ServerConfig>) -> io::Result<Shaken> {
    let shaken = timeout(HANDSHAKE_TIME_MAX, async {
        let mut first = [0];
        if stream.peek(&mut first).await? == 1 && first != [HANDSHAKE] {
            return Ok(Shaken::Plain(stream));
        }
        let mut stream = TlsAcceptor::from(config).accept(Unshaken::new(stream)).await?;
        let (unshaken, session) = stream.get_mut();
        unshaken.lift();
        let is_http2 = session.alpn_protocol() == Some(b"h2");
        Ok(Shaken::Tls { stream: Box::new(stream), is_http2 })
    });
    shaken.await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}
