//! Names in requests: of buckets, of objects, and who is expected to own them.

use model::bucket::BucketName;
use model::object::{KEY_BYTES_MAX, ObjectKey, UploadId, is_listable};
use model::{Fault, ObjectsEntity};
use s3s::S3ErrorCode;
use s3s::dto::CopySource;
use service::Ctx;

use crate::refusal::Refusal;

pub fn bucket(name: &str) -> Result<BucketName, Refusal> {
    name.parse().map_err(|must| {
        let message = format!("The specified bucket is not valid: its name must {must}.");
        Refusal::code(S3ErrorCode::InvalidBucketName, message)
    })
}

pub fn key(key: &str) -> Result<ObjectKey, Refusal> {
    if key.len() > KEY_BYTES_MAX {
        let message = "Your key is too long. It must be no longer than 1,024 bytes.";
        return Err(Refusal::code(S3ErrorCode::KeyTooLongError, message));
    }
    key.parse().map_err(|must| Refusal::invalid(format!("The key must {must}.")))
}

/// Text of a list request that listings repeat: a prefix, a delimiter, a marker.
pub fn listable<'a>(name: &str, text: Option<&'a str>) -> Result<&'a str, Refusal> {
    let text = text.unwrap_or_default();
    if text.len() <= KEY_BYTES_MAX && text.chars().all(is_listable) {
        return Ok(text);
    }
    Err(Refusal::invalid(format!(
        "{name} must be at most 1,024 bytes of characters that XML 1.0 can carry."
    )))
}

/// An upload id; one that is none of ours is of no upload.
pub fn upload_id(id: &str) -> Result<UploadId, Refusal> {
    id.parse().map_err(|_| Fault::not_found(ObjectsEntity::MultipartUpload, id).into())
}

// AWS: in a bucket without versioning, the one version of an object is called null.
pub fn refuse_versions(version_id: Option<&str>) -> Result<(), Refusal> {
    match version_id {
        None | Some("null" | "") => Ok(()),
        Some(_) => {
            let message = "The specified version does not exist: the bucket is not versioned.";
            Err(Refusal::code(S3ErrorCode::NoSuchVersion, message))
        }
    }
}

/// Refuses a caller who expects the bucket to be another account's.
// AWS: x-amz-expected-bucket-owner.
pub fn check_owner(ctx: &Ctx<'_>, expected: Option<&str>) -> Result<(), Refusal> {
    let account = crate::backstage::account(ctx)?;
    match expected {
        Some(expected) if expected != account.as_str() => {
            let message = "The bucket does not belong to the expected account.";
            Err(Refusal::code(S3ErrorCode::AccessDenied, message))
        }
        Some(_) | None => Ok(()),
    }
}

/// The object as a resource of policies.
#[must_use]
pub fn object_arn(bucket: &BucketName, key: &ObjectKey) -> String {
    format!("{}/{key}", bucket.arn())
}

/// What a copy is made of.
pub fn copy_source(source: &CopySource) -> Result<(BucketName, ObjectKey), Refusal> {
    match source {
        CopySource::Bucket { bucket: name, key: name_of_object, version_id } => {
            refuse_versions(version_id.as_deref())?;
            Ok((bucket(name)?, key(name_of_object)?))
        }
        CopySource::AccessPoint { .. } | CopySource::Outpost { .. } => {
            Err(Refusal::not_implemented("There are no access points and no outposts."))
        }
    }
}

pub fn bad_token() -> Refusal {
    Refusal::invalid("The continuation token provided is incorrect.")
}
