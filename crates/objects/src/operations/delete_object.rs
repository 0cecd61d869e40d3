//! S3 `DeleteObject`.

use std::sync::Arc;

use s3s::dto::{DeleteObjectInput, DeleteObjectOutput};
use store::object;

use crate::actions::DELETE_OBJECT;
use crate::call::S3Call;
use crate::conditions::Conditions;
use crate::object_store::{ObjectStore, Trace, account, data_event};
use crate::operations::write::check;
use crate::refusal::Refusal;
use crate::{names, unsupported};

/// Removes an object. Removing a missing one succeeds, unless the request has If-Match.
pub async fn delete_object(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: DeleteObjectInput,
) -> Result<DeleteObjectOutput, Refusal> {
    unsupported::refuse(call.headers())?;
    names::refuse_versions(input.version_id.as_deref())?;
    if input.if_match_last_modified_time.is_some() || input.if_match_size.is_some() {
        // AWS: only directory buckets have these conditions.
        let what = "Conditions on time and size are not available for general purpose buckets.";
        return Err(Refusal::not_implemented(what));
    }
    let (bucket, key) = (names::bucket(&input.bucket)?, names::key(&input.key)?);
    let conditions = Conditions::of_write(call.headers())?;
    let job = move |ctx: &kernel::Ctx<'_>| {
        let permit = ctx.authorize(DELETE_OBJECT, &names::object_arn(&bucket, &key))?;
        names::check_owner(ctx, input.expected_bucket_owner.as_deref())?;
        let (mut tx, account) = (ctx.begin(permit)?, account(ctx)?);
        store::bucket::require(&mut tx, account, &bucket)?;
        let before = object::find(&mut tx, account, &bucket, &key)?;
        check(&conditions, before.as_ref(), &key)?;
        if let Some(before) = before {
            object::delete(&mut tx, account, &bucket, &before)?;
        }
        Ok(tx.commit(&data_event(ctx).asked("bucketName", &bucket).asked("key", &key))?)
    };
    store.run(call, DELETE_OBJECT, Trace::Written, job).await?;
    Ok(DeleteObjectOutput::default())
}
