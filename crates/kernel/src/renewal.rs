//! Renewal of stored copies of users that another version of the program wrote.
//!
//! Lists do not wait for the renewal: they build the reply of an outdated copy from the user's
//! columns.

use model::{AuditEvent, Fault};
use store::user;

use crate::perform::retry;
use crate::{Ctx, Portico, RequestInfo};

/// Maximum number of copies per transaction, so that no writer waits long.
const BATCH: i64 = 500;

/// Maximum number of transactions per run. The next run continues with the rest.
const BATCHES_MAX: u32 = 200;

/// Rewrites outdated copies and returns their number.
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
    // A run without outdated copies leaves no event. The dropped transaction has nothing to roll
    // back.
    if renewed > 0 {
        tx.commit(&AuditEvent::new().answered("users", renewed))?;
    }
    Ok(renewed)
}
