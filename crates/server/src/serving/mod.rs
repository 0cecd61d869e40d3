//! Listeners and their connections: plain or with TLS, HTTP/1.1 or HTTP/2.
//!
//! INVARIANT: whatever a client speaks, its connection counts in its network's share from the first byte on, it has
//! bounded times, and what its requests hold together is bounded.

mod accept;
mod caller;
mod connection;
mod http1;
mod http2;
mod own_bytes;
mod stopping;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;

use self::accept::accept;
use self::connection::serve_connection;
use self::stopping::Stopping;
use crate::app::Site;
use crate::tls::Certificate;

/// Maximum time that requests under way may take when the server stops.
const STOP_TIME_MAX: Duration = Duration::from_secs(25);

/// A listener, with the certificate of its connections if they have TLS.
pub struct Listener {
    pub sockets: TcpListener,
    pub certificate: Option<Arc<Certificate>>,
}

impl Listener {
    /// A listener for plain HTTP.
    #[must_use]
    pub fn plain(sockets: TcpListener) -> Self {
        Self { sockets, certificate: None }
    }
}

/// Serves these routes of the site until `stop` ends, then finishes the requests under way.
pub async fn serve(
    listener: Listener,
    site: Arc<Site>,
    router: Router,
    stop: impl Future<Output = ()>,
) {
    let Listener { sockets, certificate } = listener;
    let stopping = Stopping::default();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&sockets, &site, certificate.is_some()) => accepted,
            () = &mut stop => break,
        };
        let Some(accepted) = accepted else { continue };
        // Without TCP_NODELAY a reply of two segments may wait 40 ms for the client's acknowledgement.
        accepted.stream.set_nodelay(true).ok();
        let (site, router) = (Arc::clone(&site), router.clone());
        tokio::spawn(serve_connection(
            accepted,
            site,
            router,
            certificate.clone(),
            stopping.told(),
        ));
    }
    drop(sockets);
    tokio::select! {
        () = stopping.stop() => {}
        () = tokio::time::sleep(STOP_TIME_MAX) => {
            tracing::warn!("some requests were still under way when the server stopped");
        }
    }
    site.answer_lines.tell_left_out();
}
