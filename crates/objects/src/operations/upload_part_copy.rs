//! S3 `UploadPartCopy`.

use std::sync::Arc;

use s3s::dto::{CopyPartResult, UploadPartCopyInput, UploadPartCopyOutput};

use crate::actions::PUT_OBJECT;
use crate::call::S3Call;
use crate::checksum::to_hex;
use crate::conditions::Conditions;
use crate::object_store::{ObjectStore, Trace};
use crate::operations::copy_source::{self, SourceFound, SourceWanted};
use crate::operations::upload_part::{Place, keep_part};
use crate::refusal::Refusal;
use crate::{names, unsupported, wire};

/// Stores bytes of an object as a part.
pub async fn upload_part_copy(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: UploadPartCopyInput,
) -> Result<UploadPartCopyOutput, Refusal> {
    unsupported::refuse(call.headers())?;
    let place = Place::new(&input.bucket, &input.key, &input.upload_id, input.part_number)?;
    let (source_bucket, source_key) = names::copy_source(&input.copy_source)?;
    let wanted = SourceWanted {
        bucket: source_bucket,
        key: source_key,
        owner: input.expected_source_bucket_owner,
        conditions: Arc::new(Conditions::of_source(call.headers())?),
        range: input.copy_source_range.as_deref().map(copy_source::parse_range).transpose()?,
    };
    let (opener, into) = (store.clone(), place.clone());
    let early = move |ctx: &kernel::Ctx<'_>| {
        let upload = into.require_upload(ctx, input.expected_bucket_owner.as_deref())?;
        Ok((upload, copy_source::open(&opener, ctx, &wanted)?))
    };
    let (upload, SourceFound { payload, .. }) =
        store.run(call, PUT_OBJECT, Trace::Later, early).await?;
    let (blobs, algorithm) = (Arc::clone(&store.blobs), upload.checksum_algorithm);
    let copied = store.disk.run(move || copy_source::copy(&blobs, &payload, algorithm)).await?;
    let received = store.trace_refusal(call, PUT_OBJECT, &place.arn(), copied).await?;
    let (etag, checksum) = (to_hex(&received.digests.md5), received.digests.checksum.clone());
    let modified_at_ms = keep_part(store, call, place, received).await?;
    let checksum = wire::checksum(&checksum);
    let result = CopyPartResult {
        checksum_crc32: checksum.checksum_crc32,
        checksum_crc32c: checksum.checksum_crc32c,
        checksum_crc64nvme: checksum.checksum_crc64nvme,
        checksum_sha1: checksum.checksum_sha1,
        checksum_sha256: checksum.checksum_sha256,
        e_tag: Some(wire::etag(&etag)),
        last_modified: Some(wire::timestamp(modified_at_ms)),
    };
    Ok(UploadPartCopyOutput { copy_part_result: Some(result), ..UploadPartCopyOutput::default() })
}
