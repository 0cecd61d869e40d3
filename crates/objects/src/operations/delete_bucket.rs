//! S3 `DeleteBucket`.

use std::sync::Arc;

use model::AuditEvent;
use s3s::dto::{DeleteBucketInput, DeleteBucketOutput};
use store::{bucket, multipart};

use crate::call::S3Call;
use crate::names;
use crate::object_store::{ObjectStore, Trace, account};
use crate::refusal::Refusal;

const ACTION: &str = "s3:DeleteBucket";

/// Removes a bucket without objects. Uploads under way end with it.
pub async fn delete_bucket(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: DeleteBucketInput,
) -> Result<DeleteBucketOutput, Refusal> {
    let name = names::bucket(&input.bucket)?;
    let job = move |ctx: &kernel::Ctx<'_>| {
        let permit = ctx.authorize(ACTION, &name.arn())?;
        names::check_owner(ctx, input.expected_bucket_owner.as_deref())?;
        let (mut tx, account) = (ctx.begin(permit)?, account(ctx)?);
        bucket::require(&mut tx, account, &name)?;
        // Rows that refer to the bucket go first. If it is not empty, all of this is undone.
        multipart::delete_all(&mut tx, account, &name)?;
        bucket::delete(&mut tx, account, &name)?;
        Ok(tx.commit(&AuditEvent::new().asked("bucketName", &name))?)
    };
    store.run(call, ACTION, Trace::Written, job).await?;
    Ok(DeleteBucketOutput {})
}
