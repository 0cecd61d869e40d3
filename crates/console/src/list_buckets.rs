//! Console, the buckets of the account, under the permission of S3's `ListBuckets`.

use kernel::page::Page;
use kernel::{Ctx, Operation};
use model::Fault;
use model::bucket::Bucket;
use store::bucket::{self, Which};

pub const OPERATION: Operation<ListBucketsRequest, ListBucketsReply> =
    Operation::reads("Console.ListBuckets", "s3:ListAllMyBuckets", list_buckets);

/// Sorts after every name that a bucket can have.
const END_OF_NAMES: &str = "~";

#[derive(Debug)]
pub struct ListBucketsRequest {
    pub page: Page,
}

#[derive(Debug)]
pub struct ListBucketsReply {
    pub buckets: Vec<Bucket>,
    pub next_token: Option<String>,
}

/// Lists a page of the buckets of the caller's account by name.
pub fn list_buckets(
    ctx: &Ctx<'_>,
    request: &ListBucketsRequest,
) -> Result<ListBucketsReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, "*")?;
    let account_id = ctx.caller.account_id().ok_or(Fault::Unsigned)?;
    let mut read = ctx.read(&permit)?;
    let rows = |[after]: [String; 1], limit| {
        // `!` sorts above the name itself and below every name that continues it.
        let from = if after.is_empty() { after } else { after + "!" };
        let which = Which { region: "", from: &from, below: END_OF_NAMES };
        bucket::list(&mut read, account_id, which, limit)
    };
    let key = |bucket: &Bucket| [bucket.name.to_string()];
    let page = request.page.read(ctx, &OPERATION, &[account_id], [""], rows, key)?;
    Ok(ListBucketsReply { buckets: page.rows, next_token: page.next_token })
}
