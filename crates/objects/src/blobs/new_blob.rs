//! A file that is being written.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

use model::object::BlobId;

use super::disk_errors::{flush_folder, unwritten};
use crate::refusal::Refusal;

/// A file that no row names yet. Dropping it unlinks the file unless it is kept.
pub struct NewBlob {
    id: BlobId,
    path: PathBuf,
    pub(super) file: File,
    is_kept: bool,
}

impl NewBlob {
    pub(super) fn new(id: BlobId, path: PathBuf, file: File) -> Self {
        Self { id, path, file, is_kept: false }
    }

    #[must_use]
    pub fn id(&self) -> &BlobId {
        &self.id
    }

    /// Adds bytes at the end.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        self.file.write_all(bytes).map_err(|error| unwritten(&error))
    }

    /// Returns when the bytes and the name of the file are on disk.
    pub fn flush(&self) -> Result<(), Refusal> {
        self.file.sync_all().map_err(|error| unwritten(&error))?;
        let folder = self.path.parent().unwrap_or(&self.path);
        Ok(flush_folder(folder)?)
    }

    /// Sets whether the file stays when this is dropped, because a row names it or is about to.
    pub fn keep(&mut self, is_kept: bool) {
        self.is_kept = is_kept;
    }
}

impl Drop for NewBlob {
    fn drop(&mut self) {
        if !self.is_kept {
            fs::remove_file(&self.path).ok();
        }
    }
}
