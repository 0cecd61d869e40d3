//! IAM Identity Center, `DeleteAccountAssignment`.

use model::job::JobKind;
use model::{AuditEvent, Fault, IdentityCenterEntity};
use serde::Serialize;
use store::account_assignment;

use super::assignment_request::AssignmentRequest;
use super::assignment_status::AssignmentStatus;
use super::require_permission_set;
use crate::Ctx;
use crate::jobs::assignment_payload;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeleteAccountAssignmentReply {
    pub account_assignment_deletion_status: AssignmentStatus,
}

/// Begins to take an assignment away. Its principal may be gone already.
pub fn delete_account_assignment(
    ctx: &Ctx<'_>,
    request: &AssignmentRequest,
) -> Result<DeleteAccountAssignmentReply, Fault> {
    let permit = ctx.authorize_all("sso:DeleteAccountAssignment", &request.resources())?;
    let mut tx = ctx.begin(permit)?;
    require_permission_set(&mut tx, &request.instance_id, &request.permission_set_arn)?;

    let assignment = request.assignment(tx.now_ms());
    let kind = JobKind::DeleteAccountAssignment;
    // First this, so that one which is on its way is told from one that never was.
    let job = assignment_payload::queue(ctx, &mut tx, kind, &assignment)?;
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
    let account_assignment_deletion_status = AssignmentStatus::of(&job)?;
    Ok(DeleteAccountAssignmentReply { account_assignment_deletion_status })
}
