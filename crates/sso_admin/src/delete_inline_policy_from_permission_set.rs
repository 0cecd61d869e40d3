//! IAM Identity Center, `DeleteInlinePolicyFromPermissionSet`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::{AuditEvent, Fault};
use store::permission_set;

use super::access::require_permission_set;
use super::permission_set_request::PermissionSetRequest;

pub const OPERATION: Operation<PermissionSetRequest, NoReply> = Operation::writes(
    "SWBExternalService.DeleteInlinePolicyFromPermissionSet",
    "sso:DeleteInlinePolicyFromPermissionSet",
    delete_inline_policy_from_permission_set,
);

/// Removes the inline policy of the permission set. Succeeds if there is none.
pub fn delete_inline_policy_from_permission_set(
    ctx: &Ctx<'_>,
    request: &PermissionSetRequest,
) -> Result<NoReply, Fault> {
    let PermissionSetRequest { instance_id, permission_set_arn } = request;
    let permit = ctx.authorize_all(OPERATION.action, &request.resources())?;
    let mut tx = ctx.begin(permit)?;
    require_permission_set(&mut tx, instance_id, permission_set_arn)?;
    permission_set::set_inline_policy(&mut tx, permission_set_arn, None)?;
    tx.commit(&AuditEvent::new().asked("permissionSetArn", permission_set_arn))?;
    Ok(NoReply {})
}
