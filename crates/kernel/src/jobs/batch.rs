//! Several small jobs in one transaction, which costs one wait for the disk.
//!
//! The transaction holds the rows of its jobs instead of a claim with a lease: a node that dies gives them back at once.

use model::job::Job;
use model::{AuditEvent, Fault};
use store::WriteBatch;
use store::job::{self, Kinds};

use super::Work;
use crate::unwinding::contained;
use crate::{Ctx, Portico, RequestInfo};

/// Maximum number of jobs of a batch. On SQLite nobody else writes during a batch.
const JOBS_MAX: i64 = 16;

/// What became of a batch.
pub(super) enum Batch {
    NothingIsDue,
    AllDone,
    /// This number of jobs, whose turn comes first, is to be claimed and run each by itself: a job that is not for a
    /// batch, or those that were not kept.
    Left(i64),
}

/// Runs the due jobs whose turn comes first in one transaction, as long as they are `fit` for it.
pub(super) fn run(
    portico: &Portico,
    kinds: &Kinds,
    fit: impl Fn(&Job) -> Option<&'static dyn Work>,
) -> Result<Batch, Fault> {
    let Some(batch) = portico.db.snapshot_batch()? else { return Ok(Batch::Left(1)) };
    let due = within(portico, &batch, |ctx| {
        let mut tx = ctx.begin(ctx.authorize("portico:HoldJobs", "*")?)?;
        let due = job::hold(&mut tx, kinds, JOBS_MAX)?;
        tx.commit(&AuditEvent::new().if_recorded(false)).map(|()| due)
    })?;
    let fit: Vec<_> = due.iter().map_while(|job| Some((job, fit(job)?))).collect();
    let undone = fit.iter().filter(|(job, work)| !is_done(portico, &batch, *work, job)).count();
    // INVARIANT: the batch is ended, not dropped. On SQLite others may have a part in its transaction.
    let left = if batch.wait().is_ok() { undone } else { fit.len() };
    Ok(match (due.len(), fit.len(), left) {
        (0, ..) => Batch::NothingIsDue,
        (_, 0, _) => Batch::Left(1),
        (.., 0) => Batch::AllDone,
        (.., left) => Batch::Left(i64::try_from(left).unwrap_or(JOBS_MAX)),
    })
}

fn is_done(portico: &Portico, batch: &WriteBatch<'_>, work: &dyn Work, job: &Job) -> bool {
    let outcome = within(portico, batch, |ctx| {
        let id = &ctx.request.id;
        let span = tracing::info_span!("job", request_id = %id, job = %job.id, kind = job.kind);
        span.in_scope(|| contained(|| work.perform(ctx, job)))
    });
    outcome.is_ok()
}

fn within<T>(
    portico: &Portico,
    batch: &WriteBatch<'_>,
    work: impl FnOnce(&Ctx<'_>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
    work(&Ctx::new(portico, &caller, &request).within(batch))
}
