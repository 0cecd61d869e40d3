//! The request that an operation is done for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use model::Random;
use model::ids::RequestId;
use model::random::random_bytes;
use store::{Origin, Stamp};

/// Request of an operation.
#[derive(Clone, Debug)]
pub struct RequestInfo {
    pub id: RequestId,
    pub origin: Origin,
    /// True if the request arrived over TLS, at this server or at the proxy of the public URL.
    pub secure: bool,
    pub hold: Hold,
}

/// Time that the answer waits before it is sent, so that a caller asks for work no faster than it is done.
#[derive(Clone, Debug, Default)]
pub struct Hold(Arc<AtomicU64>);

impl Hold {
    /// Makes the answer wait this long, unless it waits longer already.
    pub(crate) fn set_ms(&self, ms: u64) {
        self.0.fetch_max(ms, Ordering::Relaxed);
    }

    #[must_use]
    pub fn duration(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Relaxed))
    }
}

impl RequestInfo {
    #[must_use]
    pub fn new(id: RequestId, origin: Origin, secure: bool) -> Self {
        Self { id, origin, secure, hold: Hold::default() }
    }

    /// Makes a request of Portico itself, for jobs, upkeep and startup.
    #[must_use]
    pub fn own(random: &dyn Random) -> Self {
        let origin = Origin { source_address: "portico".to_owned(), user_agent: String::new() };
        Self::new(RequestId::random(random), origin, true)
    }

    /// Makes the time and request stamp of an event.
    #[must_use]
    pub fn stamp(&self, now_ms: i64, random: &dyn Random) -> Stamp {
        Stamp::new(now_ms, &random_bytes(random), self.id.to_string(), self.origin.clone())
    }
}
