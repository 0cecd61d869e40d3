//! Worker that claims jobs and runs them, small ones several at a time. Each node may run any number of workers.
//!
//! INVARIANT: a worker claims only jobs of the kinds that it knows. During a rolling upgrade each
//! node leaves jobs of unknown kinds to other nodes and continues with the rest.

use std::collections::BTreeSet;
use std::time::Duration;

use model::job::{Job, JobState};
use model::{AuditEvent, Fault};
use protocol::sentence;
use store::job::{self, Kinds};

use super::Work;
use super::batch::{self, Batch};
use crate::perform::retry;
use crate::unwinding::contained;
use crate::{Ctx, Portico, RequestInfo};

/// Duration of a claim. A longer job must do its work in parts.
pub const LEASE_MS: i64 = 60_000;

/// Number of attempts after which a job has failed permanently.
pub const ATTEMPTS_MAX: i64 = 8;

/// Maximum time between two polls of the queue, in case a notification of another node was lost.
const PATIENCE: Duration = Duration::from_secs(30);

const CLAIM: &str = "portico:ClaimJob";

/// Kinds of jobs that a node runs.
pub struct Runner {
    jobs: &'static [&'static dyn Work],
    kinds: Kinds,
    /// Jobs of earlier are run one at a time. One of them may be the reason why the server was started again.
    since_ms: i64,
}

