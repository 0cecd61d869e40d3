//! Finding an object and the bytes that a request asks for, for `GetObject` and `HeadObject`.

use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use kernel::Ctx;
use model::bucket::BucketName;
use model::object::{Checksum, Content, Object, ObjectKey};
use model::{Fault, ObjectsEntity};
use s3s::S3ErrorCode;
use s3s::dto;
use store::{multipart, object};

use crate::actions::{GET_OBJECT, LIST_BUCKET};
use crate::blobs::read_exact_at;
use crate::conditions::{Conditions, Verdict};
use crate::download::{Download, Extent, Source};
use crate::names;
use crate::object_store::{ObjectStore, account};
use crate::range;
use crate::refusal::Refusal;
use crate::wire;

/// Maximum number of bytes that are read on the worker that found the object. More are streamed.
const INLINE_BYTES_MAX: u64 = 64 * 1024;

/// Maximum number of looks for an object that is replaced while it is opened.
pub const LOOKS_MAX: u32 = 5;

const PARTS_MAX: i64 = 10_000;

/// The parameters of a read.
#[derive(Debug)]
pub struct Wanted {
    pub bucket: BucketName,
    pub key: ObjectKey,
    pub owner: Option<String>,
    pub conditions: Conditions,
    pub range: Option<dto::Range>,
    pub part_number: Option<i32>,
    /// RFC 9110 §13.1.5: the range counts only for this object.
    pub if_range: Option<String>,
}

/// Takes [`Wanted`] from an input of `s3s`. Two inputs have these fields without a common trait.
macro_rules! take_wanted {
    ($call:ident, $input:ident) => {{
        $crate::names::refuse_versions($input.version_id.as_deref())?;
        $crate::operations::read::Wanted {
            bucket: $crate::names::bucket(&$input.bucket)?,
            key: $crate::names::key(&$input.key)?,
            owner: $input.expected_bucket_owner.take(),
            conditions: $crate::conditions::Conditions::of_read($call.headers())?,
            range: $input.range.take(),
            part_number: $input.part_number.take(),
            if_range: $call
                .headers()
                .get("if-range")
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
        }
    }};
}
pub(crate) use take_wanted;

/// Fills the fields of an answer that `GetObject` and `HeadObject` share.
macro_rules! describe_found {
    ($output:ident, $found:expr, $with_checksum:expr) => {{
        let found = $found;
        let size = found.object.size;
        $output.accept_ranges = Some("bytes".to_owned());
        $output.content_length = Some($crate::wire::signed(found.bytes.end - found.bytes.start));
        $output.e_tag = Some($crate::wire::etag(&found.object.etag));
        $output.last_modified = Some($crate::wire::timestamp(found.object.modified_at_ms));
        $output.content_range =
            found.is_partial.then(|| $crate::range::content_range(&found.bytes, size));
        $output.parts_count = found.part_count;
        if let Some(checksum) = found.checksum.filter(|_| $with_checksum) {
            let fields = $crate::wire::checksum(&checksum);
            $output.checksum_crc32 = fields.checksum_crc32;
            $output.checksum_crc32c = fields.checksum_crc32c;
            $output.checksum_crc64nvme = fields.checksum_crc64nvme;
            $output.checksum_sha1 = fields.checksum_sha1;
            $output.checksum_sha256 = fields.checksum_sha256;
            $output.checksum_type = fields.checksum_type;
        }
        let description = found.object.description;
        $output.cache_control = description.cache_control;
        $output.content_disposition = description.content_disposition;
        $output.content_encoding = description.content_encoding;
        $output.content_language = description.content_language;
        let default_type = || $crate::description::DEFAULT_CONTENT_TYPE.to_owned();
        $output.content_type = Some(description.content_type.unwrap_or_else(default_type));
        $output.expires = description.expires_at_ms.map($crate::wire::timestamp);
        let metadata = description.metadata;
        $output.metadata = (!metadata.is_empty()).then(|| metadata.into_iter().collect());
    }};
}
pub(crate) use describe_found;

