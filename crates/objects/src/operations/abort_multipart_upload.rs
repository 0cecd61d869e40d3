//! S3 `AbortMultipartUpload`.

use std::sync::Arc;

use s3s::dto::{AbortMultipartUploadInput, AbortMultipartUploadOutput};
use store::{bucket, multipart};

use crate::call::S3Call;
use crate::object_store::{ObjectStore, Trace, account, data_event};
use crate::refusal::Refusal;
use crate::{names, unsupported};

const ACTION: &str = "s3:AbortMultipartUpload";

/// Ends an upload. Its parts go in the background.
pub async fn abort_multipart_upload(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: AbortMultipartUploadInput,
) -> Result<AbortMultipartUploadOutput, Refusal> {
    unsupported::refuse(call.headers())?;
    if input.if_match_initiated_time.is_some() {
        // AWS: only directory buckets have this condition.
        let what = "x-amz-if-match-initiated-time is not available for general purpose buckets.";
        return Err(Refusal::not_implemented(what));
    }
    let (bucket, key) = (names::bucket(&input.bucket)?, names::key(&input.key)?);
    let upload_id = names::upload_id(&input.upload_id);
    let job = move |ctx: &kernel::Ctx<'_>| {
        let permit = ctx.authorize(ACTION, &names::object_arn(&bucket, &key))?;
        names::check_owner(ctx, input.expected_bucket_owner.as_deref())?;
        let (mut tx, account) = (ctx.begin(permit)?, account(ctx)?);
        bucket::require(&mut tx, account, &bucket)?;
        let upload_id = upload_id.clone()?;
        multipart::require(&mut tx, account, &bucket, &key, &upload_id)?;
        multipart::remove(&mut tx, account, &bucket, &key, &upload_id)?;
        let event = data_event(ctx)
            .asked("bucketName", &bucket)
            .asked("key", &key)
            .asked("uploadId", &upload_id);
        Ok(tx.commit(&event)?)
    };
    store.run(call, ACTION, Trace::Written, job).await?;
    Ok(AbortMultipartUploadOutput::default())
}
