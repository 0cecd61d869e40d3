//! The configuration of a bucket, which clients read before they use it. It is the same for every
//! bucket: no versions, no encryption, no ACLs, policy, rules or web site.

use std::sync::Arc;

use kernel::Ctx;
use model::bucket::Bucket;
use s3s::S3ErrorCode;
use s3s::dto::{self, Grant, Grantee, OwnershipControls};

use crate::call::S3Call;
use crate::object_store::{ObjectStore, Trace, account};
use crate::refusal::Refusal;
use crate::{names, wire};

/// The bucket, for a caller who is allowed `action` on it.
pub async fn require_bucket(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    action: &'static str,
    bucket: &str,
    owner: Option<String>,
) -> Result<Bucket, Refusal> {
    let bucket = names::bucket(bucket)?;
    let job = move |ctx: &Ctx<'_>| {
        let permit = ctx.authorize(action, &bucket.arn())?;
        names::check_owner(ctx, owner.as_deref())?;
        Ok(store::bucket::require(&mut ctx.read(&permit)?, account(ctx)?, &bucket)?)
    };
    store.run(call, action, Trace::Read, job).await
}

/// Declares operations that read a configuration which is the same for every bucket.
macro_rules! without {
    ($($operation:ident($Input:ident) -> $Output:ident, $action:literal: $answer:expr;)*) => {$(
        pub async fn $operation(
            store: &ObjectStore,
            call: &Arc<S3Call>,
            input: dto::$Input,
        ) -> Result<dto::$Output, Refusal> {
            let (name, owner) = (&input.bucket, input.expected_bucket_owner);
            let bucket = require_bucket(store, call, $action, name, owner).await?;
            let answer: fn(&Bucket) -> Result<dto::$Output, Refusal> = $answer;
            answer(&bucket)
        }
    )*};
}

without! {
    get_bucket_versioning(GetBucketVersioningInput) -> GetBucketVersioningOutput,
        "s3:GetBucketVersioning": |_| Ok(dto::GetBucketVersioningOutput::default());
    get_bucket_logging(GetBucketLoggingInput) -> GetBucketLoggingOutput,
        "s3:GetBucketLogging": |_| Ok(dto::GetBucketLoggingOutput::default());
    get_bucket_accelerate_configuration(GetBucketAccelerateConfigurationInput)
        -> GetBucketAccelerateConfigurationOutput, "s3:GetAccelerateConfiguration":
        |_| Ok(dto::GetBucketAccelerateConfigurationOutput::default());
    get_bucket_notification_configuration(GetBucketNotificationConfigurationInput)
        -> GetBucketNotificationConfigurationOutput, "s3:GetBucketNotification":
        |_| Ok(dto::GetBucketNotificationConfigurationOutput::default());
    get_bucket_request_payment(GetBucketRequestPaymentInput) -> GetBucketRequestPaymentOutput,
        "s3:GetBucketRequestPayment": |_| Ok(dto::GetBucketRequestPaymentOutput {
            payer: Some(dto::Payer::from_static("BucketOwner")),
        });
    get_bucket_acl(GetBucketAclInput) -> GetBucketAclOutput,
        "s3:GetBucketAcl": |bucket| Ok(dto::GetBucketAclOutput {
            grants: Some(owner_alone(bucket)),
            owner: Some(wire::owner(&bucket.account_id)),
        });
    get_bucket_ownership_controls(GetBucketOwnershipControlsInput)
        -> GetBucketOwnershipControlsOutput, "s3:GetBucketOwnershipControls": |_| {
            let object_ownership = dto::ObjectOwnership::from_static("BucketOwnerEnforced");
            let rules = vec![dto::OwnershipControlsRule { object_ownership }];
            let ownership_controls = Some(OwnershipControls { rules });
            Ok(dto::GetBucketOwnershipControlsOutput { ownership_controls })
        };
    get_bucket_policy_status(GetBucketPolicyStatusInput) -> GetBucketPolicyStatusOutput,
        "s3:GetBucketPolicyStatus": |_| Ok(dto::GetBucketPolicyStatusOutput {
            policy_status: Some(dto::PolicyStatus { is_public: Some(false) }),
        });
    get_bucket_policy(GetBucketPolicyInput) -> GetBucketPolicyOutput,
        "s3:GetBucketPolicy": |_| missing(S3ErrorCode::NoSuchBucketPolicy, "bucket policy");
    get_bucket_cors(GetBucketCorsInput) -> GetBucketCorsOutput, "s3:GetBucketCORS":
        |_| missing(S3ErrorCode::NoSuchCORSConfiguration, "CORS configuration");
    get_bucket_website(GetBucketWebsiteInput) -> GetBucketWebsiteOutput, "s3:GetBucketWebsite":
        |_| missing(S3ErrorCode::NoSuchWebsiteConfiguration, "website configuration");
    get_bucket_lifecycle_configuration(GetBucketLifecycleConfigurationInput)
        -> GetBucketLifecycleConfigurationOutput, "s3:GetLifecycleConfiguration":
        |_| missing(S3ErrorCode::NoSuchLifecycleConfiguration, "lifecycle configuration");
    get_bucket_encryption(GetBucketEncryptionInput) -> GetBucketEncryptionOutput,
        "s3:GetEncryptionConfiguration": |_| missing(
            S3ErrorCode::ServerSideEncryptionConfigurationNotFoundError,
            "server side encryption configuration",
        );
    get_bucket_replication(GetBucketReplicationInput) -> GetBucketReplicationOutput,
        "s3:GetReplicationConfiguration": |_| missing(
            S3ErrorCode::ReplicationConfigurationNotFoundError, "replication configuration");
    get_object_lock_configuration(GetObjectLockConfigurationInput)
        -> GetObjectLockConfigurationOutput, "s3:GetBucketObjectLockConfiguration": |_| missing(
            S3ErrorCode::ObjectLockConfigurationNotFoundError, "Object Lock configuration");
}