/// An object, and the range of bytes that is wanted.
#[derive(Debug)]
pub struct Found {
    pub object: Object,
    pub bytes: Range<u64>,
    /// True if the request asks for a range (206).
    pub is_partial: bool,
    /// The number of parts, for a request that asks for a part.
    pub part_count: Option<i32>,
    /// The checksum of the whole object, or of the part that is wanted.
    // AWS: a range is returned without a checksum.
    pub checksum: Option<Checksum>,
}

/// The wanted bytes.
pub enum Payload {
    Inline(Bytes),
    Files(Vec<Extent>),
}

impl Payload {
    /// The body of an answer.
    #[must_use]
    pub fn into_body(self, store: &ObjectStore) -> dto::StreamingBlob {
        match self {
            Self::Inline(bytes) => s3s::Body::from(bytes).into(),
            Self::Files(extents) => {
                let (disk, blobs) = (store.disk.clone(), Arc::clone(&store.blobs));
                dto::StreamingBlob::new(Download::new(disk, blobs, extents))
            }
        }
    }
}

/// Finds an object and judges the request's conditions and range.
pub fn find(ctx: &Ctx<'_>, wanted: &Wanted) -> Result<Found, Refusal> {
    let object = authorize_and_find(ctx, &wanted.bucket, &wanted.key, wanted.owner.as_deref())?;
    match wanted.conditions.judge(&object.etag, object.modified_at_ms) {
        Verdict::Go => {}
        Verdict::Failed => return Err(Refusal::precondition_failed()),
        Verdict::Unchanged => {
            let Object { etag, modified_at_ms, .. } = object;
            return Err(Refusal::NotModified { etag, modified_at_ms });
        }
    }
    let (bytes, part_count, checksum) = match (&wanted.range, wanted.part_number) {
        (Some(_), Some(_)) => {
            let message = "A request must not have a Range header and a part number.";
            return Err(Refusal::code(S3ErrorCode::InvalidRequest, message));
        }
        (Some(range), None) if is_for(wanted.if_range.as_deref(), &object) => {
            let size = object.size;
            let bytes = range::resolve(range, size).ok_or(Refusal::Unsatisfiable { size })?;
            (Some(bytes), None, None)
        }
        (Some(_) | None, None) => (None, None, Some(object.checksum.clone())),
        (None, Some(number)) => {
            let (bytes, count, checksum) = part(ctx, wanted, &object, number)?;
            (Some(bytes), count, Some(checksum))
        }
    };
    let is_partial = bytes.is_some();
    Ok(Found { bytes: bytes.unwrap_or(0..object.size), is_partial, part_count, checksum, object })
}

/// Finds an object with its wanted bytes. They stay readable when the object is removed.
pub fn open(
    store: &ObjectStore,
    ctx: &Ctx<'_>,
    wanted: &Wanted,
) -> Result<(Found, Payload), Refusal> {
    for _ in 0..LOOKS_MAX {
        let found = find(ctx, wanted)?;
        let payload = open_bytes(store, ctx, &wanted.bucket, &found.object, &found.bytes)?;
        if let Some(payload) = payload {
            return Ok((found, payload));
        }
        // The object was replaced meanwhile. The next look finds the new one.
    }
    Err(Fault::broken("the file of an object is not there").into())
}

