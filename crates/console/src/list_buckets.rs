//! Console, the buckets of the account: S3's `ListBuckets`, by the same permission.

use kernel::page::Page;
use kernel::{Ctx, Operation};
use model::Fault;
use model::bucket::Bucket;
use protocol::{Fields, FromFields};
use store::bucket;

pub const OPERATION: Operation<ListBucketsRequest, ListBucketsReply> =
    Operation::reads("Console.ListBuckets", "s3:ListAllMyBuckets", list_buckets);

/// Above every name that a bucket can have.
const END_OF_NAMES: &str = "~";

#[derive(Debug)]
pub struct ListBucketsRequest {
    pub page: Page,
}

impl FromFields for ListBucketsRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { page: Page::from_named(fields, "size", "next")? })
    }
}

#[derive(Debug)]
pub struct ListBucketsReply {
    pub buckets: Vec<Bucket>,
    pub next_token: Option<String>,
}

/// A page of the buckets of the caller's account, by name.
pub fn list_buckets(
    ctx: &Ctx<'_>,
    request: &ListBucketsRequest,
) -> Result<ListBucketsReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, "*")?;
    let account_id = ctx.caller.account_id().ok_or(Fault::Unsigned)?;
    let query = format!("console.ListBuckets {account_id}");
    let [after] = request.page.after(ctx, &query, [""])?;
    // Below every name that goes on after this one, and above it.
    let from = if after.is_empty() { after } else { after + "!" };
    let mut read = ctx.read(&permit)?;
    let limit = request.page.limit();
    let rows = bucket::list(&mut read, account_id, &from, END_OF_NAMES, limit)?;
    let page = request.page.of(ctx, &query, rows, |bucket| [bucket.name.to_string()]);
    Ok(ListBucketsReply { buckets: page.rows, next_token: page.next_token })
}
