//! A server, as its sockets see it.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use crate::body::LongBodies;
use crate::core::Core;
use crate::metrics::Metrics;
use crate::sandbox::Sandbox;
use crate::workers::Workers;
use crate::write_queue::WriteQueue;

/// A server, as its sockets see it.
pub struct Site {
    core: RwLock<Arc<Core>>,
    /// True if people and programs reach the server by https.
    pub is_https: bool,
    pub long_bodies: LongBodies,
    pub metrics: Metrics,
    pub sandbox: Option<Sandbox>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    pub workers: Workers,
    pub write_queue: WriteQueue,
}

impl Site {
    #[must_use]
    pub fn new(
        core: Core,
        workers: Workers,
        write_queue: WriteQueue,
        sandbox: Option<Sandbox>,
    ) -> Self {
        let is_https = core.portico.settings.public_url.starts_with("https://");
        Self {
            is_https,
            core: RwLock::new(Arc::new(core)),
            long_bodies: LongBodies::default(),
            metrics: Metrics::new(),
            sandbox,
            trusted_proxies: Vec::new(),
            workers,
            write_queue,
        }
    }

    /// The core of new requests.
    #[must_use]
    pub fn core(&self) -> Arc<Core> {
        Arc::clone(&self.core.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another core in place. The old one ends with its last request.
    pub fn replace_core(&self, core: Core) {
        *self.core.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(core);
    }
}
