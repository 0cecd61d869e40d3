//! The files that hold the bytes of objects: `<data>/objects/<2 digits>/<32 digits>`.
//!
//! INVARIANT: the name of a file is random and never derived from client input, so no key can be a
//! path. A file is written once, flushed, and only then named by a row of the database; it is unlinked
//! only when no committed row names it any more. A crash in between leaves a file without a row, never
//! a row without a file, and [`Blobs::sweep`] removes it at the next start.
//!
//! Everything here blocks; it runs on the threads of `disk` or on a worker.

mod disk_errors;
mod files;
mod lease;
mod new_blob;
mod sweep;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use model::object::{BlobId, Content, UploadId};
use model::{Fault, Random};

pub use files::read_exact_at;
pub use lease::Lease;
pub use new_blob::NewBlob;

use crate::refusal::Refusal;
use files::Files;
use lease::Leases;

/// The files of all objects.
pub struct Blobs {
    files: Arc<Files>,
    leases: Arc<Leases>,
}

impl Blobs {
    /// The files under `root`, which is made if it is missing.
    pub fn open(root: &Path, random: Arc<dyn Random>) -> Result<Self, Fault> {
        let files = Arc::new(Files::open(root, random)?);
        let leases = Arc::new(Leases::new(Arc::clone(&files)));
        Ok(Self { files, leases })
    }

    /// Removes files of `content` that no row names any more, once they are not read any more.
    pub fn discard(&self, content: &Content, files: Vec<BlobId>) {
        self.leases.discard(content, files);
    }

    /// Keeps the files of an object's parts from being removed.
    ///
    /// The holder of a lease must check again that the object exists: it may have been removed, with
    /// its files, just before.
    #[must_use]
    pub fn lease(&self, upload_id: &UploadId) -> Lease {
        self.leases.begin(upload_id)
    }

    /// Removes the files that no row names and that were not written to for `age_min`.
    ///
    /// `named` returns the files of a shard that rows name. Files of uploads under way have no row
    /// yet; where other processes may be writing, `age_min` must be longer than any upload.
    pub fn sweep(
        &self,
        age_min: Duration,
        named: impl FnMut(&str) -> Result<HashSet<BlobId>, Fault>,
    ) -> Result<u64, Refusal> {
        sweep::sweep(&self.files, age_min, named)
    }
}

impl Deref for Blobs {
    type Target = Files;

    fn deref(&self) -> &Files {
        &self.files
    }
}
