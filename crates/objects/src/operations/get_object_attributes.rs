//! S3 `GetObjectAttributes`.

use std::sync::Arc;

use kernel::Ctx;
use model::object::{Content, Part};
use s3s::S3Response;
use s3s::dto::{
    GetObjectAttributesInput, GetObjectAttributesOutput, GetObjectAttributesParts, ObjectPart,
    StorageClass,
};
use store::multipart;

use crate::call::S3Call;
use crate::documents::PlainETag;
use crate::object_store::{ObjectStore, Trace, account};
use crate::operations::list::PAGE_MAX;
use crate::operations::read::authorize_and_find;
use crate::refusal::Refusal;
use crate::{names, unsupported, wire};

const ACTION: &str = "s3:GetObjectAttributes";
const KNOWN: [&str; 5] = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"];

/// Returns the attributes of an object that the caller names.
pub async fn get_object_attributes(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: GetObjectAttributesInput,
) -> Result<S3Response<GetObjectAttributesOutput>, Refusal> {
    unsupported::refuse(call.headers())?;
    names::refuse_versions(input.version_id.as_deref())?;
    let (bucket, key) = (names::bucket(&input.bucket)?, names::key(&input.key)?);
    // s3s returns each header line. Commas separate the names in it.
    let named: Vec<String> = input
        .object_attributes
        .iter()
        .flat_map(|line| line.as_str().split(','))
        .map(|name| name.trim().to_owned())
        .collect();
    if named.is_empty() || named.iter().any(|name| !KNOWN.contains(&name.as_str())) {
        return Err(Refusal::invalid("Invalid attribute name specified."));
    }
    let has = |wanted: &str| named.iter().any(|name| name == wanted);
    let (wants_parts, owner) = (has("ObjectParts"), input.expected_bucket_owner);
    let size = input.max_parts.unwrap_or(PAGE_MAX).clamp(0, PAGE_MAX);
    let after = u32::try_from(input.part_number_marker.unwrap_or(0)).unwrap_or(0);
    let job = move |ctx: &Ctx<'_>| {
        let permit = ctx.authorize(ACTION, &names::object_arn(&bucket, &key))?;
        // AWS: the permission to read the object is required, too.
        let object = authorize_and_find(ctx, &bucket, &key, owner.as_deref())?;
        let parts = match &object.content {
            Content::Parts { upload_id, .. } if wants_parts => {
                let (mut read, limit) = (ctx.read(&permit)?, i64::from(size) + 1);
                multipart::list_parts(&mut read, account(ctx)?, &bucket, upload_id, after, limit)?
            }
            Content::Parts { .. } | Content::Blob(_) => Vec::new(),
        };
        Ok((object, parts))
    };
    let (object, parts) = store.run(call, ACTION, Trace::DataRead, job).await?;
    let object_parts = match &object.content {
        Content::Parts { count, .. } if wants_parts => Some(shown(parts, *count, size, after)),
        Content::Parts { .. } | Content::Blob(_) => None,
    };
    let mut response = S3Response::new(GetObjectAttributesOutput {
        checksum: has("Checksum").then(|| wire::checksum(&object.checksum)),
        e_tag: has("ETag").then(|| wire::etag(&object.etag)),
        last_modified: Some(wire::timestamp(object.modified_at_ms)),
        object_parts,
        object_size: has("ObjectSize").then(|| wire::signed(object.size)),
        storage_class: has("StorageClass").then(|| StorageClass::from_static("STANDARD")),
        ..GetObjectAttributesOutput::default()
    });
    // AWS: the ETag of this answer has no quotation marks.
    response.extensions.insert(PlainETag);
    Ok(response)
}

fn shown(mut parts: Vec<Part>, count: u32, size: i32, after: u32) -> GetObjectAttributesParts {
    let size_here = usize::try_from(size).unwrap_or_default();
    let more = parts.len() > size_here;
    parts.truncate(size_here);
    let last = parts.last().map_or(after, |last| last.number);
    let part = |part: &Part| {
        let checksum = wire::checksum(&part.checksum);
        ObjectPart {
            checksum_crc32: checksum.checksum_crc32,
            checksum_crc32c: checksum.checksum_crc32c,
            checksum_crc64nvme: checksum.checksum_crc64nvme,
            checksum_sha1: checksum.checksum_sha1,
            checksum_sha256: checksum.checksum_sha256,
            part_number: i32::try_from(part.number).ok(),
            size: Some(wire::signed(part.size)),
        }
    };
    GetObjectAttributesParts {
        is_truncated: Some(more),
        max_parts: Some(size),
        part_number_marker: i32::try_from(after).ok(),
        next_part_number_marker: i32::try_from(last).ok(),
        parts: Some(parts.iter().map(part).collect()),
        total_parts_count: i32::try_from(count).ok(),
    }
}
