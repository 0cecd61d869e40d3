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

use super::{Work, batch};
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
    small_kinds: Kinds,
}

impl Runner {
    /// Makes a runner of these kinds.
    #[must_use]
    pub fn new(jobs: &'static [&'static dyn Work]) -> Self {
        let small = jobs.iter().filter(|work| work.is_small());
        let small_kinds = Kinds::of(small.map(|work| work.name()));
        Self { jobs, kinds: Kinds::of(jobs.iter().map(|work| work.name())), small_kinds }
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

    /// Claims and runs what is due first: one job, or several small ones. Returns false if nothing is due.
    pub fn run_some(&self, portico: &Portico) -> Result<bool, Fault> {
        let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
        let ctx = Ctx::new(portico, &caller, &request);
        let jobs = retry(portico, || self.claim(&ctx))?;
        let is_any = !jobs.is_empty();
        // A job that failed among others is run by itself, which tells why.
        let left =
            if jobs.len() > 1 { batch::run(portico, jobs, |job| self.find(job)) } else { jobs };
        // The others are run even if the outcome of one could not be written.
        let outcomes: Vec<_> = left.iter().map(|job| self.run_alone(portico, job)).collect();
        outcomes.into_iter().collect::<Result<(), _>>()?;
        Ok(is_any)
    }

    /// Claims the job whose turn comes first, and if it is small others that are.
    fn claim(&self, ctx: &Ctx<'_>) -> Result<Vec<Job>, Fault> {
        let permit = ctx.authorize(CLAIM, "*")?;
        let due = job::next_due_ms(&mut ctx.read(&permit)?, &self.kinds)?;
        if due.is_none_or(|due_ms| due_ms > ctx.now_ms()) {
            return Ok(Vec::new());
        }
        let mut tx = ctx.portico.db.begin_claim(permit, ctx.stamp())?;
        let mut claimed = job::claim(&mut tx, &self.kinds, LEASE_MS, 1)?;
        let Some(first) = claimed.first() else { return Ok(Vec::new()) };
        if ctx.portico.db.has_snapshot_batches() && self.find(first).is_some_and(Work::is_small) {
            claimed.extend(job::claim(&mut tx, &self.small_kinds, LEASE_MS, batch::OTHERS_MAX)?);
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
        let outcome = match self.find(job) {
            // No earlier attempt ended, so the job may crash the server.
            _ if job.attempts > ATTEMPTS_MAX => Err(Fault::broken("no attempt came to an end")),
            None => Err(Fault::broken("a job of an unknown kind was claimed")),
            Some(work) => contained(|| retry(portico, || work.perform(&ctx, job))),
        };
        if let Err(fault) = outcome {
            tracing::warn!(?fault, "a job failed");
            retry(portico, || settle_failure(&ctx, job, &fault))?;
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

/// Puts the job off for longer and longer, or ends it: a fault of the request does not pass.
fn settle_failure(ctx: &Ctx<'_>, job: &Job, fault: &Fault) -> Result<(), Fault> {
    let permit = ctx.authorize("portico:SettleJob", "*")?;
    let mut tx = ctx.begin(permit)?;
    let passing =
        matches!(fault, Fault::Contended | Fault::Busy | Fault::Unavailable(_) | Fault::Broken(_));
    if passing && job.attempts < ATTEMPTS_MAX {
        let wait_ms = 1000 << job.attempts.clamp(0, 8);
        job::put_off(&mut tx, job, ctx.now_ms() + wait_ms)?;
    } else {
        job::finish(&mut tx, job, JobState::Failed, Some(&sentence(fault)))?;
    }
    tx.commit(&AuditEvent::new().asked("jobId", &job.id).answered("failure", sentence(fault)))
}
