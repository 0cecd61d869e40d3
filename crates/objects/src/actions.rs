//! The actions of policies that several operations ask for. The others stand beside their operation.

/// Allows `DeleteObject`, and each key of `DeleteObjects`.
pub const DELETE_OBJECT: &str = "s3:DeleteObject";

/// Allows `GetObject` and `HeadObject`, and reading the source of a copy.
pub const GET_OBJECT: &str = "s3:GetObject";

/// Allows `GetObjectTagging`, and copying the tags of an object.
pub const GET_OBJECT_TAGGING: &str = "s3:GetObjectTagging";

/// Allows `HeadBucket` and the lists of objects.
pub const LIST_BUCKET: &str = "s3:ListBucket";

/// Allows `ListObjectVersions`.
pub const LIST_BUCKET_VERSIONS: &str = "s3:ListBucketVersions";

/// Allows `PutObject`, `CopyObject` and every step of an upload in parts.
pub const PUT_OBJECT: &str = "s3:PutObject";

/// Allows `PutObjectTagging`, and tags on a new object.
pub const PUT_OBJECT_TAGGING: &str = "s3:PutObjectTagging";

/// The action in the audit log while the operation of a request is not known.
pub const UNKNOWN: &str = "s3:Unknown";
