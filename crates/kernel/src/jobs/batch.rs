//! Several small jobs in one transaction, which costs one wait for the disk.

use model::Fault;
use model::job::Job;
use store::WriteBatch;

use super::Work;
use crate::unwinding::contained;
use crate::{Ctx, Portico, RequestInfo};

/// Maximum number of jobs of a batch beside the first. On SQLite nobody else writes during a batch.
pub(super) const OTHERS_MAX: i64 = 15;

/// Runs claimed jobs in one transaction. Returns those that are to be run by themselves: all of them if the transaction
/// was not kept, or those that failed in it.
pub(super) fn run(
    portico: &Portico,
    jobs: Vec<Job>,
    find: impl Fn(&Job) -> Option<&'static dyn Work>,
) -> Vec<Job> {
    let Ok(Some(batch)) = portico.db.snapshot_batch() else { return jobs };
    let is_done: Vec<bool> = jobs
        .iter()
        .map(|job| find(job).is_some_and(|work| perform(portico, &batch, work, job).is_ok()))
        .collect();
    if batch.wait().is_err() {
        return jobs;
    }
    jobs.into_iter().zip(is_done).filter_map(|(job, is_done)| (!is_done).then_some(job)).collect()
}

fn perform(
    portico: &Portico,
    batch: &WriteBatch<'_>,
    work: &dyn Work,
    job: &Job,
) -> Result<(), Fault> {
    let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
    let ctx = Ctx::new(portico, &caller, &request).within(batch);
    let span = tracing::info_span!("job", request_id = %request.id, job = %job.id, kind = job.kind);
    span.in_scope(|| contained(|| work.perform(&ctx, job)))
}
