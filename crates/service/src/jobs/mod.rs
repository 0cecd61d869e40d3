//! Long work: what is claimed, done and ended, one file per kind of job.
//!
//! INVARIANT: a job's work and its end are one transaction, so it is done once, whatever dies when.

pub(crate) mod assignment_payload;
pub mod create_account;
mod create_account_assignment;
mod delete_account_assignment;
pub(crate) mod delete_instance;
pub(crate) mod provision_permission_set;
mod provisioning;
pub mod resume;
pub mod runner;
#[cfg(test)]
mod tests;

use model::Fault;
use model::ids::JobId;
use model::job::Job;
use protocol::{Fields, FromFields};
use store::{Tx, job};

use crate::Ctx;

/// So many jobs of one owner and kind may wait.
// AWS: 15 outstanding assignments. What has to be bounded here is the queue.
const WAITING_MAX: i64 = 1000;

/// A fresh id for a job.
pub(crate) fn id(ctx: &Ctx<'_>) -> JobId {
    JobId::random(&*ctx.portico.random)
}

/// Adds a job to the queue, unless too many wait.
pub(crate) fn queue(tx: &mut Tx<'_>, job: &Job) -> Result<(), Fault> {
    require_room(tx, job)?;
    job::insert(tx, job)
}

/// The same, for a job about something that no other unfinished job may be about.
pub(crate) fn queue_alone(tx: &mut Tx<'_>, job: &Job, subject: &str) -> Result<bool, Fault> {
    require_room(tx, job)?;
    job::insert_alone(tx, job, subject)
}

fn require_room(tx: &mut Tx<'_>, job: &Job) -> Result<(), Fault> {
    let waiting = job::count_unfinished(tx, &job.owner_id, job.kind, WAITING_MAX)?;
    if waiting < WAITING_MAX { Ok(()) } else { Err(Fault::Busy) }
}

/// What the job has to work with.
pub(crate) fn payload<T: FromFields>(job: &Job) -> Result<T, Fault> {
    Fields::from_json(job.payload.as_bytes())
        .and_then(|fields| T::from_fields(&fields))
        .map_err(|fault| Fault::Broken(format!("the payload of job {}: {fault:?}", job.id)))
}
