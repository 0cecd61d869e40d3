//! The work behind `CreateAccountAssignment`: provision the permission set, then assign.

use model::job::{Job, JobState};
use model::{AuditEvent, Fault};
use store::{account, account_assignment, instance, job, permission_set};

use super::assignment_payload;
use super::provisioning::provision;
use crate::Ctx;

pub(super) fn perform(ctx: &Ctx<'_>, job: &Job) -> Result<(), Fault> {
    let mut assignment = assignment_payload::read(job)?;
    let arn = assignment.permission_set_arn();
    let permit = ctx.authorize("sso:CreateAccountAssignment", &arn.to_string())?;
    let mut tx = ctx.begin(permit)?;
    // Between the request and now, any of these may have gone.
    let instance = instance::require(&mut tx, &assignment.instance_id)?;
    let set = permission_set::require(&mut tx, &arn)?;
    account::require(&mut tx, &assignment.account_id)?;
    let store_id = &instance.identity_store_id;
    account_assignment::require_principal(&mut tx, store_id, &assignment.principal)?;

    let role = provision(ctx, &mut tx, &set, &assignment.account_id)?;
    assignment.created_at_ms = tx.now_ms();
    account_assignment::insert(&mut tx, &assignment)?;
    job::finish(&mut tx, job, JobState::Succeeded, None)?;
    let event = AuditEvent::new()
        .asked("requestId", &job.id)
        .asked("targetId", &assignment.account_id)
        .asked("principalType", assignment.principal.kind())
        .asked("principalId", assignment.principal.id())
        .answered("roleName", &role.name)
        .answered("permissionSetRevision", role.permission_set_revision);
    tx.commit(&event)
}
