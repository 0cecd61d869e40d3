//! IAM Identity Center, `DeleteAccountAssignment`: the request, and the job that deletes the
//! assignment. The last assignment of a permission set in an account takes the role with it.

use kernel::jobs::{Attempt, Kind, Progress};
use kernel::{Ctx, Operation};
use model::{AuditEvent, Fault, IdentityCenterEntity};
use serde::Serialize;
use store::{Tx, account_assignment, role};

use super::access::require_permission_set;
use super::assignment_payload::{AssignmentPayload, queue};
use super::assignment_request::AssignmentRequest;
use super::assignment_status::AssignmentStatus;

pub const OPERATION: Operation<AssignmentRequest, DeleteAccountAssignmentReply> = Operation::writes(
    "SWBExternalService.DeleteAccountAssignment",
    "sso:DeleteAccountAssignment",
    delete_account_assignment,
);

/// Job that deletes the assignment.
pub const JOB: Kind<AssignmentPayload> =
    Kind::small("DELETE_ACCOUNT_ASSIGNMENT", OPERATION.action, delete_assignment);

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeleteAccountAssignmentReply {
    pub account_assignment_deletion_status: AssignmentStatus,
}

/// Queues the deletion of an assignment. Its principal may no longer exist.
pub fn delete_account_assignment(
    ctx: &Ctx<'_>,
    request: &AssignmentRequest,
) -> Result<DeleteAccountAssignmentReply, Fault> {
    let permit = ctx.authorize_all(OPERATION.action, &request.resources())?;
    let mut tx = ctx.begin_on_snapshot(permit)?;
    let room = JOB.require_room(ctx, &mut tx)?;
    require_permission_set(&mut tx, &request.instance_id, &request.permission_set_arn)?;

    let payload = AssignmentPayload::from(request);
    // The job is queued before the check, because the queue refuses an assignment that is still
    // being created with another error than one that does not exist.
    let job = queue(ctx, (&mut tx, room), &JOB, &payload)?;
    let assignment = payload.assignment(tx.now_ms());
    if !account_assignment::exists(&mut tx, &assignment)? {
        let (principal, account) = (&request.principal, &request.account_id);
        let id = format!("of {} {} in {account}", principal.kind(), principal.id());
        return Err(Fault::not_found(IdentityCenterEntity::AccountAssignment, id));
    }
    let event = AuditEvent::new()
        .asked("permissionSetArn", &request.permission_set_arn)
        .asked("targetId", &request.account_id)
        .asked("principalType", request.principal.kind())
        .asked("principalId", request.principal.id())
        .answered("requestId", &job.id);
    tx.commit(&event)?;
    let account_assignment_deletion_status = AssignmentStatus::new(&job, &payload);
    Ok(DeleteAccountAssignmentReply { account_assignment_deletion_status })
}

fn delete_assignment(
    _: &Ctx<'_>,
    tx: &mut Tx<'_>,
    attempt: &Attempt<'_, AssignmentPayload>,
) -> Result<Progress, Fault> {
    let assignment = attempt.payload.assignment(attempt.job.created_at_ms);
    // The assignment may already be deleted, for example together with its principal. The job
    // succeeds then.
    account_assignment::delete(tx, &assignment)?;
    let is_last = role::delete_unassigned(
        tx,
        &assignment.instance_id,
        &assignment.account_id,
        &assignment.permission_set_id,
    )?;
    let event = attempt.payload.event(attempt.job).answered("roleDeleted", is_last);
    Ok(Progress::Ended(event))
}
