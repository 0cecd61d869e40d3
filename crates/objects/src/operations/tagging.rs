//! S3 `GetObjectTagging`, `PutObjectTagging` and `DeleteObjectTagging`.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::bucket::BucketName;
use model::object::{Description, ObjectKey};
use s3s::dto::{
    DeleteObjectTaggingInput, DeleteObjectTaggingOutput, GetObjectTaggingInput,
    GetObjectTaggingOutput, PutObjectTaggingInput, PutObjectTaggingOutput, Tag,
};
use service::Ctx;
use store::object;

use crate::backstage::{Store, Trace, account, data_event};
use crate::description::tags_of_document;
use crate::names;
use crate::refusal::Refusal;
use crate::visit::Visit;

/// Tells the tags of an object.
pub async fn get_object_tagging(
    store: &Store,
    visit: &Arc<Visit>,
    input: GetObjectTaggingInput,
) -> Result<GetObjectTaggingOutput, Refusal> {
    const ACTION: &str = "s3:GetObjectTagging";
    names::refuse_versions(input.version_id.as_deref())?;
    let (bucket, key) = (names::bucket(&input.bucket)?, names::key(&input.key)?);
    let owner = input.expected_bucket_owner;
    let job = move |ctx: &Ctx<'_>| {
        let permit = ctx.authorize(ACTION, &names::object_arn(&bucket, &key))?;
        names::check_owner(ctx, owner.as_deref())?;
        Ok(object::require(&mut ctx.read(&permit)?, account(ctx)?, &bucket, &key)?)
    };
    let object = store.run(visit, ACTION, Trace::DataRead, job).await?;
    let tags = object.description.tags.into_iter();
    let tag_set = tags.map(|(key, value)| Tag { key: Some(key), value: Some(value) }).collect();
    Ok(GetObjectTaggingOutput { tag_set, version_id: None })
}

/// Gives an object other tags.
pub async fn put_object_tagging(
    store: &Store,
    visit: &Arc<Visit>,
    input: PutObjectTaggingInput,
) -> Result<PutObjectTaggingOutput, Refusal> {
    names::refuse_versions(input.version_id.as_deref())?;
    let (bucket, key) = (names::bucket(&input.bucket)?, names::key(&input.key)?);
    let (tags, owner) = (tags_of_document(input.tagging.tag_set)?, input.expected_bucket_owner);
    let job = move |ctx: &Ctx<'_>| {
        let place = (&bucket, &key);
        replace_tags(ctx, "s3:PutObjectTagging", place, owner.as_deref(), &tags)
    };
    store.run(visit, "s3:PutObjectTagging", Trace::Written, job).await?;
    Ok(PutObjectTaggingOutput::default())
}

/// Takes the tags of an object away.
pub async fn delete_object_tagging(
    store: &Store,
    visit: &Arc<Visit>,
    input: DeleteObjectTaggingInput,
) -> Result<DeleteObjectTaggingOutput, Refusal> {
    names::refuse_versions(input.version_id.as_deref())?;
    let (bucket, key) = (names::bucket(&input.bucket)?, names::key(&input.key)?);
    let owner = input.expected_bucket_owner;
    let job = move |ctx: &Ctx<'_>| {
        let (place, none) = ((&bucket, &key), BTreeMap::new());
        replace_tags(ctx, "s3:DeleteObjectTagging", place, owner.as_deref(), &none)
    };
    store.run(visit, "s3:DeleteObjectTagging", Trace::Written, job).await?;
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
    let object = object::require(&mut tx, account, bucket, key)?;
    let description = Description { tags: tags.clone(), ..object.description };
    object::describe(&mut tx, account, bucket, key, &description)?;
    Ok(tx.commit(&data_event(ctx).asked("bucketName", bucket).asked("key", key))?)
}
