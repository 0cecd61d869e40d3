//! One connection, from its first byte to its end.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::accept::Accepted;
use super::caller::{Caller, Failure};
use super::stopping::Told;
use super::{http1, http2};
use crate::app::Site;
use crate::raw_answer::Unread;
use crate::reading_client::ReadingClient;
use crate::tls::{Certificate, Shaken};

/// Maximum of what is read of a request without TLS, so that its client gets the answer.
const PLAIN_BYTES_MAX: u64 = 64 * 1024;
const PLAIN_TIME_MAX: Duration = Duration::from_secs(1);

/// Serves a connection until it ends, is displaced, or the server stops.
pub(super) async fn serve_connection(
    accepted: Accepted,
    site: Arc<Site>,
    router: Router,
    certificate: Option<Arc<Certificate>>,
    told: Told,
) {
    let Accepted { stream, peer, networks, connection, displaced } = accepted;
    let caller = Caller { peer, networks, connection, site, router };
    let serving = async {
        match certificate {
            None => {
                let stream = ReadingClient::new(stream);
                http1::serve(stream, caller, false, told).await
            }
            Some(certificate) => serve_tls(stream, &certificate, caller, told).await,
        }
    };
    let ended = tokio::select! {
        ended = serving => ended,
        Ok(()) = displaced => return,
    };
    if let Err(error) = ended {
        tracing::debug!(error, %peer, "a connection ended badly");
    }
}

async fn serve_tls(
    stream: TcpStream,
    certificate: &Certificate,
    caller: Caller,
    mut told: Told,
) -> Result<(), Failure> {
    let shaken = tokio::select! {
        shaken = certificate.shake(stream) => shaken,
        // Nothing is under way before the first request.
        () = told.wait() => return Ok(()),
    };
    let shaken = shaken.inspect_err(|_| certificate.note_failed_handshake())?;
    match shaken {
        Shaken::Tls { stream, is_http2: true } => {
            http2::serve(ReadingClient::new(stream), caller, told).await
        }
        Shaken::Tls { stream, is_http2: false } => {
            http1::serve(ReadingClient::new(stream), caller, true, told).await
        }
        Shaken::Plain(mut stream) => {
            certificate.note_failed_handshake();
            // A new connection has room for this.
            stream.try_write(&Unread::NotTls.answer(&caller.site)).ok();
            stream.shutdown().await?;
            // A connection that is closed with unread bytes is reset, and the client may not get the answer.
            let (mut request, mut nowhere) = (stream.take(PLAIN_BYTES_MAX), tokio::io::sink());
            let reading = tokio::io::copy(&mut request, &mut nowhere);
            tokio::time::timeout(PLAIN_TIME_MAX, reading).await.ok();
            Ok(())
        }
    }
}
