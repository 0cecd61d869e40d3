//! The request that an operation is done for.

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
}

impl RequestInfo {
    /// Makes a request of Portico itself, for jobs, upkeep and startup.
    #[must_use]
    pub fn own(random: &dyn Random) -> Self {
        let origin = Origin { source_address: "portico".to_owned(), user_agent: String::new() };
        Self { id: RequestId::random(random), origin, secure: true }
    }

    /// Makes the time and request stamp of an event.
    #[must_use]
    pub fn stamp(&self, now_ms: i64, random: &dyn Random) -> Stamp {
        Stamp::new(now_ms, &random_bytes(random), self.id.to_string(), self.origin.clone())
    }
}