impl Runner {
    /// Makes a runner of these kinds, which begins to run at `since_ms`.
    #[must_use]
    pub fn new(jobs: &'static [&'static dyn Work], since_ms: i64) -> Self {
        Self { jobs, kinds: Kinds::of(jobs.iter().map(|work| work.name())), since_ms }
    }

    /// Runs jobs until `stop` returns true. `portico.db.signals().job_added()` wakes it.
    pub fn run(&self, portico: &Portico, stop: &dyn Fn() -> bool) {
        while !stop() {
            let seen = portico.db.signals().jobs();
            match contained(|| self.run_some(portico)) {
                Ok(true) => {}
                Ok(false) => {
                    let patience = self.patience(portico).unwrap_or(PATIENCE);
                    portico.db.signals().wait_for_jobs(seen, patience);
                }
                Err(fault) => {
                    // The store tells of an outage, once.
                    if !matches!(fault, Fault::Unavailable(_)) {
                        tracing::error!(?fault, "a job could not be claimed or put off");
                    }
                    portico.db.signals().wait_for_jobs(seen, Duration::from_secs(1));
                }
            }
        }
    }

    /// Runs what is due first: several small jobs, or one. Returns false if nothing is due.
    pub fn run_some(&self, portico: &Portico) -> Result<bool, Fault> {
        // Where nodes share a database, the look itself takes as long as holding what is due.
        if !portico.db.may_be_shared() && !self.is_any_due(portico)? {
            return Ok(false);
        }
        let fit = |job: &Job| self.find(job).filter(|work| self.is_fit(*work, job));
        match retry(portico, || batch::run(portico, &self.kinds, fit))? {
            Batch::NothingIsDue => Ok(false),
            Batch::AllDone => Ok(true),
            Batch::Left(count) => self.run_each_alone(portico, count),
        }
    }

    fn is_any_due(&self, portico: &Portico) -> Result<bool, Fault> {
        let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
        let ctx = Ctx::new(portico, &caller, &request);
        let permit = ctx.authorize(CLAIM, "*")?;
        let due_ms = job::next_due_ms(&mut ctx.read(&permit)?, &self.kinds)?;
        Ok(due_ms.is_some_and(|due_ms| due_ms <= ctx.now_ms()))
    }

    /// Tells whether a job may run with others in one transaction. What ends the server there would not be counted as
    /// an attempt.
    fn is_fit(&self, work: &dyn Work, job: &Job) -> bool {
        work.is_small() && job.attempts == 0 && job.created_at_ms >= self.since_ms
    }

    /// Claims and runs this number of due jobs.
    fn run_each_alone(&self, portico: &Portico, count: i64) -> Result<bool, Fault> {
        let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
        let ctx = Ctx::new(portico, &caller, &request);
        let jobs = retry(portico, || self.claim(&ctx, count))?;
        // The others are run even if the outcome of one could not be written.
        let outcomes: Vec<_> = jobs.iter().map(|job| self.run_alone(portico, job)).collect();
        outcomes.into_iter().collect::<Result<(), _>>()?;
        Ok(!jobs.is_empty())
    }

    /// Claims up to `count` jobs whose turn comes first.
    fn claim(&self, ctx: &Ctx<'_>, count: i64) -> Result<Vec<Job>, Fault> {
        let permit = ctx.authorize(CLAIM, "*")?;
        let mut tx = ctx.portico.db.begin_claim(permit, ctx.stamp())?;
        let claimed = job::claim(&mut tx, &self.kinds, LEASE_MS, count)?;
        if claimed.is_empty() {
            return Ok(claimed);
        }
        let event = AuditEvent::new()
            .asked_list("jobIds", claimed.iter().map(|job| &job.id))
            .asked_list("kinds", claimed.iter().map(|job| &job.kind).collect::<BTreeSet<_>>());
        tx.commit(&event)?;
        Ok(claimed)
    }

    fn find(&self, job: &Job) -> Option<&'static dyn Work> {
        self.jobs.iter().copied().find(|work| work.name() == job.kind)
    }

    fn run_alone(&self, portico: &Portico, job: &Job) -> Result<(), Fault> {
        let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
        let ctx = Ctx::new(portico, &caller, &request);
        let span =
            tracing::info_span!("job", request_id = %request.id, job = %job.id, kind = job.kind);
        let _entered = span.enter();
        let work = self.find(job);
        let may_fail = !work.is_some_and(Work::is_tried_until_done);
        let outcome = match work {
            // No earlier attempt ended, so the job may crash the server.
            _ if may_fail && job.attempts > ATTEMPTS_MAX => {
                Err(Fault::broken("no attempt came to an end"))
            }
            None => Err(Fault::broken("a job of an unknown kind was claimed")),
            Some(work) => contained(|| retry(portico, || work.perform(&ctx, job))),
        };
        if let Err(fault) = outcome {
            tracing::warn!(?fault, "a job failed");
            retry(portico, || settle_failure(&ctx, job, (&fault, may_fail)))?;
        }
        Ok(())
    }

    fn patience(&self, portico: &Portico) -> Option<Duration> {
        let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
        let ctx = Ctx::new(portico, &caller, &request);
        let permit = ctx.authorize(CLAIM, "*").ok()?;
        let due_ms = job::next_due_ms(&mut ctx.read(&permit).ok()?, &self.kinds).ok()??;
        let wait_ms = u64::try_from(due_ms - ctx.now_ms()).unwrap_or(0);
        Some(Duration::from_millis(wait_ms.max(1)).min(PATIENCE))
    }
}

/// Puts the job off for longer and longer, or ends it if it may fail: a fault of the request does not pass.
fn settle_failure(
    ctx: &Ctx<'_>,
    job: &Job,
    (fault, may_fail): (&Fault, bool),
) -> Result<(), Fault> {
    let permit = ctx.authorize("portico:SettleJob", "*")?;
    let mut tx = ctx.begin(permit)?;
    let passing =
        matches!(fault, Fault::Contended | Fault::Busy | Fault::Unavailable(_) | Fault::Broken(_));
    if !may_fail || (passing && job.attempts < ATTEMPTS_MAX) {
        let wait_ms = 1000 << job.attempts.clamp(0, 8);
        job::put_off(&mut tx, job, ctx.now_ms() + wait_ms)?;
    } else {
        job::finish(&mut tx, job, JobState::Failed, Some(&sentence(fault)))?;
    }
    tx.commit(&AuditEvent::new().asked("jobId", &job.id).answered("failure", sentence(fault)))
}
