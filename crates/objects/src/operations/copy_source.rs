//! Reading the source of a copy, for `CopyObject` and `UploadPartCopy`.

use std::ops::Range;
use std::sync::Arc;

use kernel::Ctx;
use model::bucket::BucketName;
use model::object::{ChecksumAlgorithm, Content, Object, ObjectKey};
use model::{Fault, ObjectsEntity};
use s3s::S3ErrorCode;

use crate::blobs::{Blobs, NewBlob, read_exact_at};
use crate::checksum::{Digests, Tally};
use crate::conditions::{Conditions, Verdict};
use crate::download::Source;
use crate::intake::{BODY_BYTES_MAX, Received};
use crate::object_store::ObjectStore;
use crate::operations::read::{LOOKS_MAX, Payload, authorize_and_find, open_bytes};
use crate::refusal::Refusal;

/// Number of bytes that a copy reads and writes at a time.
const PIECE_BYTES: u64 = 1024 * 1024;

/// The source that a copy asks for.
#[derive(Clone, Debug)]
pub struct SourceWanted {
    pub bucket: BucketName,
    pub key: ObjectKey,
    pub owner: Option<String>,
    pub conditions: Arc<Conditions>,
    /// The first and the last byte. `None`: all bytes.
    pub range: Option<(u64, u64)>,
}

/// A source that was found, with its bytes.
pub struct SourceFound {
    pub object: Object,
    pub payload: Payload,
}

/// Finds the source of a copy, for a caller who may read it.
pub fn open(
    store: &ObjectStore,
    ctx: &Ctx<'_>,
    wanted: &SourceWanted,
) -> Result<SourceFound, Refusal> {
    for _ in 0..LOOKS_MAX {
        let object = authorize_and_find(ctx, &wanted.bucket, &wanted.key, wanted.owner.as_deref())?;
        match wanted.conditions.judge(&object.etag, object.modified_at_ms) {
            Verdict::Go => {}
            // AWS: to a copier, an unchanged source is a failed condition too.
            Verdict::Failed | Verdict::Unchanged => return Err(Refusal::precondition_failed()),
        }
        let bytes = resolve(wanted.range, object.size)?;
        if bytes.end - bytes.start > BODY_BYTES_MAX {
            let message = "The copy source is larger than 5 GiB. Copy it in parts.";
            return Err(Refusal::code(S3ErrorCode::InvalidRequest, message));
        }
        if let Some(payload) = open_bytes(store, ctx, &wanted.bucket, &object, &bytes)? {
            return Ok(SourceFound { object, payload });
        }
    }
    Err(Fault::not_found(ObjectsEntity::Object, &wanted.key).into())
}

// AWS: unlike the range of a read, that of a copy must lie within the object.
fn resolve(range: Option<(u64, u64)>, size: u64) -> Result<Range<u64>, Refusal> {
    match range {
        None => Ok(0..size),
        Some((first, last)) if first <= last && last < size => Ok(first..last + 1),
        Some(_) => Err(Refusal::code(
            S3ErrorCode::InvalidRange,
            format!("The range must lie within the source, which has {size} bytes."),
        )),
    }
}

/// Parses `bytes=first-last`. Both are required.
pub fn parse_range(text: &str) -> Result<(u64, u64), Refusal> {
    let parsed = text.strip_prefix("bytes=").and_then(|range| {
        let (first, last) = range.split_once('-')?;
        let number = |digits: &str| {
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
        };
        Some((number(first)?, number(last)?))
    });
    parsed.ok_or_else(|| {
        let must = "x-amz-copy-source-range must be of the form bytes=first-last.";
        Refusal::invalid(must)
    })
}

/// Makes a second name for the file of an object in one piece, if the file still exists.
///
/// Blocks for a moment: it runs on the disk's threads.
pub fn link(blobs: &Blobs, object: &Object) -> Result<Option<NewBlob>, Refusal> {
    let Content::Blob(id) = &object.content else { return Ok(None) };
    let Some(blob) = blobs.link(id)? else { return Ok(None) };
    blob.flush()?;
    Ok(Some(blob))
}

/// Copies bytes into a new file. Blocks as long as that takes: it runs on the disk's threads.
pub fn copy(
    blobs: &Blobs,
    payload: &Payload,
    algorithm: ChecksumAlgorithm,
) -> Result<Received, Refusal> {
    let mut blob = blobs.create()?;
    let mut tally = Tally::new(algorithm, None);
    let mut add = |bytes: &[u8]| {
        tally.update(bytes);
        blob.write(bytes)
    };
    match payload {
        Payload::Inline(bytes) => add(bytes)?,
        Payload::Files(extents) => {
            for extent in extents {
                let file = match &extent.source {
                    Source::Open(file) => Arc::clone(file),
                    Source::Named(id) => {
                        let file = blobs.find(id)?;
                        let missing = || Fault::broken("the file of a part is not there");
                        Arc::new(file.ok_or_else(missing)?)
                    }
                };
                let mut start = extent.bytes.start;
                while start < extent.bytes.end {
                    let length = PIECE_BYTES.min(extent.bytes.end - start);
                    let length_here = usize::try_from(length)
                        .map_err(|why| Fault::broken_at("the length of a piece of a copy", why))?;
                    add(&read_exact_at(&file, start, length_here)?)?;
                    start += length;
                }
            }
        }
    }
    let digests: Digests = tally.finish();
    blob.flush()?;
    Ok(Received { blob, digests })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_to_copy_has_two_ends() {
        assert_eq!(parse_range("bytes=0-9").unwrap(), (0, 9));
        for text in ["", "0-9", "bytes=0-", "bytes=-9", "bytes=+1-9", "bytes=a-b", "bytes=1-2,4-5"]
        {
            assert_eq!(parse_range(text).unwrap_err().code_text(), "InvalidArgument", "{text}");
        }
    }

    #[test]
    fn a_range_to_copy_lies_within_the_source() {
        assert_eq!(resolve(Some((0, 9)), 10).unwrap(), 0..10);
        assert_eq!(resolve(None, 10).unwrap(), 0..10);
        for range in [(0, 10), (5, 4), (u64::MAX, u64::MAX)] {
            assert_eq!(resolve(Some(range), 10).unwrap_err().code_text(), "InvalidRange");
        }
    }
}
