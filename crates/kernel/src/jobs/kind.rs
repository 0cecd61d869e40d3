//! Kind of a job: its name, its payload and its function.

use model::ids::JobId;
use model::job::{Job, JobState};
use model::{AuditEvent, Fault};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Tx, job};

use super::require_room;
use crate::Ctx;

/// Kind of a job, with its payload type.
pub struct Kind<P> {
    /// Name of the kind in the database and in the log.
    pub name: &'static str,
    /// Action that Portico's own policy must allow before the job runs.
    action: &'static str,
    perform: fn(&Ctx<'_>, &mut Tx<'_>, &Attempt<'_, P>) -> Result<Progress, Fault>,
}

/// Parameters of a job, stored as JSON in the job's row.
pub trait Payload: Serialize + DeserializeOwned {
    /// Returns the ARN of the job's resource, or `*`.
    fn resource(&self) -> String;
}

/// Attempt at a job.
pub struct Attempt<'a, P> {
    pub job: &'a Job,
    pub payload: P,
}

/// Outcome of an attempt. The runner commits it together with the work.
pub enum Progress {
    /// The job is done.
    Ended(AuditEvent),
    /// One part of the job is done. Another transaction continues it.
    GoesOn(AuditEvent),
    /// The job has failed permanently. The status shows the reason.
    Failed(&'static str, AuditEvent),
}

/// Kind of a job without its payload type, for the runner.
pub trait Work: Sync {
    fn name(&self) -> &'static str;

    /// Runs the job, and ends or continues it in the same transaction.
    fn perform(&self, ctx: &Ctx<'_>, job: &Job) -> Result<(), Fault>;
}

impl<P: Payload> Kind<P> {
    #[must_use]
    pub const fn new(
        name: &'static str,
        action: &'static str,
        perform: fn(&Ctx<'_>, &mut Tx<'_>, &Attempt<'_, P>) -> Result<Progress, Fault>,
    ) -> Self {
        Self { name, action, perform }
    }

    /// Adds a job of this kind to the queue. Fails with `Busy` if the queue is full.
    pub fn queue(
        &self,
        ctx: &Ctx<'_>,
        tx: &mut Tx<'_>,
        owner_id: String,
        payload: &P,
    ) -> Result<Job, Fault> {
        let job = self.prepare(ctx, tx, owner_id, payload)?;
        job::insert(tx, &job)?;
        Ok(job)
    }

    /// Adds a job. Returns `None` if the owner has an unfinished job with the same subject.
    pub fn queue_alone(
        &self,
        ctx: &Ctx<'_>,
        tx: &mut Tx<'_>,
        owner_id: String,
        payload: &P,
        subject: &str,
    ) -> Result<Option<Job>, Fault> {
        let job = self.prepare(ctx, tx, owner_id, payload)?;
        Ok(job::insert_alone(tx, &job, subject)?.then_some(job))
    }

    fn prepare(
        &self,
        ctx: &Ctx<'_>,
        tx: &mut Tx<'_>,
        owner_id: String,
        payload: &P,
    ) -> Result<Job, Fault> {
        let id = JobId::random(&*ctx.portico.random);
        let payload = serde_json::to_string(payload);
        let payload = payload.map_err(|why| Fault::broken_at("writing a job's payload", why))?;
        let job = Job::new(owner_id, id, self.name, payload, tx.now_ms());
        require_room(tx, &job)?;
        Ok(job)
    }

    /// Reads the payload of a job of this kind from its row.
    pub fn payload(&self, job: &Job) -> Result<P, Fault> {
        serde_json::from_str(&job.payload)
            .map_err(|why| Fault::Broken(format!("reading the payload of job {}: {why}", job.id)))
    }
}

impl<P: Payload> Work for Kind<P> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn perform(&self, ctx: &Ctx<'_>, job: &Job) -> Result<(), Fault> {
        let attempt = Attempt { job, payload: self.payload(job)? };
        let permit = ctx.authorize(self.action, &attempt.payload.resource())?;
        let mut tx = ctx.begin(permit)?;
        let event = match (self.perform)(ctx, &mut tx, &attempt)? {
            Progress::Ended(event) => {
                job::finish(&mut tx, job, JobState::Succeeded, None)?;
                event
            }
            Progress::GoesOn(event) => {
                job::go_on(&mut tx, job)?;
                event
            }
            Progress::Failed(reason, event) => {
                job::finish(&mut tx, job, JobState::Failed, Some(reason))?;
                event
            }
        };
        tx.commit(&event)
    }
}
