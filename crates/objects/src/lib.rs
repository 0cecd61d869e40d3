//! The local account store: S3 over real files.
//!
//! `s3s` reads requests into typed inputs and writes typed outputs; who asks, what they may do, and
//! where the bytes go is decided here. See `docs/decisions/0010-s3-on-s3s.md`. The way of a request:
//! `door` → `s3s` → `s3` → `operations::…` → a job on a worker (`backstage`), with bodies on the threads
//! of `disk`: in by `intake`, out by `download`.

mod backstage;
mod blobs;
mod border;
mod checksum;
mod conditions;
mod description;
mod disk;
mod door;
mod download;
mod foreign;
mod host;
mod intake;
mod listing;
mod names;
mod operations;
mod range;
mod refusal;
mod s3;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod visit;
mod wire;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use model::{Fault, Random};
use policy::{NoFacts, authorize};
use s3s::{Body, StdError};
use service::{Portico, RequestInfo};
use store::object;

pub use border::{Gate, Identity, Workers};

use crate::backstage::{House, Store};
use crate::blobs::Blobs;
use crate::disk::Disk;
use crate::door::Door;
use crate::host::Domains;

/// The store of objects of all local accounts.
pub struct Objects {
    door: Door,
    portico: Arc<Portico>,
    blobs: Arc<Blobs>,
}

impl Objects {
    /// A store with its files under `folder`. The folders are made if they are not there.
    pub fn new(
        portico: Arc<Portico>,
        gate: Arc<dyn Gate>,
        workers: Arc<dyn Workers>,
        folder: &Path,
        random: Arc<dyn Random>,
    ) -> Result<Self, Fault> {
        let blobs = Arc::new(Blobs::open(folder, random)?);
        let settings = &portico.settings;
        let domains = Domains::new(settings.s3_domain.as_deref(), &settings.public_url);
        let store = Store::new(House {
            portico: Arc::clone(&portico),
            blobs: Arc::clone(&blobs),
            disk: Disk::new(),
            gate,
            workers,
        });
        Ok(Self { door: Door::new(store, domains), portico, blobs })
    }

    /// Whether a request that nobody signed is for this store, by the name of its host.
    #[must_use]
    pub fn is_named_by(&self, headers: &http::HeaderMap) -> bool {
        self.door.is_named_by(headers)
    }

    /// Answers a request, whosesoever it is.
    pub async fn handle<B>(&self, info: RequestInfo, request: Request<B>) -> Response<Body>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<StdError>,
    {
        self.door.handle(info, request).await
    }

    /// Removes files that no row names and that are at least `age_min` old, and tells how many.
    ///
    /// Run it before the first request. Where other nodes share the folder, `age_min` must be longer
    /// than any upload takes. It blocks.
    pub fn sweep(&self, age_min: Duration) -> Result<u64, Fault> {
        let permit = authorize(&Portico::itself(), "portico:SweepObjects", "*", &NoFacts)?;
        let named = |shard: &str| {
            let below = listing::after_prefix(shard);
            object::blobs_between(&mut self.portico.db.read(&permit)?, shard, &below)
        };
        self.blobs.sweep(age_min, named).map_err(|refusal| refusal.as_fault())
    }
}
