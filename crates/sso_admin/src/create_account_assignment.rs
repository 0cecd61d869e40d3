//! IAM Identity Center, `CreateAccountAssignment`: the request, and the job that provisions the
//! permission set first where that is to be done.

use kernel::jobs::{Attempt, Kind, Progress};
use kernel::strength::ASSIGN;
use kernel::{Ctx, Operation};
use model::{AuditEvent, Fault};
use serde::Serialize;
use store::{
    Tx, account, account_assignment, assigned_principal, instance, permission_set, ready_role,
};

use super::access::{require_organization_instance, require_permission_set_of};
use super::assignment_payload::{AssignmentPayload, queue};
use super::assignment_request::AssignmentRequest;
use super::assignment_status::AssignmentStatus;
use super::provisioning::provision;

pub const OPERATION: Operation<AssignmentRequest, CreateAccountAssignmentReply> = Operation::writes(
    "SWBExternalService.CreateAccountAssignment",
    ASSIGN,
    create_account_assignment,
);

/// Job that creates the assignment.
pub const JOB: Kind<AssignmentPayload> =
    Kind::small("CREATE_ACCOUNT_ASSIGNMENT", OPERATION.action, make_assignment);

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateAccountAssignmentReply {
    pub account_assignment_creation_status: AssignmentStatus,
}

/// Assigns a user or group to an account with a permission set. Where the account has the permission set as it is now, the
/// assignment is made at once. Elsewhere a job provisions the permission set first.
pub fn create_account_assignment(
    ctx: &Ctx<'_>,
    request: &AssignmentRequest,
) -> Result<CreateAccountAssignmentReply, Fault> {
    let permit = ctx.authorize_all(OPERATION.action, &request.resources())?;
    let mut tx = ctx.begin_on_snapshot(permit)?;
    let instance = require_organization_instance(&mut tx, &request.instance_id)?;
    require_permission_set_of(&mut tx, &instance, &request.permission_set_arn)?;
    account::require(&mut tx, &request.account_id)?;
    assigned_principal::hold(&mut tx, &instance.identity_store_id, &request.principal)?;

    let payload = AssignmentPayload::from(request);
    let event = AuditEvent::new()
        .asked("permissionSetArn", &request.permission_set_arn)
        .asked("targetId", &request.account_id)
        .asked("principalType", request.principal.kind())
        .asked("principalId", request.principal.id());
    let assignment = payload.assignment(tx.now_ms());
    let ready = ready_role::find(&mut tx, &assignment, &payload.subject())?;
    let (job, event) = if let Some(role) = ready {
        let job = JOB.record_done(ctx, &mut tx, instance.id.to_string(), &payload)?;
        account_assignment::insert(&mut tx, &assignment, &job.id)?;
        let event = event
            .answered("roleName", &role.name)
            .answered("permissionSetRevision", role.permission_set_revision);
        (job, event)
    } else {
        let room = JOB.require_room(ctx, &mut tx)?;
        (queue(ctx, (&mut tx, room), &JOB, &payload)?, event)
    };
    tx.commit(&event.answered("requestId", &job.id))?;
    let account_assignment_creation_status = AssignmentStatus::new(&job, &payload);
    Ok(CreateAccountAssignmentReply { account_assignment_creation_status })
}

fn make_assignment(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    attempt: &Attempt<'_, AssignmentPayload>,
) -> Result<Progress, Fault> {
    let assignment = attempt.payload.assignment(tx.now_ms());
    // The instance, the permission set or the account may have been deleted since the request.
    let instance = instance::require(tx, &assignment.instance_id)?;
    let set = permission_set::require(tx, &assignment.permission_set_arn())?;
    account::require(tx, &assignment.account_id)?;
    let store_id = &instance.identity_store_id;
    assigned_principal::hold(tx, store_id, &assignment.principal)?;

    let role = provision(ctx, tx, &set, &assignment.account_id)?;
    account_assignment::insert(tx, &assignment, &attempt.job.id)?;
    let event = attempt
        .payload
        .event(attempt.job)
        .answered("roleName", &role.name)
        .answered("permissionSetRevision", role.permission_set_revision);
    Ok(Progress::Ended(event))
}
