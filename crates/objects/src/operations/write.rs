//! The last step of the operations that make objects, in one transaction.

use kernel::Ctx;
use model::bucket::BucketName;
use model::object::Object;
use model::{AuditEvent, Fault, ObjectsEntity};
use policy::Permit;
use store::{Tx, object};

use crate::blobs::NewBlob;
use crate::conditions::Conditions;
use crate::object_store::account;
use crate::refusal::Refusal;

/// Puts an object in place, if the preconditions hold for the existing one.
pub fn put(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    bucket: &BucketName,
    object: &Object,
    conditions: &Conditions,
) -> Result<(), Refusal> {
    let account = account(ctx)?;
    let before = object::find(tx, account, bucket, &object.key)?;
    check(conditions, before.as_ref(), &object.key)?;
    Ok(object::put(tx, account, bucket, object, before.as_ref())?)
}

/// Refuses a write whose preconditions do not hold for the existing object.
pub fn check(
    conditions: &Conditions,
    before: Option<&Object>,
    key: &model::object::ObjectKey,
) -> Result<(), Refusal> {
    // AWS: If-Match requires an existing object.
    if before.is_none() && conditions.require_object() {
        return Err(Fault::not_found(ObjectsEntity::Object, key).into());
    }
    if conditions.allow_write(before.map(|object| object.etag.as_str())) {
        return Ok(());
    }
    Err(Refusal::precondition_failed())
}

/// Refuses a write that could not be committed, before the body arrives.
pub fn check_early(
    ctx: &Ctx<'_>,
    permit: &Permit,
    bucket: &BucketName,
    key: &model::object::ObjectKey,
    conditions: &Conditions,
) -> Result<(), Refusal> {
    let (mut read, account) = (ctx.read(permit)?, account(ctx)?);
    store::bucket::require(&mut read, account, bucket)?;
    let before = object::find(&mut read, account, bucket, key)?;
    check(conditions, before.as_ref(), key)
}

/// Commits a row that names a new file.
// INVARIANT: the file is kept before the commit. When the outcome of the commit is unknown, a file
// without a row is better than a row without a file.
pub fn commit(tx: Tx<'_>, event: &AuditEvent, blob: &mut NewBlob) -> Result<(), Refusal> {
    blob.keep(true);
    let committed = tx.commit(event);
    if committed == Err(Fault::Contended) {
        blob.keep(false);
    }
    Ok(committed?)
}
