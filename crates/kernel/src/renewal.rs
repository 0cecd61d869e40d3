//! Rewrites the stored copies of users that an older program wrote in another form.
//!
//! Lists do not wait for it: they build what an old copy cannot show from the user's columns.

use model::{AuditEvent, Fault};
use store::user;

use crate::perform::retry;
use crate::{Ctx, Portico, RequestInfo};

/// Maximum number of copies that one transaction rewrites, so that no writer waits long for it.
const BATCH: i64 = 500;

/// Maximum number of transactions in one run. What is left over waits for the next run.
const BATCHES_MAX: u32 = 200;

/// Rewrites old copies and returns how many there were.
pub fn renew_copies(portico: &Portico) -> Result<u64, Fault> {
    let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
    let ctx = Ctx::new(portico, &caller, &request);
    let mut total = 0;
    for _ in 0..BATCHES_MAX {
        let renewed = retry(|| renew_batch(&ctx))?;
        total += renewed;
        if renewed == 0 {
            break;
        }
    }
    Ok(total)
}

fn renew_batch(ctx: &Ctx<'_>) -> Result<u64, Fault> {
    let permit = ctx.authorize("portico:RenewUserCopies", "*")?;
    let mut tx = ctx.begin(permit)?;
    let renewed = user::renew_shown(&mut tx, BATCH)?;
    // A run that finds nothing leaves no event: dropping the transaction rolls nothing back.
    if renewed > 0 {
        tx.commit(&AuditEvent::new().answered("users", renewed))?;
    }
    Ok(renewed)
}
