//! S3 `ListObjectsV2`.

use std::sync::Arc;

use kernel::Ctx;
use protocol::paging;
use s3s::dto::{ListObjectsV2Input, ListObjectsV2Output};

use crate::actions::LIST_BUCKET;
use crate::call::S3Call;
use crate::object_store::{ObjectStore, Trace, account};
use crate::operations::list::Wanted;
use crate::refusal::Refusal;
use crate::{names, wire};

/// Lists objects by key, a page at a time.
pub async fn list_objects_v2(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: ListObjectsV2Input,
) -> Result<ListObjectsV2Output, Refusal> {
    let wanted = Arc::new(Wanted::new(
        &input.bucket,
        input.expected_bucket_owner,
        input.prefix,
        input.delimiter,
        input.max_keys,
        input.encoding_type.as_ref(),
    )?);
    let start_after = names::listable("start-after", input.start_after.as_deref())?.to_owned();
    let (query, token) = (Arc::clone(&wanted), input.continuation_token.clone());
    let job = move |ctx: &Ctx<'_>| {
        let (identity, key) = (query.identity(ctx), &ctx.portico.paging_key);
        // AWS: a token takes precedence over start-after. An empty one is none.
        let after = match token.as_deref().filter(|token| !token.is_empty()) {
            None => Some(start_after.clone()).filter(|after| !after.is_empty()),
            Some(token) => match paging::decode(key, &identity, token).as_deref() {
                Some([after]) => Some(after.clone()),
                Some(_) | None => return Err(names::bad_token()),
            },
        };
        let page = query.objects(ctx, LIST_BUCKET, after.as_deref())?;
        let next = page.more_after.as_ref();
        let next = next.map(|(last, _)| paging::encode(key, &identity, &[last.as_str()]));
        Ok((page, next, account(ctx)?.clone()))
    };
    let (page, next, account) = store.run(call, LIST_BUCKET, Trace::DataRead, job).await?;
    let shown = page.entries.len() + page.common_prefixes.len();
    let owner = (input.fetch_owner == Some(true)).then(|| wire::owner(&account));
    Ok(ListObjectsV2Output {
        name: Some(input.bucket),
        prefix: Some(wanted.encoding.write(wanted.prefix.as_deref().unwrap_or_default())),
        max_keys: Some(wanted.size),
        key_count: i32::try_from(shown).ok(),
        continuation_token: input.continuation_token,
        is_truncated: Some(next.is_some()),
        next_continuation_token: next,
        common_prefixes: wanted.common_prefixes(&page.common_prefixes),
        contents: Some(wanted.contents(page.entries, owner.as_ref())),
        delimiter: wanted.written(wanted.delimiter.as_deref()),
        encoding_type: input.encoding_type,
        start_after: wanted.written(input.start_after.as_deref()),
        request_charged: None,
    })
}
