//! What the shell hands requests to.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response, request};
use model::Fault;
use objects::{Gate, Identity, Objects};
use policy::Caller;
use protocol::sigv4::{Parts, Signed};
use service::Portico;
use service::credentials::authenticate::{self, authenticate};
use service::unwinding::contained;
use tempfile::TempDir;

use crate::body::LongBodies;
use crate::lane::Lane;
use crate::metrics::Metrics;
use crate::router::{self, Asked, TARGET, request_info};
use crate::sandbox::Sandbox;
use crate::senses::SystemRandom;
use crate::telemetry::logged;
use crate::timer::Timer;
use crate::workers::{Errand, Workers};

/// A server, as its sockets see it.
pub struct Site {
    pub lane: Lane,
    core: RwLock<Arc<Core>>,
    pub long_bodies: LongBodies,
    pub metrics: Metrics,
    pub sandbox: Option<Sandbox>,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    pub workers: Workers,
}

/// The part that a sandbox replaces when it is reset.
pub struct Core {
    pub portico: Arc<Portico>,
    pub objects: Objects,
    pub web: web::Site,
    /// A sandbox's files, which go with it.
    pub scratch: Option<TempDir>,
}

impl Core {
    /// A core whose objects are in files under `folder`.
    pub fn open(portico: Arc<Portico>, workers: &Workers, folder: &Path) -> Result<Self, Fault> {
        let gate = Arc::new(ObjectsGate(Arc::clone(&portico)));
        let hands = Arc::new(ObjectsWorkers(workers.clone()));
        let random = Arc::new(SystemRandom);
        let objects = Objects::new(Arc::clone(&portico), gate, hands, folder, random)?;
        let (form_key, console_key) =
            (portico.keys.derive("forms"), portico.keys.derive("console"));
        let web = web::Site { form_key, console_key };
        Ok(Self { portico, objects, web, scratch: None })
    }
}

/// Who signs requests to the objects: the same verification as everywhere.
struct ObjectsGate(Arc<Portico>);

impl Gate for ObjectsGate {
    fn identify(&self, request: &request::Parts) -> Result<Identity, Fault> {
        let signed = Signed::find(signed_parts(request))?.ok_or(Fault::Unsigned)?;
        let verify = |key: &_, now_ms| signed.verify_head(key, now_ms);
        let (caller, body) = authenticate(&self.0, &signed, verify)?;
        Ok(Identity { caller, body })
    }

    fn renew(&self, caller: &Arc<Caller>) -> Result<Arc<Caller>, Fault> {
        authenticate::renew(&self.0, caller)
    }
}

/// The objects' database work is done by the same workers as everything else.
struct ObjectsWorkers(Workers);

impl objects::Workers for ObjectsWorkers {
    fn hand_over(&self, job: Errand) -> Result<(), Fault> {
        self.0.hand_over(job).map_err(|_| Fault::Busy)
    }
}

/// What a signature covers of a request.
#[must_use]
pub fn signed_parts(parts: &request::Parts) -> Parts<'_> {
    Parts {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or_default(),
        headers: &parts.headers,
    }
}

impl Site {
    #[must_use]
    pub fn new(core: Core, workers: Workers, lane: Lane, sandbox: Option<Sandbox>) -> Self {
        Self {
            lane,
            core: RwLock::new(Arc::new(core)),
            long_bodies: LongBodies::default(),
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
    pub fn answer(&self, asked: Asked<'_>) -> Response<Bytes> {
        router::answer(self, asked)
    }

    /// Answers a request that can be answered without waiting for anything. Of the others nothing
    /// is done.
    pub fn answer_at_once(&self, asked: Asked<'_>) -> Option<Response<Bytes>> {
        // What panics here panics again on a worker, which says so and survives it.
        contained(|| Ok(router::answer_at_once(self, asked))).ok().flatten()
    }

    /// Whether a request is S3's: signed for it, whatever its path, or sent to a bucket's own host.
    #[must_use]
    pub fn is_for_objects(&self, parts: &request::Parts) -> bool {
        // No client of S3 sends this header, and a signature takes time to find.
        if parts.headers.contains_key(TARGET) {
            return false;
        }
        match Signed::find(signed_parts(parts)) {
            Ok(Some(signed)) => signed.service() == "s3",
            Ok(None) => self.core().objects.is_named_by(&parts.headers),
            // Whoever tried to sign in a way that does not hold is told so by S3, unless the request
            // can only be for another service: those are posted to the root.
            Err(_) => parts.method != http::Method::POST || parts.uri.path() != "/",
        }
    }

    /// Answers a request of S3, whose body streams.
    pub async fn answer_objects(
        &self,
        parts: request::Parts,
        body: Body,
        peer: SocketAddr,
    ) -> Response<Body> {
        let timer = Timer::start();
        let core = self.core();
        let info = request_info(&core.portico, &self.trusted_proxies, &parts.headers, peer);
        let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
        let request = Request::from_parts(parts, body);
        let response = core.objects.handle(info.clone(), request).await;
        self.metrics.record("S3", response.status(), &timer);
        tracing::info!(
            request_id = %info.id,
            source = %info.origin.source_address,
            %method,
            path = logged(&path),
            operation = "S3",
            status = response.status().as_u16(),
            micros = timer.micros(),
            "answered"
        );
        response.map(Body::new)
    }
}
