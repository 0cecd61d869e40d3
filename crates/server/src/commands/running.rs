//! A server while it runs: its listeners, its certificate, and the signals that it hears.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use model::Clock;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::app::Site;
use crate::connections::warn_of_few;
use crate::serving::{Listener, serve};
use crate::system::SystemClock;
use crate::tls::Certificate;
use crate::{metrics_listener, shell};

/// Time between two looks at the files of the certificate.
const LOOK_PAUSE: Duration = Duration::from_secs(1);

/// The listeners of a server.
pub(super) struct Listeners {
    /// For everything, with TLS if the site has a certificate.
    pub(super) main: TcpListener,
    /// For plain HTTP, beside TLS.
    pub(super) plain: Option<TcpListener>,
    /// For metrics alone.
    pub(super) watched: Option<TcpListener>,
}

impl Listeners {
    /// One listener for everything.
    pub(super) fn one(main: TcpListener) -> Self {
        Self { main, plain: None, watched: None }
    }
}

/// Says `ready` and serves `site` until the process is told to end.
// Who reads `ready` may tell the process to end at once, so the signals are heard first.
pub(super) async fn serve_until_told(listeners: Listeners, site: Arc<Site>) -> Result<(), String> {
    let said = |error: std::io::Error| error.to_string();
    let mut terminate = signal(SignalKind::terminate()).map_err(said)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(said)?;
    if let Some(certificate) = &site.certificate {
        let asked = signal(SignalKind::hangup()).map_err(said)?;
        tokio::spawn(renew(Arc::clone(certificate), asked));
    }
    println!("ready {}", site.core().portico.settings.public_url);
    let (told, telling) = watch::channel(());
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: finishing what is under way");
        drop(told);
    };
    let Listeners { main, plain, watched } = listeners;
    let beside = |sockets: Option<TcpListener>, routes: fn(Arc<Site>) -> Router| {
        let (site, telling) = (Arc::clone(&site), telling.clone());
        sockets.map(|sockets| serve_beside(sockets, site, routes, telling))
    };
    let others = [beside(plain, shell::routes), beside(watched, metrics_listener::routes)];
    warn_of_few(site.connections.total_max());
    let main = Listener { sockets: main, certificate: site.certificate.clone() };
    serve(main, Arc::clone(&site), shell::routes(site), stop).await;
    for other in others.into_iter().flatten() {
        other.await.map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Serves another listener until the server is told to stop.
fn serve_beside(
    sockets: TcpListener,
    site: Arc<Site>,
    routes: fn(Arc<Site>) -> Router,
    mut telling: watch::Receiver<()>,
) -> JoinHandle<()> {
    // The channel ends when the server is told to stop.
    let stop = async move { while telling.changed().await.is_ok() {} };
    let routes = routes(Arc::clone(&site));
    tokio::spawn(serve(Listener::plain(sockets), site, routes, stop))
}

/// Takes renewed files of the certificate, by itself and when it is asked to by SIGHUP.
async fn renew(certificate: Arc<Certificate>, mut asked: Signal) {
    loop {
        let is_asked = tokio::select! {
            _ = asked.recv() => true,
            () = tokio::time::sleep(LOOK_PAUSE) => false,
        };
        let certificate = Arc::clone(&certificate);
        // Files may be slow.
        let renewing = move || certificate.renew(is_asked, SystemClock.now_ms());
        if spawn_blocking(renewing).await.is_err() {
            tracing::error!("the renewal of the certificate broke");
        }
    }
}
