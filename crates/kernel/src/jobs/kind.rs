//! Kind of a job: its name, its payload and its function.

use model::ids::JobId;
use model::job::{Job, JobState};
use model::{AuditEvent, Fault};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Read, Tx, job};

use super::Room;
use crate::Ctx;

/// Pause between two parts of a job, in which others write: about as long as a part takes.
pub const PAUSE_MS: i64 = 10;

/// Kind of a job, with its payload type.
pub struct Kind<P> {
    /// Name of the kind in the database and in the log.
    pub name: &'static str,
    /// Action that Portico's own policy must allow before the job runs.
    action: &'static str,
    perform: fn(&Ctx<'_>, &mut Tx<'_>, &Attempt<'_, P>) -> Result<Progress, Fault>,
    is_small: bool,
    is_tried_until_done: bool,
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
    /// The job is done, and nobody asks for its status, so its row goes.
    Removed(AuditEvent),
    /// One part of the job is done. Another transaction continues it after [`PAUSE_MS`].
    GoesOn(AuditEvent),
    /// The job has failed permanently. The status shows the reason.
    Failed(&'static str, AuditEvent),
}

/// Kind of a job without its payload type, for the runner.
pub trait Work: Sync {
    fn name(&self) -> &'static str;

    /// Tells whether several jobs of this kind may run in one transaction.
    fn is_small(&self) -> bool;

    /// Tells whether a job of this kind is tried again however often it failed.
    fn is_tried_until_done(&self) -> bool;

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
        Self { name, action, perform, is_small: false, is_tried_until_done: false }
    }

    /// Makes a kind whose jobs write a few rows each, so that several of them run in one transaction.
    ///
    /// INVARIANT: the function is right on a snapshot, or asks the store for what is not (decision 0031).
    #[must_use]
    pub const fn small(
        name: &'static str,
        action: &'static str,
        perform: fn(&Ctx<'_>, &mut Tx<'_>, &Attempt<'_, P>) -> Result<Progress, Fault>,
    ) -> Self {
        Self { name, action, perform, is_small: true, is_tried_until_done: false }
    }

    /// Makes a kind whose jobs are not given up: the answer said that the work is done, and no status could say that it failed.
    #[must_use]
    pub const fn tried_until_done(mut self) -> Self {
        self.is_tried_until_done = true;
        self
    }

    /// Finds room in the queue for a job of the caller. Fails with `Busy` if there is none.
    ///
    /// INVARIANT: `read` is on a snapshot, or ends before the transaction that adds the job.
    pub fn require_room(&self, ctx: &Ctx<'_>, read: &mut Read<'_>) -> Result<Room, Fault> {
        Room::find(ctx, read, self.name)
    }

    /// Adds a job of this kind to the queue.
    pub fn queue(
        &self,
        ctx: &Ctx<'_>,
        (tx, room): (&mut Tx<'_>, Room),
        owner_id: String,
        payload: &P,
    ) -> Result<Job, Fault> {
        let job = self.prepare(ctx, tx, owner_id, payload)?;
        job::insert(tx, &job, room.ahead)?;
        Ok(job)
    }

    /// Adds a job. Returns `None` if the owner has an unfinished job with the same subject.
    pub fn queue_alone(
        &self,
        ctx: &Ctx<'_>,
        (tx, room): (&mut Tx<'_>, Room),
        owner_id: String,
        payload: &P,
        subject: &str,
    ) -> Result<Option<Job>, Fault> {
        let job = self.prepare(ctx, tx, owner_id, payload)?;
        Ok(job::insert_alone(tx, &job, room.ahead, subject)?.then_some(job))
    }

    /// Adds a job that is done already: this transaction did its work.
    pub fn record_done(
        &self,
        ctx: &Ctx<'_>,
        tx: &mut Tx<'_>,
        owner_id: String,
        payload: &P,
    ) -> Result<Job, Fault> {
        let job = self.prepare(ctx, tx, owner_id, payload)?;
        let done = Job { state: JobState::Succeeded, ..job };
        job::insert(tx, &done, 0)?;
        Ok(done)
    }

    fn prepare(
        &self,
        ctx: &Ctx<'_>,
        tx: &Tx<'_>,
        owner_id: String,
        payload: &P,
    ) -> Result<Job, Fault> {
        let id = JobId::random(&*ctx.portico.random);
        let payload = serde_json::to_string(payload);
        let payload = payload.map_err(|why| Fault::broken_at("writing a job's payload", why))?;
        Ok(Job::new(owner_id, id, self.name, payload, tx.now_ms()))
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

    fn is_small(&self) -> bool {
        self.is_small
    }

    fn is_tried_until_done(&self) -> bool {
        self.is_tried_until_done
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
            Progress::Removed(event) => {
                job::remove(&mut tx, job)?;
                event
            }
            Progress::GoesOn(event) => {
                job::go_on(&mut tx, job, PAUSE_MS)?;
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
