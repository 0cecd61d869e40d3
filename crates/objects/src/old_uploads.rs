//! The end of uploads that are never completed.
//!
//! S3 User Guide, "Configuring a bucket lifecycle configuration to delete incomplete multipart uploads". The
//! rule is a setting of the server, and the same for every bucket.

use kernel::perform::retry;
use kernel::{Ctx, Portico, RequestInfo};
use model::object::{BlobId, Content};
use model::{AuditEvent, Fault};
use store::multipart::{self, UploadPlace};

use crate::names::object_arn;
use crate::object_store::ObjectStore;

/// Maximum number of uploads that a run ends. The next run goes on.
const UPLOADS_MAX: i64 = 200;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl ObjectStore {
    /// Ends uploads that began longer ago than the setting allows, each in a transaction of its own, and
    /// removes the files of their parts. Returns their number.
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
            let Some(files) = retry(|| end(&ctx, &place))? else { continue };
            for id in files {
                self.blobs.discard(&Content::Blob(id.clone()), vec![id]);
            }
            ended += 1;
        }
        Ok(ended)
    }
}

const ACTION: &str = "portico:EndUpload";

/// Removes the rows of an upload. Returns the files of its parts, or `None` if it has ended meanwhile.
fn end(ctx: &Ctx<'_>, place: &UploadPlace) -> Result<Option<Vec<BlobId>>, Fault> {
    let UploadPlace { account_id, bucket_name, key, id } = place;
    let mut tx = ctx.begin(ctx.authorize(ACTION, &object_arn(bucket_name, key))?)?;
    match multipart::require(&mut tx, account_id, bucket_name, key, id) {
        Err(Fault::NotFound { .. }) => return Ok(None),
        found => drop(found?),
    }
    multipart::delete(&mut tx, account_id, bucket_name, key, id)?;
    let files = multipart::delete_parts(&mut tx, account_id, bucket_name, id)?;
    let event = AuditEvent::new()
        .asked("bucketName", bucket_name)
        .asked("key", key)
        .asked("uploadId", id)
        .answered("parts", files.len());
    tx.commit(&event)?;
    Ok(Some(files))
}
