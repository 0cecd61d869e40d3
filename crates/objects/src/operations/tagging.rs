//! S3 `GetObjectTagging`, `PutObjectTagging` and `DeleteObjectTagging`.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::Ctx;
use model::bucket::BucketName;
use model::object::{Description, ObjectKey};
use s3s::dto::{
    DeleteObjectTaggingInput, DeleteObjectTaggingOutput, GetObjectTaggingInput,
    GetObjectTaggingOutput, PutObjectTaggingInput, PutObjectTaggingOutput, Tag,
};
use store::{bucket, object};

use crate::actions::{GET_OBJECT_TAGGING, PUT_OBJECT_TAGGING};
use crate::call::S3Call;
use crate::description::tags_of_object;
use crate::names;
use crate::object_store::{ObjectStore, Trace, account, data_event};
use crate::refusal::Refusal;

const DELETE_OBJECT_TAGGING: &str = "s3:DeleteObjectTagging";

/// Returns the tags of an object.
pub async fn get_object_tagging(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: GetObjectTaggingInput,
) -> Result<GetObjectTaggingOutput, Refusal> {
    names::refuse_versions(input.version_id.as_deref())?;
    let (bucket, key) = (names::bucket(&input.bucket)?, names::key(&input.key)?);
    let owner = input.expected_bucket_owner;
    let job = move |ctx: &Ctx<'_>| {
        let permit = ctx.authorize(GET_OBJECT_TAGGING, &names::object_arn(&bucket, &key))?;
        names::check_owner(ctx, owner.as_deref())?;
        let (mut read, account) = (ctx.read(&permit)?, account(ctx)?);
        bucket::require(&mut read, account, &bucket)?;
        Ok(object::require(&mut read, account, &bucket, &key)?)
    };
    let object = store.run(call, GET_OBJECT_TAGGING, Trace::DataRead, job).await?;
    let tags = object.description.tags.into_iter();
    let tag_set = tags.map(|(key, value)| Tag { key: Some(key), value: Some(value) }).collect();
    Ok(GetObjectTaggingOutput { tag_set, version_id: None })
}

/// Replaces the tags of an object.
pub async fn put_object_tagging(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: PutObjectTaggingInput,
) -> Result<PutObjectTaggingOutput, Refusal> {
    names::refuse_versions(input.version_id.as_deref())?;
    let (bucket, key) = (names::bucket(&input.bucket)?, names::key(&input.key)?);
    let (tags, owner) = (tags_of_object(input.tagging.tag_set)?, input.expected_bucket_owner);
    let job = move |ctx: &Ctx<'_>| {
        let place = (&bucket, &key);
        replace_tags(ctx, PUT_OBJECT_TAGGING, place, owner.as_deref(), &tags)
    };
    store.run(call, PUT_OBJECT_TAGGING, Trace::Written, job).await?;
    Ok(PutObjectTaggingOutput::default())
}

/// Removes the tags of an object.
pub async fn delete_object_tagging(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: DeleteObjectTaggingInput,
) -> Result<DeleteObjectTaggingOutput, Refusal> {
    names::refuse_versions(input.version_id.as_deref())?;
    let (bucket, key) = (names::bucket(&input.bucket)?, names::key(&input.key)?);
    let owner = input.expected_bucket_owner;
    let job = move |ctx: &Ctx<'_>| {
        let (place, none) = ((&bucket, &key), BTreeMap::new());
        replace_tags(ctx, DELETE_OBJECT_TAGGING, place, owner.as_deref(), &none)
    };
    store.run(call, DELETE_OBJECT_TAGGING, Trace::Written, job).await?;
    Ok(DeleteObjectTaggingOutput::default())
}

fn replace_tags(
    ctx: &Ctx<'_>,
    action: &'static str,
    (bucket, key): (&BucketName, &ObjectKey),
    owner: Option<&str>,
    tags: &BTreeMap<String, String>,
) -> Result<(), Refusal> {
    let permit = ctx.authorize(action, &names::object_arn(bucket, key))?;
    names::check_owner(ctx, owner)?;
    let (mut tx, account) = (ctx.begin(permit)?, account(ctx)?);
    bucket::require(&mut tx, account, bucket)?;
    let object = object::require(&mut tx, account, bucket, key)?;
    let description = Description { tags: tags.clone(), ..object.description };
    object::describe(&mut tx, account, bucket, key, &description)?;
    Ok(tx.commit(&data_event(ctx).asked("bucketName", bucket).asked("key", key))?)
}
