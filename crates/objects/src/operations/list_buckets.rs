//! S3 `ListBuckets`.

use std::sync::Arc;

use kernel::Ctx;
use protocol::paging;
use s3s::dto::{self, ListBucketsInput, ListBucketsOutput};
use store::bucket::{self, Which};

use crate::call::S3Call;
use crate::listing::{after_prefix, next_key};
use crate::object_store::{ObjectStore, Trace, account};
use crate::refusal::Refusal;
use crate::{names, wire};

const ACTION: &str = "s3:ListAllMyBuckets";

/// AWS: maximum number of buckets per account, and per page.
pub const BUCKETS_MAX: i32 = 10_000;

/// Lists the buckets of the caller's account.
pub async fn list_buckets(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: ListBucketsInput,
) -> Result<ListBucketsOutput, Refusal> {
    let size = input.max_buckets.unwrap_or(BUCKETS_MAX);
    if !(1..=BUCKETS_MAX).contains(&size) {
        return Err(Refusal::invalid("max-buckets must be between 1 and 10000."));
    }
    let token = input.continuation_token;
    let region = input.bucket_region.unwrap_or_default();
    if !region.is_empty() && !names::may_be_region(&region) {
        return Err(Refusal::invalid("bucket-region must be the name of a Region."));
    }
    let prefix = names::listable("prefix", input.prefix.as_deref())?.to_owned();
    let job = move |ctx: &Ctx<'_>| {
        let permit = ctx.authorize(ACTION, "*")?;
        let (account, key) = (account(ctx)?, &ctx.portico.paging_key);
        let query = format!("ListBuckets {account} {region} {prefix}");
        let from = match token.as_deref().filter(|token| !token.is_empty()) {
            None => prefix.clone(),
            Some(token) => match paging::decode(key, &query, token).as_deref() {
                Some([last]) => next_key(last),
                Some(_) | None => return Err(names::bad_token()),
            },
        };
        let below = after_prefix(&prefix);
        let limit = i64::from(size) + 1;
        let which = Which { region: &region, from: &from, below: &below };
        let mut buckets = bucket::list(&mut ctx.read(&permit)?, account, which, limit)?;
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let more = buckets.len() > size;
        buckets.truncate(size);
        let last = buckets.last().filter(|_| more);
        let token = last.map(|last| paging::encode(key, &query, &[last.name.as_str()]));
        Ok((buckets, token, account.clone()))
    };
    let (buckets, continuation_token, account) = store.run(call, ACTION, Trace::Read, job).await?;
    let shown = buckets.into_iter().map(|bucket| dto::Bucket {
        bucket_region: Some(bucket.region),
        creation_date: Some(wire::timestamp(bucket.created_at_ms)),
        name: Some(bucket.name.to_string()),
    });
    Ok(ListBucketsOutput {
        buckets: Some(shown.collect()),
        continuation_token,
        owner: Some(wire::owner(&account)),
        prefix: input.prefix,
    })
}
