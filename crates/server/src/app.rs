//! A server, as its sockets see it.

use std::net::IpAddr;
use std::sync::{Arc, Once, PoisonError, RwLock};

use http::HeaderMap;
use model::network::IpRange;
use model::source_network::Networks;

use crate::answer_lines::AnswerLines;
use crate::body::Bodies;
use crate::client_address::FORWARDED_FOR;
use crate::connections::{Connections, limits_for_open_files};
use crate::core::Core;
use crate::host_names::Names;
use crate::metrics::Metrics;
use crate::metrics_access::MetricsAccess;
use crate::sandbox::Sandbox;
use crate::tls::Certificate;
use crate::turns::Turns;
use crate::workers::Workers;
use crate::write_queue::WriteQueue;

/// A server, as its sockets see it.
pub struct Site {
    core: RwLock<Arc<Core>>,
    /// True if people and programs reach the server by https.
    pub is_https: bool,
    /// The certificate of the server, if it ends TLS itself.
    pub certificate: Option<Arc<Certificate>>,
    pub connections: Arc<Connections>,
    pub bodies: Bodies,
    pub turns: Turns,
    pub answer_lines: AnswerLines,
    pub metrics: Metrics,
    /// Who reads the metrics on the address of the server.
    pub metrics_access: MetricsAccess,
    /// Who reads the metrics on the address that has only them.
    pub metrics_listener_access: MetricsAccess,
    /// The names that the server answers to; `None`: every name.
    pub names: Option<Names>,
    pub sandbox: Option<Sandbox>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpRange>,
    pub workers: Workers,
    pub write_queue: WriteQueue,
    forwarding_noted: Once,
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
            certificate: None,
            connections: Arc::new(Connections::new(limits_for_open_files())),
            bodies: Bodies::default(),
            turns: Turns::default(),
            answer_lines: AnswerLines::default(),
            metrics: Metrics::new(),
            metrics_access: MetricsAccess::default(),
            metrics_listener_access: MetricsAccess::default(),
            names: None,
            sandbox,
            trusted_proxies: Vec::new(),
            workers,
            write_queue,
            forwarding_noted: Once::new(),
        }
    }

    /// The networks whose share a connection from this address counts in.
    #[must_use]
    pub fn networks_of(&self, peer: IpAddr) -> Networks {
        if self.trusted_proxies.iter().any(|proxy| proxy.contains(peer.to_canonical())) {
            return Networks::of_proxies();
        }
        peer.into()
    }

    /// Says once in the log that a program on this machine forwards requests of others, and is not named.
    pub fn note_forwarding(&self, peer: IpAddr, headers: &HeaderMap) {
        if peer.to_canonical().is_loopback()
            && headers.contains_key(FORWARDED_FOR)
            && self.networks_of(peer) != Networks::of_proxies()
        {
            self.forwarding_noted.call_once(|| {
                tracing::warn!(
                    %peer,
                    "a proxy on this machine is not named, so all its clients count as one: give \
                     --trusted-proxy {peer}"
                );
            });
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
