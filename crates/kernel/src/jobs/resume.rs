//! What a server does with unfinished jobs when it starts.

use model::{AuditEvent, Fault};
use store::job;

use super::runner::ATTEMPTS_MAX;
use crate::perform::retry;
use crate::{Ctx, Portico, RequestInfo};

/// Makes unfinished jobs due now: whoever claimed them may be dead, and its lease would only hold
/// them up. One that was tried often waits all the same, because it may be what ends the server.
pub fn resume(portico: &Portico) -> Result<(), Fault> {
    let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
    let ctx = Ctx::new(portico, &caller, &request);
    retry(|| make_due(&ctx))
}

fn make_due(ctx: &Ctx<'_>) -> Result<(), Fault> {
    let mut tx = ctx.begin(ctx.authorize("portico:ResumeJobs", "*")?)?;
    match job::make_due(&mut tx, ATTEMPTS_MAX)? {
        0 => Ok(()),
        count => tx.commit(&AuditEvent::new().answered("jobs", count)),
    }
}