/// The bytes of an object, if it still exists.
pub fn open_bytes(
    store: &ObjectStore,
    ctx: &Ctx<'_>,
    bucket: &BucketName,
    object: &Object,
    bytes: &Range<u64>,
) -> Result<Option<Payload>, Refusal> {
    let length = bytes.end - bytes.start;
    let extents: Vec<Extent> = match &object.content {
        Content::Blob(id) => {
            let Some(file) = store.blobs.find(id)? else { return Ok(None) };
            if length <= INLINE_BYTES_MAX {
                return Ok(Some(Payload::Inline(read(&file, bytes)?.into())));
            }
            vec![Extent { source: Source::Open(Arc::new(file)), bytes: bytes.clone() }]
        }
        Content::Parts { upload_id, .. } => {
            // Files that are named here stay for as long as deleted objects are kept.
            let permit = ctx.authorize(GET_OBJECT, &names::object_arn(bucket, &object.key))?;
            let mut read = ctx.read(&permit)?;
            let account = account(ctx)?;
            let now = object::find(&mut read, account, bucket, &object.key)?;
            if now.is_none_or(|now| now.content != object.content) {
                return Ok(None);
            }
            let parts = multipart::parts_within(&mut read, account, bucket, upload_id, bytes)?;
            let extents =
                parts.into_iter().map(|(id, bytes)| Extent { source: Source::Named(id), bytes });
            extents.collect()
        }
    };
    let found: u64 = extents.iter().map(|extent| extent.bytes.end - extent.bytes.start).sum();
    if found != length {
        return Err(Fault::broken("the parts of an object are not as long as the object").into());
    }
    Ok(Some(Payload::Files(extents)))
}

fn read(file: &File, bytes: &Range<u64>) -> Result<Vec<u8>, Fault> {
    let length = usize::try_from(bytes.end - bytes.start)
        .map_err(|why| Fault::broken_at("the length of an object's bytes", why))?;
    read_exact_at(file, bytes.start, length)
}

/// The object, for a caller who may read it.
pub fn authorize_and_find(
    ctx: &Ctx<'_>,
    bucket: &BucketName,
    key: &ObjectKey,
    owner: Option<&str>,
) -> Result<Object, Refusal> {
    let arn = names::object_arn(bucket, key);
    let permit = ctx.authorize(GET_OBJECT, &arn)?;
    names::check_owner(ctx, owner)?;
    let (mut read, account) = (ctx.read(&permit)?, account(ctx)?);
    if let Some(object) = object::find(&mut read, account, bucket, key)? {
        return Ok(object);
    }
    // AWS: the absence of the bucket is said before that of the object.
    store::bucket::require(&mut read, account, bucket)?;
    drop(read);
    // AWS: only a caller who may list the bucket is told that the key does not exist.
    drop(ctx.authorize(LIST_BUCKET, &bucket.arn())?);
    // The audit event is about the object again.
    drop(ctx.authorize(GET_OBJECT, &arn)?);
    Err(Fault::not_found(ObjectsEntity::Object, key).into())
}

fn is_for(if_range: Option<&str>, object: &Object) -> bool {
    if_range.is_none_or(|said| {
        said == format!("\"{}\"", object.etag) || said == wire::http_date(object.modified_at_ms)
    })
}

fn part(
    ctx: &Ctx<'_>,
    wanted: &Wanted,
    object: &Object,
    number: i32,
) -> Result<(Range<u64>, Option<i32>, Checksum), Refusal> {
    // AWS: an object in one piece counts as one part.
    let invalid = |count: u32| {
        let message = format!(
            "The requested part number is not satisfiable: the object has {count} part(s)."
        );
        Refusal::code(S3ErrorCode::Custom("InvalidPartNumber".into()), message)
    };
    let Content::Parts { upload_id, count } = &object.content else {
        // AWS: an object in one piece has itself as its first part.
        let whole = (0..object.size, None, object.checksum.clone());
        return if number == 1 { Ok(whole) } else { Err(invalid(1)) };
    };
    let permit = ctx.authorize(GET_OBJECT, &names::object_arn(&wanted.bucket, &wanted.key))?;
    let mut read = ctx.read(&permit)?;
    let (account, bucket) = (account(ctx)?, &wanted.bucket);
    let parts = multipart::list_parts(&mut read, account, bucket, upload_id, 0, PARTS_MAX)?;
    let mut start = 0;
    for part in parts {
        let end = start + part.size;
        if i64::from(part.number) == i64::from(number) {
            // AWS: the value is that of the part, and the type that of the object.
            let checksum = Checksum { kind: object.checksum.kind, ..part.checksum };
            return Ok((start..end, i32::try_from(*count).ok(), checksum));
        }
        start = end;
    }
    Err(invalid(*count))
}
