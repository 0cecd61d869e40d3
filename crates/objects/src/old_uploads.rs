//! The end of uploads that are never completed.
//!
//! S3 User Guide, "Configuring a bucket lifecycle configuration to delete incomplete multipart uploads". The
//! rule is a setting of the server, and the same for every bucket.

use kernel::perform::retry;
use kernel::{Ctx, Portico, RequestInfo};
use model::{AuditEvent, Fault};
use store::multipart::{self, UploadPlace};

use crate::names::object_arn;
use crate::object_store::ObjectStore;

/// Maximum number of uploads that a run ends. The next run goes on.
const UPLOADS_MAX: i64 = 200;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl ObjectStore {
    /// Ends uploads that began longer ago than the setting allows, and unlinks the files of their parts, in
    /// transactions of a bounded number of parts. Returns the number of uploads.
    pub fn end_old_uploads(&self) -> Result<u64, Fault> {
        let portico = &*self.portico;
        let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
        let ctx = Ctx::new(portico, &caller, &request);
        let age_ms = i64::from(portico.settings.s3_upload_days).saturating_mul(DAY_MS);
        let before_ms = portico.clock.now_ms().saturating_sub(age_ms);
        let permit = ctx.authorize(ACTION, "*")?;
        let mut read = ctx.read(&permit)?;
        let old = multipart::initiated_before(&mut read, before_ms, UPLOADS_MAX)?;
        drop(read);
        let mut ended = 0;
        for place in old {
            loop {
                match retry(ctx.portico, || step(&ctx, &place))? {
                    Progress::GoesOn => {}
                    Progress::Ended => {
                        ended += 1;
                        break;
                    }
                    Progress::Gone => break,
                }
            }
        }
        Ok(ended)
    }
}

const ACTION: &str = "portico:EndUpload";

/// Maximum number of parts per transaction, so that no writer waits long.
const PARTS_MAX: i64 = 500;

/// The outcome of a transaction.
enum Progress {
    /// Parts are left.
    GoesOn,
    Ended,
    /// The upload ended meanwhile in another way.
    Gone,
}

/// Removes rows of parts, and that of the upload with the last of them.
// A crash leaves the upload with fewer parts, and the next run goes on.
fn step(ctx: &Ctx<'_>, place: &UploadPlace) -> Result<Progress, Fault> {
    let UploadPlace { account_id, bucket_name, key, id } = place;
    let mut tx = ctx.begin(ctx.authorize(ACTION, &object_arn(bucket_name, key))?)?;
    match multipart::require(&mut tx, account_id, bucket_name, key, id) {
        Err(Fault::NotFound { .. }) => {
            return Ok(Progress::Gone);
        }
        found => drop(found?),
    }
    let parts = multipart::list_parts(&mut tx, account_id, bucket_name, id, 0, PARTS_MAX)?;
    for part in &parts {
        multipart::delete_part(&mut tx, account_id, bucket_name, id, part.number)?;
    }
    let left = multipart::list_parts(&mut tx, account_id, bucket_name, id, 0, 1)?;
    let progress = if left.is_empty() { Progress::Ended } else { Progress::GoesOn };
    if left.is_empty() {
        multipart::delete(&mut tx, account_id, bucket_name, key, id)?;
    }
    let event = AuditEvent::new()
        .asked("bucketName", bucket_name)
        .asked("key", key)
        .asked("uploadId", id)
        .answered("parts", parts.len());
    tx.commit(&event)?;
    Ok(progress)
}
