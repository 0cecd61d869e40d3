//! The work behind `DeleteAccountAssignment`: take the assignment away, and with the last one of a
//! permission set in an account, the role.

use model::job::{Job, JobState};
use model::{AuditEvent, Fault};
use store::{account_assignment, job, role};

use super::assignment_payload;
use crate::Ctx;

pub(super) fn perform(ctx: &Ctx<'_>, job: &Job) -> Result<(), Fault> {
    let assignment = assignment_payload::read(job)?;
    let arn = assignment.permission_set_arn().to_string();
    let permit = ctx.authorize("sso:DeleteAccountAssignment", &arn)?;
    let mut tx = ctx.begin(permit)?;
    // If it is gone already, with its principal perhaps, then that is what was asked for.
    account_assignment::delete(&mut tx, &assignment)?;
    let is_last = role::delete_unassigned(
        &mut tx,
        &assignment.instance_id,
        &assignment.account_id,
        &assignment.permission_set_id,
    )?;
    job::finish(&mut tx, job, JobState::Succeeded, None)?;
    let event = AuditEvent::new()
        .asked("requestId", &job.id)
        .asked("targetId", &assignment.account_id)
        .asked("principalType", assignment.principal.kind())
        .asked("principalId", assignment.principal.id())
        .answered("roleDeleted", is_last);
    tx.commit(&event)
}
