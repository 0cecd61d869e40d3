//! The end of uploads that are never completed, and of the parts of uploads and objects that are gone.
//!
//! S3 User Guide, "Configuring a bucket lifecycle configuration to delete incomplete multipart uploads". The
//! rule is a setting of the server, and the same for every bucket.

use kernel::perform::retry;
use kernel::{Ctx, Portico, RequestInfo};
use model::{AuditEvent, Fault};
use store::multipart::{self, UploadPlace};
use store::removed_upload::{self, RemovedUpload};

use crate::names::object_arn;
use crate::object_store::ObjectStore;

const ACTION: &str = "portico:EndUpload";

const DELETE_PARTS: &str = "portico:DeleteParts";

/// Maximum number of uploads that a run ends. The next run goes on.
const UPLOADS_MAX: i64 = 200;

/// Maximum number of parts per transaction, so that no writer waits long.
const PARTS_AT_ONCE: i64 = 100;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl ObjectStore {
    /// Ends uploads that began longer ago than the setting allows. Returns their number.
    pub fn end_old_uploads(&self) -> Result<u64, Fault> {
        let portico = &*self.portico;
        let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
        let ctx = Ctx::new(portico, &caller, &request);
        let age_ms = i64::from(portico.settings.s3_upload_days).saturating_mul(DAY_MS);
        let before_ms = portico.clock.now_ms().saturating_sub(age_ms);
        let permit = ctx.authorize(ACTION, "*")?;
        let old = multipart::initiated_before(&mut ctx.read(&permit)?, before_ms, UPLOADS_MAX)?;
        let mut ended = 0;
        for place in old {
            ended += u64::from(retry(portico, || end(&ctx, &place))?);
        }
        Ok(ended)
    }

    /// Deletes the parts of uploads and objects that are gone, in transactions of a bounded number of parts.
    pub fn delete_removed_parts(&self) -> Result<(), Fault> {
        let portico = &*self.portico;
        let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
        let ctx = Ctx::new(portico, &caller, &request);
        let permit = ctx.authorize(DELETE_PARTS, "*")?;
        let removed = removed_upload::list(&mut ctx.read(&permit)?, UPLOADS_MAX)?;
        for upload in removed {
            while retry(portico, || delete_parts(&ctx, &upload))? {}
        }
        Ok(())
    }
}

/// Ends an upload. Returns false if it ended meanwhile in another way.
fn end(ctx: &Ctx<'_>, place: &UploadPlace) -> Result<bool, Fault> {
    let UploadPlace { account_id, bucket_name, key, id } = place;
    let mut tx = ctx.begin(ctx.authorize(ACTION, &object_arn(bucket_name, key))?)?;
    match multipart::require(&mut tx, account_id, bucket_name, key, id) {
        Err(Fault::NotFound { .. }) => return Ok(false),
        found => drop(found?),
    }
    multipart::remove(&mut tx, account_id, bucket_name, key, id)?;
    let event =
        AuditEvent::new().asked("bucketName", bucket_name).asked("key", key).asked("uploadId", id);
    tx.commit(&event)?;
    Ok(true)
}

/// Deletes some parts. Returns false if none are left.
// A crash leaves fewer parts, and the next run goes on.
fn delete_parts(ctx: &Ctx<'_>, upload: &RemovedUpload) -> Result<bool, Fault> {
    let mut tx = ctx.begin(ctx.authorize(DELETE_PARTS, &upload.bucket_name.arn())?)?;
    let parts = removed_upload::delete_parts(&mut tx, upload, PARTS_AT_ONCE)?;
    let event = AuditEvent::new()
        .asked("bucketName", &upload.bucket_name)
        .asked("uploadId", &upload.upload_id)
        .answered("parts", parts);
    tx.commit(&event)?;
    Ok(i64::try_from(parts) == Ok(PARTS_AT_ONCE))
}
