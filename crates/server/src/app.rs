//! What the shell hands requests to.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response, request};
use protocol::sigv4::{Parts, Signed};
use service::Portico;

use crate::metrics::Metrics;
use crate::router;
use crate::sandbox::Sandbox;
use crate::shell::Collected;
use crate::workers::Workers;

/// A server, as its sockets see it.
pub struct Site {
    core: RwLock<Arc<Core>>,
    pub metrics: Metrics,
    pub sandbox: Option<Sandbox>,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    pub workers: Workers,
}

/// The part that a sandbox replaces when it is reset.
pub struct Core {
    pub portico: Arc<Portico>,
}

impl Site {
    #[must_use]
    pub fn new(core: Core, workers: Workers, sandbox: Option<Sandbox>) -> Self {
        Self {
            core: RwLock::new(Arc::new(core)),
            metrics: Metrics::new(),
            sandbox,
            trusted_proxies: Vec::new(),
            workers,
        }
    }

    /// The core of this moment. A request keeps the one it began with.
    #[must_use]
    pub fn core(&self) -> Arc<Core> {
        Arc::clone(&self.core.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another core in place; the old one ends with its last request.
    pub fn replace_core(&self, core: Core) {
        *self.core.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(core);
    }

    /// Answers a request whose body is here. Blocks.
    pub fn answer(
        &self,
        parts: &request::Parts,
        body: &Collected,
        peer: SocketAddr,
    ) -> Response<Bytes> {
        router::answer(self, parts, body, peer)
    }

    /// Whether a request is S3's: signed for it, whatever its path, or sent to a bucket's own host.
    #[must_use]
    pub fn is_for_objects(&self, request: &Request<Body>) -> bool {
        let uri = request.uri();
        let parts = Parts {
            method: request.method().as_str(),
            path: uri.path(),
            query: uri.query().unwrap_or_default(),
            headers: request.headers(),
        };
        matches!(Signed::find(parts), Ok(Some(signed)) if signed.service() == "s3")
    }

    /// Answers a request of S3, whose body streams.
    pub async fn answer_objects(
        &self,
        _request: Request<Body>,
        _peer: SocketAddr,
    ) -> Response<Body> {
        Response::new(Body::empty())
    }
}
