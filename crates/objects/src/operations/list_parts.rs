//! S3 `ListParts`.

use std::sync::Arc;

use kernel::Ctx;
use model::object::Part;
use s3s::dto::{self, ListPartsInput, ListPartsOutput};
use store::{bucket, multipart};

use crate::call::S3Call;
use crate::object_store::{ObjectStore, Trace, account};
use crate::operations::list::PAGE_MAX;
use crate::refusal::Refusal;
use crate::{names, unsupported, wire};

const ACTION: &str = "s3:ListMultipartUploadParts";

/// Lists the parts of an upload that is not complete.
pub async fn list_parts(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: ListPartsInput,
) -> Result<ListPartsOutput, Refusal> {
    unsupported::refuse(call.headers())?;
    let (bucket, key) = (names::bucket(&input.bucket)?, names::key(&input.key)?);
    let upload_id = names::upload_id(&input.upload_id);
    let count = |name: &str, said: Option<i32>, otherwise: i32| {
        let invalid = |_| Refusal::invalid(format!("{name} must not be negative."));
        u32::try_from(said.unwrap_or(otherwise)).map_err(invalid)
    };
    let size = count("max-parts", input.max_parts, PAGE_MAX)?.min(PAGE_MAX.unsigned_abs());
    let after = count("part-number-marker", input.part_number_marker, 0)?;
    let owner = input.expected_bucket_owner;
    let job = move |ctx: &Ctx<'_>| {
        let permit = ctx.authorize(ACTION, &names::object_arn(&bucket, &key))?;
        names::check_owner(ctx, owner.as_deref())?;
        let (mut read, account) = (ctx.read(&permit)?, account(ctx)?);
        bucket::require(&mut read, account, &bucket)?;
        let upload_id = upload_id.clone()?;
        let upload = multipart::require(&mut read, account, &bucket, &key, &upload_id)?;
        let limit = i64::from(size) + 1;
        let parts = multipart::list_parts(&mut read, account, &bucket, &upload_id, after, limit)?;
        Ok((upload, parts, account.clone()))
    };
    let (upload, mut parts, account) = store.run(call, ACTION, Trace::DataRead, job).await?;
    let size_here = usize::try_from(size).unwrap_or(usize::MAX);
    let more = parts.len() > size_here && size > 0;
    parts.truncate(size_here);
    let last = parts.last().map_or(after, |last| last.number);
    Ok(ListPartsOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(input.upload_id),
        checksum_algorithm: Some(wire::checksum_algorithm(upload.checksum_algorithm)),
        checksum_type: Some(wire::checksum_type(upload.checksum_kind)),
        initiator: Some(wire::initiator(&account)),
        owner: Some(wire::owner(&account)),
        is_truncated: Some(more),
        max_parts: i32::try_from(size).ok(),
        part_number_marker: i32::try_from(after).ok(),
        next_part_number_marker: i32::try_from(last).ok(),
        parts: Some(parts.iter().map(shown).collect()),
        storage_class: Some(dto::StorageClass::from_static("STANDARD")),
        ..ListPartsOutput::default()
    })
}

fn shown(part: &Part) -> dto::Part {
    let checksum = wire::checksum(&part.checksum);
    dto::Part {
        checksum_crc32: checksum.checksum_crc32,
        checksum_crc32c: checksum.checksum_crc32c,
        checksum_crc64nvme: checksum.checksum_crc64nvme,
        checksum_sha1: checksum.checksum_sha1,
        checksum_sha256: checksum.checksum_sha256,
        e_tag: Some(wire::etag(&part.etag)),
        last_modified: Some(wire::timestamp(part.modified_at_ms)),
        part_number: i32::try_from(part.number).ok(),
        size: Some(wire::signed(part.size)),
    }
}
