//! The local account store: S3 over real files.
//!
//! `s3s` reads requests into typed inputs and writes typed outputs; this crate decides who the caller
//! is, what they may do, and where the bytes go. See `docs/decisions/0010-s3-on-s3s.md`. A request
//! passes `handler` → `s3s` → `s3` → `operations::…` → a job on a worker (`object_store`). Bodies pass
//! the threads of `disk`: in through `intake`, out through `download`.

mod absence;
mod actions;
mod blobs;
mod call;
mod checksum;
mod conditions;
mod declaration;
mod description;
mod disk;
mod documents;
mod download;
mod entity_tags;
mod error_table;
mod handler;
mod host;
mod intake;
mod listing;
mod names;
mod object_store;
mod old_uploads;
mod operations;
mod range;
mod refusal;
mod request_documents;
mod request_headers;
mod routes;
mod s3;
mod shared_folder;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod unlinked_files;
mod unsupported;
mod wire;
mod workers;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use kernel::perform::Failure;
use kernel::{Portico, RequestInfo};
use model::{Fault, Random};
use policy::{NoFacts, authorize};
use s3s::{Body, StdError};
use store::object;

pub use call::FoundSignature;
pub use checksum::checksum_of;
pub use shared_folder::SharedFolder;
pub use workers::Workers;

use crate::blobs::Blobs;
use crate::disk::Disk;
use crate::handler::Handler;
use crate::host::Domains;
use crate::object_store::{ObjectStore, Resources};
use crate::shared_folder::is_of_database;

/// The store of objects of all local accounts.
pub struct Objects {
    handler: Handler,
    store: ObjectStore,
    portico: Arc<Portico>,
    blobs: Arc<Blobs>,
}

impl Objects {
    /// A store with its files under `folder`. Missing folders are made.
    pub fn new(
        portico: Arc<Portico>,
        workers: Arc<dyn Workers>,
        (folder, shared_folder): (&Path, SharedFolder),
        random: Arc<dyn Random>,
    ) -> Result<Self, Fault> {
        let blobs = Arc::new(Blobs::open(folder, random)?);
        let settings = &portico.settings;
        let domains = Domains::new(settings.s3_domain.as_deref(), &settings.public_url);
        let store = ObjectStore::new(Resources {
            portico: Arc::clone(&portico),
            blobs: Arc::clone(&blobs),
            shared_folder,
            disk: Disk::new(),
            workers,
        });
        let handler = Handler::new(store.clone(), domains);
        Ok(Self { handler, store, portico, blobs })
    }

    /// Fails while this server lacks the files that others of its database have written. It blocks.
    pub fn require_shared_folder(&self) -> Result<(), Fault> {
        self.store.shared_folder.require(&self.portico, &self.blobs)
    }

    /// Tells whether an unsigned request is for this store, by the name of its host.
    #[must_use]
    pub fn is_named_by(&self, headers: &http::HeaderMap) -> bool {
        self.handler.is_named_by(headers)
    }

    /// Answers a request. `signature` was found in its head.
    pub async fn handle<B>(
        &self,
        info: RequestInfo,
        request: Request<B>,
        signature: FoundSignature,
    ) -> Response<Body>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<StdError>,
    {
        self.handler.handle(info, request, signature).await
    }

    /// Ends uploads in parts that began longer ago than the setting allows, up to a number per call. Returns
    /// how many ended.
    ///
    /// It blocks.
    pub fn end_old_uploads(&self) -> Result<u64, Fault> {
        self.store.end_old_uploads()
    }

    /// Deletes the parts of uploads and objects that are gone, of a bounded number of them per call.
    ///
    /// It blocks.
    pub fn delete_removed_parts(&self) -> Result<(), Fault> {
        self.store.delete_removed_parts()
    }

    /// Removes the files of objects that were deleted or overwritten longer ago than the setting says, up to a number
    /// per call. Returns their number.
    ///
    /// It blocks.
    pub fn remove_unlinked_files(&self) -> Result<u64, Fault> {
        let age_ms = self.portico.settings.s3_deleted_ms;
        self.store.remove_unlinked_files(self.portico.clock.now_ms().saturating_sub(age_ms))
    }

    /// Removes files that no row names and that are at least `age_min` old. Returns their number.
    ///
    /// A start with another database, or with an earlier copy of it, must not remove the files of this one. So nothing
    /// is removed while the folder has no file that the database names, and `age_min` leaves time to notice.
    /// It blocks, and runs before the first request.
    pub fn sweep(&self, age_min: Duration) -> Result<u64, Fault> {
        if !is_of_database(&self.portico, &self.blobs)? {
            return Ok(0);
        }
        let permit = authorize(&Portico::itself(), "portico:SweepObjects", "*", &NoFacts)?;
        let named = |shard: &str| {
            let below = listing::after_prefix(shard);
            let files = object::files_between(&mut self.portico.db.read(&permit)?, shard, &below)?;
            Ok(files.into_iter().map(|file| file.id).collect())
        };
        self.blobs.sweep(age_min, named).map_err(|refusal| refusal.as_fault().into_owned())
    }
}
