//! Objects of the local S3 store, and the multipart uploads that become objects.
//!
//! Amazon S3 API Reference, `PutObject`, `CreateMultipartUpload`; User Guide, "Naming Amazon S3
//! objects" and "Checking object integrity".

mod checksum;
mod ids;
mod key;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use checksum::{Checksum, ChecksumAlgorithm, ChecksumKind};
pub use ids::{BlobId, UploadId};
pub use key::{KEY_BYTES_MAX, ObjectKey, is_listable};

/// A complete object.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Object {
    pub key: ObjectKey,
    pub content: Content,
    pub size: u64,
    /// The `ETag` without its quotation marks.
    pub etag: String,
    pub checksum: Checksum,
    pub description: Description,
    pub modified_at_ms: i64,
}

/// The files that hold the bytes of an object.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Content {
    /// One file.
    Blob(BlobId),
    /// The files of the parts of an upload, in the order of their numbers.
    Parts { upload_id: UploadId, count: u32 },
}

/// A multipart upload that is not complete.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Upload {
    pub id: UploadId,
    pub key: ObjectKey,
    pub checksum_algorithm: ChecksumAlgorithm,
    pub checksum_kind: ChecksumKind,
    pub description: Description,
    pub initiated_at_ms: i64,
}

/// A part of an upload, or of the object that the upload became.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Part {
    pub number: u32,
    pub blob_id: BlobId,
    pub size: u64,
    /// The `ETag` without its quotation marks.
    pub etag: String,
    pub checksum: Checksum,
    pub modified_at_ms: i64,
}

/// Headers, metadata and tags of an object. Portico returns them as the client sent them.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Description {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_control: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_disposition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at_ms: Option<i64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}
