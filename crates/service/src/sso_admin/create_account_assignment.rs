//! IAM Identity Center, `CreateAccountAssignment`.

use model::job::JobKind;
use model::{AuditEvent, Fault};
use serde::Serialize;
use store::{account, account_assignment};

use super::assignment_request::AssignmentRequest;
use super::assignment_status::AssignmentStatus;
use super::{require_organization_instance, require_permission_set};
use crate::Ctx;
use crate::operation::Operation;
use crate::jobs::assignment_payload;

pub const OPERATION: Operation<AssignmentRequest, CreateAccountAssignmentReply> = Operation::writes("SWBExternalService.CreateAccountAssignment", "sso:CreateAccountAssignment", create_account_assignment);

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateAccountAssignmentReply {
    pub account_assignment_creation_status: AssignmentStatus,
}

/// Begins to assign a user or group to an account with a permission set, which is provisioned there.
pub fn create_account_assignment(
    ctx: &Ctx<'_>,
    request: &AssignmentRequest,
) -> Result<CreateAccountAssignmentReply, Fault> {
    let permit = ctx.authorize_all(OPERATION.action, &request.resources())?;
    let mut tx = ctx.begin(permit)?;
    let instance = require_organization_instance(&mut tx, &request.instance_id)?;
    require_permission_set(&mut tx, &request.instance_id, &request.permission_set_arn)?;
    account::require(&mut tx, &request.account_id)?;
    let store_id = &instance.identity_store_id;
    account_assignment::require_principal(&mut tx, store_id, &request.principal)?;

    let assignment = request.assignment(tx.now_ms());
    let kind = JobKind::CreateAccountAssignment;
    let job = assignment_payload::queue(ctx, &mut tx, kind, &assignment)?;
    let event = AuditEvent::new()
        .asked("permissionSetArn", &request.permission_set_arn)
        .asked("targetId", &request.account_id)
        .asked("principalType", request.principal.kind())
        .asked("principalId", request.principal.id())
        .answered("requestId", &job.id);
    tx.commit(&event)?;
    let account_assignment_creation_status = AssignmentStatus::of(&job)?;
    Ok(CreateAccountAssignmentReply { account_assignment_creation_status })
}