/// Returns the ACL of an object: its bucket's owner has full control.
pub async fn get_object_acl(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: dto::GetObjectAclInput,
) -> Result<dto::GetObjectAclOutput, Refusal> {
    const ACTION: &str = "s3:GetObjectAcl";
    names::refuse_versions(input.version_id.as_deref())?;
    let (bucket, key) = (names::bucket(&input.bucket)?, names::key(&input.key)?);
    let owner = input.expected_bucket_owner;
    let job = move |ctx: &Ctx<'_>| {
        let permit = ctx.authorize(ACTION, &names::object_arn(&bucket, &key))?;
        names::check_owner(ctx, owner.as_deref())?;
        let (mut read, account) = (ctx.read(&permit)?, account(ctx)?);
        let found = store::bucket::require(&mut read, account, &bucket)?;
        store::object::require(&mut read, account, &bucket, &key)?;
        Ok(found)
    };
    let bucket = store.run(call, ACTION, Trace::DataRead, job).await?;
    Ok(dto::GetObjectAclOutput {
        grants: Some(owner_alone(&bucket)),
        owner: Some(wire::owner(&bucket.account_id)),
        request_charged: None,
    })
}

/// The grants of a bucket.
// AWS: an account that disabled ACLs has these.
fn owner_alone(bucket: &Bucket) -> Vec<Grant> {
    let owner = wire::owner(&bucket.account_id);
    let grantee = Grantee {
        display_name: owner.display_name,
        email_address: None,
        id: owner.id,
        type_: dto::Type::from_static("CanonicalUser"),
        uri: None,
    };
    let permission = Some(dto::Permission::from_static("FULL_CONTROL"));
    vec![Grant { grantee: Some(grantee), permission }]
}

fn missing<T>(code: S3ErrorCode, what: &'static str) -> Result<T, Refusal> {
    Err(Refusal::code(code, format!("The bucket has no {what}.")))
}
