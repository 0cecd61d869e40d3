//! S3 `DeleteBucket`.

use std::sync::Arc;

use kernel::Ctx;
use model::bucket::BucketName;
use model::ids::AccountId;
use model::{AuditEvent, Fault};
use s3s::dto::{DeleteBucketInput, DeleteBucketOutput};
use store::multipart::{self, Cursor};
use store::{Tx, bucket, removed_upload};

use crate::call::S3Call;
use crate::listing::after_prefix;
use crate::names;
use crate::object_store::{ObjectStore, Trace, account};
use crate::refusal::Refusal;

const ACTION: &str = "s3:DeleteBucket";

/// Maximum number of uploads that end, and parts that go, in one transaction.
const ROWS_AT_ONCE: i64 = 100;

/// Removes a bucket without objects. Uploads under way end with it, a number at a time: a removal that is cut off leaves a
/// bucket with fewer uploads.
pub async fn delete_bucket(
    store: &ObjectStore,
    call: &Arc<S3Call>,
    input: DeleteBucketInput,
) -> Result<DeleteBucketOutput, Refusal> {
    let name = names::bucket(&input.bucket)?;
    let owner = input.expected_bucket_owner;
    loop {
        let (name, owner) = (name.clone(), owner.clone());
        let job = move |ctx: &Ctx<'_>| {
            let permit = ctx.authorize(ACTION, &name.arn())?;
            names::check_owner(ctx, owner.as_deref())?;
            let (mut tx, account) = (ctx.begin(permit)?, account(ctx)?);
            bucket::require(&mut tx, account, &name)?;
            bucket::require_empty(&mut tx, account, &name)?;
            let event = AuditEvent::new().asked("bucketName", &name);
            let left = end_some(&mut tx, account, &name)?;
            if left == Left::Nothing {
                bucket::delete(&mut tx, account, &name)?;
            }
            tx.commit(&if left == Left::Some { event.answered("goesOn", true) } else { event })?;
            Ok(left)
        };
        if store.run(call, ACTION, Trace::Written, job).await? == Left::Nothing {
            return Ok(DeleteBucketOutput {});
        }
    }
}

/// What may be left below a bucket.
#[derive(Eq, PartialEq)]
enum Left {
    Nothing,
    Some,
}

/// Ends uploads, and deletes the parts of those that ended, a bounded number of both.
fn end_some(tx: &mut Tx<'_>, account: &AccountId, name: &BucketName) -> Result<Left, Fault> {
    let from = Cursor { key: "", after_id: "" };
    let uploads = multipart::list(tx, account, name, from, &after_prefix(""), ROWS_AT_ONCE)?;
    let mut room = ROWS_AT_ONCE;
    for upload in &uploads {
        multipart::remove(tx, account, name, &upload.key, &upload.id)?;
        room -= 1;
    }
    while room > 0 {
        let Some(removed) = removed_upload::find_in_bucket(tx, account, name)? else {
            return Ok(Left::Nothing);
        };
        let parts = removed_upload::delete_parts(tx, &removed, room)?;
        room -= i64::try_from(parts).unwrap_or(room).max(1);
    }
    Ok(Left::Some)
}
