//! S3 `ListObjectVersions`. No bucket is versioned, so each object has one version, `null`.

use std::sync::Arc;

use kernel::Ctx;
use s3s::dto::{
    ListObjectVersionsInput, ListObjectVersionsOutput, ObjectVersion, ObjectVersionStorageClass,
};
use store::object::Entry;

use crate::actions::LIST_BUCKET_VERSIONS;
use crate::call::S3Call;
use crate::object_store::{ObjectStore, Trace, account};
use crate::operations::list::Wanted;
use crate::refusal::Refusal;
use crate::{names, wire};

/// Lists the versions of objects by key, a page at a time.
pub async fn list_object_versions(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: ListObjectVersionsInput,
) -> Result<ListObjectVersionsOutput, Refusal> {
    let wanted = Arc::new(Wanted::new(
        &input.bucket,
        input.expected_bucket_owner,
        input.prefix,
        input.delimiter,
        input.max_keys,
        input.encoding_type.as_ref(),
    )?);
    let marker = names::listable("key-marker", input.key_marker.as_deref())?.to_owned();
    let query = Arc::clone(&wanted);
    let job = move |ctx: &Ctx<'_>| {
        let after = Some(marker.as_str()).filter(|marker| !marker.is_empty());
        Ok((query.objects(ctx, LIST_BUCKET_VERSIONS, after)?, account(ctx)?.clone()))
    };
    let (page, account) = store.run(call, LIST_BUCKET_VERSIONS, Trace::DataRead, job).await?;
    let owner = wire::owner(&account);
    let version = |entry: Entry| ObjectVersion {
        checksum_algorithm: Some(vec![wire::checksum_algorithm(entry.checksum.algorithm)]),
        checksum_type: Some(wire::checksum_type(entry.checksum.kind)),
        e_tag: Some(wire::etag(&entry.etag)),
        is_latest: Some(true),
        key: Some(wanted.encoding.write(entry.key.as_str())),
        last_modified: Some(wire::timestamp(entry.modified_at_ms)),
        owner: Some(owner.clone()),
        size: Some(wire::signed(entry.size)),
        storage_class: Some(ObjectVersionStorageClass::from_static("STANDARD")),
        version_id: Some("null".to_owned()),
        ..ObjectVersion::default()
    };
    let next = page.more_after.as_ref().map(|(last, _)| last.as_str());
    Ok(ListObjectVersionsOutput {
        name: Some(input.bucket),
        prefix: Some(wanted.encoding.write(wanted.prefix.as_deref().unwrap_or_default())),
        key_marker: Some(wanted.encoding.write(input.key_marker.as_deref().unwrap_or_default())),
        max_keys: Some(wanted.size),
        is_truncated: Some(next.is_some()),
        next_key_marker: wanted.written(next),
        next_version_id_marker: next.map(|_| "null".to_owned()),
        common_prefixes: wanted.common_prefixes(&page.common_prefixes),
        versions: Some(page.entries.into_iter().map(version).collect()),
        delimiter: wanted.written(wanted.delimiter.as_deref()),
        encoding_type: input.encoding_type,
        ..ListObjectVersionsOutput::default()
    })
}
