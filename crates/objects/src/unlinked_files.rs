//! The end of files whose objects were deleted or overwritten a while ago (decision 0034).

use kernel::perform::retry;
use kernel::{Ctx, Portico, RequestInfo};
use model::{AuditEvent, Fault};
use store::unlinked_file;

use crate::object_store::ObjectStore;

const ACTION: &str = "portico:RemoveUnlinkedFiles";

/// Maximum number of files per transaction, so that no writer waits long.
const FILES_MAX: i64 = 500;

/// Maximum number of transactions per run. The next run goes on.
const BATCHES_MAX: u32 = 20;

impl ObjectStore {
    /// Removes the files that were unlinked before a time, up to a number per call. Returns their number.
    pub fn remove_unlinked_files(&self, before_ms: i64) -> Result<u64, Fault> {
        let portico = &*self.portico;
        let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
        let ctx = Ctx::new(portico, &caller, &request);
        let mut total = 0;
        for _ in 0..BATCHES_MAX {
            let removed = self.remove_batch(&ctx, before_ms)?;
            total += removed;
            if removed == 0 {
                break;
            }
        }
        Ok(total)
    }

    // A crash between files and rows leaves rows without files, which the next run takes for removed.
    fn remove_batch(&self, ctx: &Ctx<'_>, before_ms: i64) -> Result<u64, Fault> {
        let permit = ctx.authorize(ACTION, "*")?;
        let mut read = ctx.read(&permit)?;
        let files = unlinked_file::list_before(&mut read, before_ms, FILES_MAX)?;
        drop(read);
        if files.is_empty() {
            return Ok(0);
        }
        for id in &files {
            self.blobs.unlink(id);
        }
        retry(ctx.portico, || {
            let mut tx = ctx.begin(permit.clone())?;
            for id in &files {
                unlinked_file::delete(&mut tx, id)?;
            }
            tx.commit(&AuditEvent::new().answered("files", files.len()))
        })?;
        Ok(files.len() as u64)
    }
}
