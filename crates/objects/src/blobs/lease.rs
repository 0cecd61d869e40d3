//! Keeping the files of an object's parts while they are read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::object::{BlobId, Content, UploadId};

use super::files::Files;

/// The leases on uploads whose parts are being read.
pub struct Leases {
    files: Arc<Files>,
    leased: Mutex<HashMap<UploadId, Leased>>,
}

/// A promise that the files of an object's parts stay until it is dropped, though they may be opened
/// one after the other.
pub struct Lease {
    leases: Arc<Leases>,
    upload_id: UploadId,
}

#[derive(Default)]
struct Leased {
    leases: usize,
    /// Files that no row names any more. They are removed with the last lease.
    doomed: Vec<BlobId>,
}

impl Leases {
    pub(super) fn new(files: Arc<Files>) -> Self {
        Self { files, leased: Mutex::default() }
    }

    pub(super) fn begin(self: &Arc<Self>, upload_id: &UploadId) -> Lease {
        self.leased().entry(upload_id.clone()).or_default().leases += 1;
        Lease { leases: Arc::clone(self), upload_id: upload_id.clone() }
    }

    pub(super) fn discard(&self, content: &Content, files: Vec<BlobId>) {
        // A file in one piece stays readable for those who have it open.
        if let Content::Parts { upload_id, .. } = content
            && let Some(leased) = self.leased().get_mut(upload_id)
        {
            leased.doomed.extend(files);
            return;
        }
        for id in &files {
            self.files.unlink(id);
        }
    }

    fn leased(&self) -> MutexGuard<'_, HashMap<UploadId, Leased>> {
        self.leased.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut leased = self.leases.leased();
        let Some(parts) = leased.get_mut(&self.upload_id) else { return };
        parts.leases = parts.leases.saturating_sub(1);
        if parts.leases > 0 {
            return;
        }
        let doomed = leased.remove(&self.upload_id).map(|leased| leased.doomed);
        drop(leased);
        for id in doomed.unwrap_or_default() {
            self.leases.files.unlink(&id);
        }
    }
}
