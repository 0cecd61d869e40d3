//! The worker that claims jobs and does them, one at a time. Any number may run, on any node.

use std::time::Duration;

use model::job::{Job, JobKind, JobState};
use model::{AuditEvent, Fault};
use protocol::sentence;
use store::job;

use crate::dispatch::call;
use crate::unwinding::contained;
use crate::{Ctx, Portico, RequestInfo};

/// How long a claim is good. A job that takes longer must do its work in parts.
pub(super) const LEASE_MS: i64 = 60_000;

/// After this many attempts a job has failed for good.
pub(super) const ATTEMPTS_MAX: i64 = 8;

/// The longest wait without a look, in case a notice of another node was lost.
const PATIENCE: Duration = Duration::from_secs(30);

/// Does jobs until `stop` says so. Wake it with `portico.db.signals().job_added()`.
pub fn run(portico: &Portico, stop: &dyn Fn() -> bool) {
    while !stop() {
        let seen = portico.db.signals().jobs();
        match contained(|| run_one(portico)) {
            Ok(true) => {}
            Ok(false) => {
                let patience = patience(portico).unwrap_or(PATIENCE);
                portico.db.signals().wait_for_jobs(seen, patience);
            }
            Err(fault) => {
                tracing::error!(?fault, "a job could not be claimed or put off");
                portico.db.signals().wait_for_jobs(seen, Duration::from_secs(1));
            }
        }
    }
}

/// Claims and does one job, if one is due.
pub fn run_one(portico: &Portico) -> Result<bool, Fault> {
    run_one_by(portico, perform)
}

/// The same, with the work as `perform` does it.
pub(super) fn run_one_by(
    portico: &Portico,
    perform: fn(&Ctx<'_>, &Job) -> Result<(), Fault>,
) -> Result<bool, Fault> {
    let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
    let ctx = Ctx::new(portico, &caller, &request);
    let Some(job) = call(&ctx, &(), claim)? else { return Ok(false) };
    let outcome = if job.attempts > ATTEMPTS_MAX {
        // Nobody lived to settle the last attempt: it may be the job that ends servers.
        Err(Fault::broken("no attempt came to an end"))
    } else {
        contained(|| call(&ctx, &job, perform))
    };
    if let Err(fault) = outcome {
        tracing::warn!(?fault, job = %job.id, kind = job.kind.as_str(), "a job failed");
        call(&ctx, &(job, fault), settle_failure)?;
    }
    Ok(true)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "`call` lends every operation its request")]
fn claim(ctx: &Ctx<'_>, (): &()) -> Result<Option<Job>, Fault> {
    let permit = ctx.authorize("portico:ClaimJob", "*")?;
    let due = job::next_due_ms(&mut ctx.read(&permit)?)?;
    if due.is_none_or(|due_ms| due_ms > ctx.now_ms()) {
        return Ok(None);
    }
    let mut tx = ctx.begin(permit)?;
    let Some(claimed) = job::claim(&mut tx, LEASE_MS)? else { return Ok(None) };
    let event = AuditEvent::new()
        .asked("jobId", &claimed.id)
        .asked("kind", claimed.kind.as_str())
        .asked("attempt", claimed.attempts);
    tx.commit(&event)?;
    Ok(Some(claimed))
}

pub(super) fn perform(ctx: &Ctx<'_>, job: &Job) -> Result<(), Fault> {
    match job.kind {
        JobKind::CreateAccount => super::create_account::perform(ctx, job),
        JobKind::CreateAccountAssignment => super::create_account_assignment::perform(ctx, job),
        JobKind::DeleteAccountAssignment => super::delete_account_assignment::perform(ctx, job),
        JobKind::ProvisionPermissionSet => super::provision_permission_set::perform(ctx, job),
        JobKind::DeleteInstance => super::delete_instance::perform(ctx, job),
    }
}

/// Puts the job off for longer and longer, or ends it: what the request got wrong stays wrong.
fn settle_failure(ctx: &Ctx<'_>, (job, fault): &(Job, Fault)) -> Result<(), Fault> {
    let permit = ctx.authorize("portico:SettleJob", "*")?;
    let mut tx = ctx.begin(permit)?;
    let passing = matches!(fault, Fault::Contended | Fault::Busy | Fault::Broken(_));
    if passing && job.attempts < ATTEMPTS_MAX {
        let wait_ms = 1000 << job.attempts.clamp(0, 8);
        job::put_off(&mut tx, job, ctx.now_ms() + wait_ms)?;
    } else {
        job::finish(&mut tx, job, JobState::Failed, Some(&sentence(fault)))?;
    }
    tx.commit(&AuditEvent::new().asked("jobId", &job.id).answered("failure", sentence(fault)))
}

fn patience(portico: &Portico) -> Option<Duration> {
    let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
    let ctx = Ctx::new(portico, &caller, &request);
    let permit = ctx.authorize("portico:ClaimJob", "*").ok()?;
    let due_ms = job::next_due_ms(&mut ctx.read(&permit).ok()?).ok()??;
    let wait_ms = u64::try_from(due_ms - ctx.now_ms()).unwrap_or(0);
    Some(Duration::from_millis(wait_ms.max(1)).min(PATIENCE))
}
