//! S3 `CreateBucket`.

use std::sync::Arc;

use model::bucket::Bucket;
use model::{AuditEvent, Fault};
use s3s::S3ErrorCode;
use s3s::dto::{CreateBucketInput, CreateBucketOutput};
use store::bucket;

use crate::call::S3Call;
use crate::description::tags_of_bucket;
use crate::object_store::{ObjectStore, Trace, account};
use crate::operations::list_buckets::BUCKETS_MAX;
use crate::refusal::Refusal;
use crate::{names, unsupported};

const ACTION: &str = "s3:CreateBucket";
const TAG_RESOURCE: &str = "s3:TagResource";

/// The region of a bucket whose client names none.
const FIRST_REGION: &str = "us-east-1";

/// Creates a bucket of the caller's account.
pub async fn create_bucket(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: CreateBucketInput,
) -> Result<CreateBucketOutput, Refusal> {
    unsupported::refuse(call.headers())?;
    let name = names::bucket(&input.bucket)?;
    let region = region(input)?;
    let tags = tags_of_bucket(call.bucket_tags().to_vec())?;
    let location = format!("/{name}");
    let job = move |ctx: &kernel::Ctx<'_>| {
        let permit = ctx.authorize(ACTION, &name.arn())?;
        if !tags.is_empty() {
            // AWS: tags at the creation of a bucket need this permission too.
            drop(ctx.authorize(TAG_RESOURCE, &name.arn())?);
        }
        let (mut tx, account) = (ctx.begin(permit)?, account(ctx)?);
        if bucket::count(&mut tx, account)? >= i64::from(BUCKETS_MAX) {
            return Err(Fault::Quota { limit: "10,000 buckets in an account".into() }.into());
        }
        let wanted = Bucket {
            name: name.clone(),
            account_id: account.clone(),
            region: region.clone(),
            created_at_ms: tx.now_ms(),
        };
        match bucket::insert(&mut tx, &wanted)? {
            Some(existing) => check_same(&existing, &wanted)?,
            None if tags.is_empty() => {}
            None => bucket::replace_tags(&mut tx, account, &name, Some(&tags))?,
        }
        let event = AuditEvent::new().asked("bucketName", &name).asked("region", &region);
        Ok(tx.commit(&event.asked_list("tagKeys", tags.keys()))?)
    };
    store.run(call, ACTION, Trace::Written, job).await?;
    Ok(CreateBucketOutput { location: Some(location) })
}

// AWS: in us-east-1 only, creating a bucket again succeeds for its owner.
fn check_same(existing: &Bucket, wanted: &Bucket) -> Result<(), Refusal> {
    if existing.account_id != wanted.account_id {
        let message = "The requested bucket name is not available. Bucket names are the same in \
            all accounts. Select a different name and try again.";
        return Err(Refusal::code(S3ErrorCode::BucketAlreadyExists, message));
    }
    if existing.region == FIRST_REGION && wanted.region == FIRST_REGION {
        return Ok(());
    }
    let message =
        "Your previous request to create the named bucket succeeded and you already own it.";
    Err(Refusal::code(S3ErrorCode::BucketAlreadyOwnedByYou, message))
}

fn region(input: CreateBucketInput) -> Result<String, Refusal> {
    let Some(configuration) = input.create_bucket_configuration else {
        return Ok(FIRST_REGION.to_owned());
    };
    if configuration.bucket.is_some() || configuration.location.is_some() {
        return Err(Refusal::not_implemented("Directory buckets are not available."));
    }
    let Some(constraint) = configuration.location_constraint else {
        return Ok(FIRST_REGION.to_owned());
    };
    let region = constraint.as_str();
    if names::may_be_region(region) {
        return Ok(region.to_owned());
    }
    let message = "The specified location-constraint is not valid.";
    Err(Refusal::code(S3ErrorCode::InvalidLocationConstraint, message))
}
