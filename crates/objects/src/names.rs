//! Names in requests: buckets, objects, uploads, and the expected owner.

use kernel::Ctx;
use model::bucket::BucketName;
use model::ids::AccountId;
use model::object::{KEY_BYTES_MAX, ObjectKey, UploadId, is_listable};
use model::{Fault, ObjectsEntity};
use s3s::S3ErrorCode;
use s3s::dto::CopySource;

use crate::refusal::Refusal;

/// Parses the name of a bucket.
pub fn bucket(name: &str) -> Result<BucketName, Refusal> {
    name.parse().map_err(|must| {
        let message = format!("The specified bucket is not valid: its name must {must}.");
        Refusal::code(S3ErrorCode::InvalidBucketName, message)
    })
}

/// Parses the key of an object.
pub fn key(key: &str) -> Result<ObjectKey, Refusal> {
    if key.len() > KEY_BYTES_MAX {
        let message = "Your key is too long. It must be no longer than 1,024 bytes.";
        return Err(Refusal::code(S3ErrorCode::KeyTooLongError, message));
    }
    key.parse().map_err(|must| Refusal::invalid(format!("The key must {must}.")))
}

/// Parses text that the answer to a list request repeats: a prefix, a delimiter, a marker.
pub fn listable<'a>(name: &str, text: Option<&'a str>) -> Result<&'a str, Refusal> {
    let text = text.unwrap_or_default();
    if text.len() <= KEY_BYTES_MAX && text.chars().all(is_listable) {
        return Ok(text);
    }
    Err(Refusal::invalid(format!(
        "{name} must be at most 1,024 bytes, without the characters U+0000, U+FFFE and U+FFFF."
    )))
}

/// Parses an upload id. A malformed one is reported as `NoSuchUpload`.
pub fn upload_id(id: &str) -> Result<UploadId, Refusal> {
    id.parse().map_err(|_| Fault::not_found(ObjectsEntity::MultipartUpload, id).into())
}

/// Refuses every version of an object but the one that it has.
// AWS: in a bucket without versioning, the only version of an object is named null.
pub fn refuse_versions(version_id: Option<&str>) -> Result<(), Refusal> {
    match version_id {
        None | Some("null" | "") => Ok(()),
        Some(_) => {
            let message = "The specified version does not exist: the bucket is not versioned.";
            Err(Refusal::code(S3ErrorCode::NoSuchVersion, message))
        }
    }
}

/// Refuses a request that expects another account to own the bucket.
// AWS: x-amz-expected-bucket-owner.
pub fn check_owner(ctx: &Ctx<'_>, expected: Option<&str>) -> Result<(), Refusal> {
    let account = crate::object_store::account(ctx)?;
    match expected {
        Some(expected) if expected.parse::<AccountId>().is_err() => {
            let message = "The value of the expected bucket owner parameter must be an account id.";
            Err(Refusal::code(S3ErrorCode::InvalidBucketOwnerAWSAccountID, message))
        }
        Some(expected) if expected != account.as_str() => {
            let message = "The bucket does not belong to the expected account.";
            Err(Refusal::code(S3ErrorCode::AccessDenied, message))
        }
        Some(_) | None => Ok(()),
    }
}

/// The ARN of an object.
#[must_use]
pub fn object_arn(bucket: &BucketName, key: &ObjectKey) -> String {
    format!("{}/{key}", bucket.arn())
}

/// Parses the source of a copy.
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

/// The refusal of a paging token that was not made for this list.
pub fn bad_token() -> Refusal {
    Refusal::invalid("The continuation token provided is incorrect.")
}

/// Tells whether a text has the form of a Region's name.
#[must_use]
pub fn may_be_region(text: &str) -> bool {
    let may_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=32).contains(&text.len()) && text.bytes().all(may_name)
}
