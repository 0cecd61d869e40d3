//! New connections, and the shares that they count in.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use model::source_network::Networks;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::app::Site;
use crate::connections::{Admission, Connection, admit};
use crate::raw_answer::Unread;

/// A connection that was admitted.
pub(super) struct Accepted {
    pub(super) stream: TcpStream,
    pub(super) peer: SocketAddr,
    pub(super) networks: Networks,
    pub(super) connection: Arc<Connection>,
    /// Completes if a newcomer takes the place of the connection.
    pub(super) displaced: oneshot::Receiver<()>,
}

/// Accepts a connection, unless the share of its network is taken.
pub(super) async fn accept(listener: &TcpListener, site: &Site, is_tls: bool) -> Option<Accepted> {
    let (stream, peer) = match listener.accept().await {
        Ok(accepted) => accepted,
        Err(error) => {
            // The usual cause is a lack of file descriptors. Some connections must end first.
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(Duration::from_millis(50)).await;
            return None;
        }
    };
    let networks = site.networks_of(peer.ip());
    loop {
        let next_end = site.connections.next_end();
        match admit(&site.connections, &networks) {
            Admission::Admitted(connection, displaced) => {
                return Some(Accepted { stream, peer, networks, connection, displaced });
            }
            Admission::Displacing => next_end.await,
            Admission::Refused => {
                // A new connection has room for this. With TLS a handshake would come first, which costs more than
                // the refusal is worth.
                if !is_tls {
                    stream.try_write(&Unread::NoConnection.answer(site)).ok();
                }
                return None;
            }
        }
    }
}
