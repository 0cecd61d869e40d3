//! S3 `ListObjects`, the first version, whose pages begin after a key that the client names.

use std::sync::Arc;

use kernel::Ctx;
use s3s::dto::{ListObjectsInput, ListObjectsOutput};

use crate::actions::LIST_BUCKET;
use crate::call::S3Call;
use crate::object_store::{ObjectStore, Trace, account};
use crate::operations::list::Wanted;
use crate::refusal::Refusal;
use crate::{names, wire};

/// Lists objects by key, a page at a time.
pub async fn list_objects(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: ListObjectsInput,
) -> Result<ListObjectsOutput, Refusal> {
    let wanted = Arc::new(Wanted::new(
        &input.bucket,
        input.expected_bucket_owner,
        input.prefix,
        input.delimiter,
        input.max_keys,
        input.encoding_type.as_ref(),
    )?);
    let marker = names::listable("marker", input.marker.as_deref())?.to_owned();
    let query = Arc::clone(&wanted);
    let job = move |ctx: &Ctx<'_>| {
        let after = Some(marker.as_str()).filter(|marker| !marker.is_empty());
        Ok((query.objects(ctx, LIST_BUCKET, after)?, account(ctx)?.clone()))
    };
    let (page, account) = store.run(call, LIST_BUCKET, Trace::DataRead, job).await?;
    let owner = wire::owner(&account);
    // AWS: without a delimiter the last key is the marker, and is not repeated.
    let next = page.more_after.as_ref().filter(|_| wanted.delimiter.is_some());
    Ok(ListObjectsOutput {
        name: Some(input.bucket),
        prefix: Some(wanted.encoding.write(wanted.prefix.as_deref().unwrap_or_default())),
        marker: Some(wanted.encoding.write(input.marker.as_deref().unwrap_or_default())),
        max_keys: Some(wanted.size),
        is_truncated: Some(page.more_after.is_some()),
        next_marker: wanted.written(next.map(|(last, _)| last.as_str())),
        common_prefixes: wanted.common_prefixes(&page.common_prefixes),
        contents: Some(wanted.contents(page.entries, Some(&owner))),
        delimiter: wanted.written(wanted.delimiter.as_deref()),
        encoding_type: input.encoding_type,
        request_charged: None,
    })
}
