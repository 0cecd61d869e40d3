//! S3 `GetBucketTagging`, `PutBucketTagging` and `DeleteBucketTagging`.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::StatusCode;
use kernel::Ctx;
use model::AuditEvent;
use s3s::dto::{
    DeleteBucketTaggingInput, DeleteBucketTaggingOutput, GetBucketTaggingInput,
    GetBucketTaggingOutput, PutBucketTaggingInput, PutBucketTaggingOutput, Tag,
};
use s3s::{S3ErrorCode, S3Response};
use store::bucket;

use crate::call::S3Call;
use crate::description::tags_of_bucket;
use crate::names;
use crate::object_store::{ObjectStore, Trace, account};
use crate::refusal::Refusal;

const GET_BUCKET_TAGGING: &str = "s3:GetBucketTagging";
/// AWS: the action also allows the removal of the tags.
const PUT_BUCKET_TAGGING: &str = "s3:PutBucketTagging";

/// Returns the tags of a bucket.
pub async fn get_bucket_tagging(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: GetBucketTaggingInput,
) -> Result<GetBucketTaggingOutput, Refusal> {
    let name = names::bucket(&input.bucket)?;
    let job = move |ctx: &Ctx<'_>| {
        let permit = ctx.authorize(GET_BUCKET_TAGGING, &name.arn())?;
        names::check_owner(ctx, input.expected_bucket_owner.as_deref())?;
        let (mut read, account) = (ctx.read(&permit)?, account(ctx)?);
        bucket::require(&mut read, account, &name)?;
        bucket::tags(&mut read, account, &name)?.ok_or_else(|| {
            Refusal::code(S3ErrorCode::NoSuchTagSet, "The bucket has no set of tags.")
        })
    };
    let tags = store.run(call, GET_BUCKET_TAGGING, Trace::Read, job).await?.into_iter();
    let tag_set = tags.map(|(key, value)| Tag { key: Some(key), value: Some(value) }).collect();
    Ok(GetBucketTaggingOutput { tag_set })
}

/// Replaces the tags of a bucket.
pub async fn put_bucket_tagging(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: PutBucketTaggingInput,
) -> Result<S3Response<PutBucketTaggingOutput>, Refusal> {
    let tags = tags_of_bucket(input.tagging.tag_set)?;
    // AWS: an empty set is none.
    let tags = Some(tags).filter(|tags| !tags.is_empty());
    replace(store, call, &input.bucket, input.expected_bucket_owner, tags).await?;
    let mut response = S3Response::new(PutBucketTaggingOutput {});
    response.extensions.insert(StatusCode::NO_CONTENT);
    Ok(response)
}

/// Removes the tags of a bucket.
pub async fn delete_bucket_tagging(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: DeleteBucketTaggingInput,
) -> Result<DeleteBucketTaggingOutput, Refusal> {
    replace(store, call, &input.bucket, input.expected_bucket_owner, None).await?;
    Ok(DeleteBucketTaggingOutput {})
}

async fn replace(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    bucket: &str,
    owner: Option<String>,
    tags: Option<BTreeMap<String, String>>,
) -> Result<(), Refusal> {
    let name = names::bucket(bucket)?;
    let job = move |ctx: &Ctx<'_>| {
        let permit = ctx.authorize(PUT_BUCKET_TAGGING, &name.arn())?;
        names::check_owner(ctx, owner.as_deref())?;
        let (mut tx, account) = (ctx.begin(permit)?, account(ctx)?);
        bucket::require(&mut tx, account, &name)?;
        bucket::replace_tags(&mut tx, account, &name, tags.as_ref())?;
        let keys = tags.iter().flat_map(BTreeMap::keys);
        let event = AuditEvent::new().asked("bucketName", &name).asked_list("tagKeys", keys);
        Ok(tx.commit(&event)?)
    };
    store.run(call, PUT_BUCKET_TAGGING, Trace::Written, job).await
}
