//! Resumption of unfinished jobs when a server starts.

use model::{AuditEvent, Fault};
use store::job;

use super::runner::ATTEMPTS_MAX;
use crate::perform::retry;
use crate::{Ctx, Portico, RequestInfo};

/// Makes unfinished jobs due now, because the workers that claimed them may be dead and their
/// leases would delay the jobs. A job with the maximum number of attempts is not resumed, because
/// it may be the cause of the crash.
pub fn resume(portico: &Portico) -> Result<(), Fault> {
    let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
    let ctx = Ctx::new(portico, &caller, &request);
    retry(portico, || make_due(&ctx))
}

fn make_due(ctx: &Ctx<'_>) -> Result<(), Fault> {
    let mut tx = ctx.begin(ctx.authorize("portico:ResumeJobs", "*")?)?;
    match job::make_due(&mut tx, ATTEMPTS_MAX)? {
        0 => Ok(()),
        count => tx.commit(&AuditEvent::new().answered("jobs", count)),
    }
}
