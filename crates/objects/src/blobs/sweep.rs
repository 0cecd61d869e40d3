//! Removing files that no row names.

use std::collections::HashSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::time::Duration;

use model::Fault;
use model::object::BlobId;

use super::disk_errors::broken;
use super::files::Blobs;
use crate::refusal::Refusal;

impl Blobs {
    /// Removes the files that no row names and that were not written to for `age_min`.
    ///
    /// `named` returns the files of a shard that rows name. Files of uploads under way have no row
    /// yet; where other processes may be writing, `age_min` must be longer than any upload.
    pub fn sweep(
        &self,
        age_min: Duration,
        mut named: impl FnMut(&str) -> Result<HashSet<BlobId>, Fault>,
    ) -> Result<u64, Refusal> {
        // The time of a new file is by the clock of the disk, as are the times of the others.
        let now = self.create()?.file.metadata();
        let now = now.and_then(|metadata| metadata.modified()).map_err(broken(&self.root))?;
        let mut removed = 0;
        for shard in shards() {
            let folder = self.root.join(&shard);
            // The folder is read before the rows, so that a file written meanwhile is not taken for an orphan.
            let entries = match fs::read_dir(&folder) {
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                entries => entries.and_then(Iterator::collect::<io::Result<Vec<_>>>),
            };
            let entries = entries.map_err(broken(&folder))?;
            let named = named(&shard)?;
            for file in entries {
                let name = file.file_name();
                let id = name.to_str().and_then(|name| name.parse::<BlobId>().ok());
                // Portico removes only files that it made.
                let id = id.filter(|id| id.as_str().starts_with(&shard) && !named.contains(id));
                let Some(id) = id else { continue };
                let modified = file.metadata().and_then(|metadata| metadata.modified());
                let age = modified.ok().and_then(|then| now.duration_since(then).ok());
                if age.unwrap_or_default() >= age_min {
                    self.unlink(&id);
                    removed += 1;
                }
            }
        }
        Ok(removed)
    }
}

fn shards() -> impl Iterator<Item = String> {
    (0..=u8::MAX).map(|number| format!("{number:02x}"))
}
