//! S3 `GetPublicAccessBlock`, `PutPublicAccessBlock` and `DeletePublicAccessBlock`.
//!
//! Only keys of the account give access to a bucket, so public access is always blocked (decision 0021).
//! A configuration that blocks it is accepted, and none that would open it is.

use std::sync::Arc;

use kernel::Ctx;
use model::AuditEvent;
use s3s::dto::{
    DeletePublicAccessBlockInput, DeletePublicAccessBlockOutput, GetPublicAccessBlockInput,
    GetPublicAccessBlockOutput, PublicAccessBlockConfiguration, PutPublicAccessBlockInput,
    PutPublicAccessBlockOutput,
};
use store::bucket;

use crate::call::S3Call;
use crate::names;
use crate::object_store::{ObjectStore, Trace, account};
use crate::operations::bucket_configuration::require_bucket;
use crate::refusal::Refusal;

const GET: &str = "s3:GetBucketPublicAccessBlock";
/// AWS: the action also allows the removal of the configuration.
const PUT: &str = "s3:PutBucketPublicAccessBlock";

/// Returns the configuration, which blocks all public access.
pub async fn get_public_access_block(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: GetPublicAccessBlockInput,
) -> Result<GetPublicAccessBlockOutput, Refusal> {
    require_bucket(store, call, GET, &input.bucket, input.expected_bucket_owner).await?;
    let public_access_block_configuration = Some(PublicAccessBlockConfiguration {
        block_public_acls: Some(true),
        block_public_policy: Some(true),
        ignore_public_acls: Some(true),
        restrict_public_buckets: Some(true),
    });
    Ok(GetPublicAccessBlockOutput { public_access_block_configuration })
}

/// Accepts a configuration that blocks all public access, and refuses any other.
pub async fn put_public_access_block(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: PutPublicAccessBlockInput,
) -> Result<PutPublicAccessBlockOutput, Refusal> {
    let wanted = input.public_access_block_configuration;
    // AWS: a setting that is left out is off.
    let is_blocked = [
        wanted.block_public_acls,
        wanted.block_public_policy,
        wanted.ignore_public_acls,
        wanted.restrict_public_buckets,
    ]
    .iter()
    .all(|setting| *setting == Some(true));
    change(store, call, &input.bucket, input.expected_bucket_owner, is_blocked).await?;
    Ok(PutPublicAccessBlockOutput {})
}

/// Refuses to remove the configuration.
pub async fn delete_public_access_block(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: DeletePublicAccessBlockInput,
) -> Result<DeletePublicAccessBlockOutput, Refusal> {
    change(store, call, &input.bucket, input.expected_bucket_owner, false).await?;
    Ok(DeletePublicAccessBlockOutput {})
}

async fn change(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    bucket: &str,
    owner: Option<String>,
    is_blocked: bool,
) -> Result<(), Refusal> {
    let name = names::bucket(bucket)?;
    let job = move |ctx: &Ctx<'_>| {
        let permit = ctx.authorize(PUT, &name.arn())?;
        names::check_owner(ctx, owner.as_deref())?;
        let mut tx = ctx.begin(permit)?;
        bucket::require(&mut tx, account(ctx)?, &name)?;
        if !is_blocked {
            let what = "Public access is always blocked: all four settings of the public access block \
                must be true, and it cannot be removed.";
            return Err(Refusal::not_implemented(what));
        }
        Ok(tx.commit(&AuditEvent::new().asked("bucketName", &name))?)
    };
    store.run(call, PUT, Trace::Written, job).await
}
