//! IAM Identity Center, `DetachManagedPolicyFromPermissionSet`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::permission_set;

use super::access::require_permission_set;
use super::managed_policy_request::ManagedPolicyRequest;

pub const OPERATION: Operation<DetachManagedPolicyFromPermissionSetRequest, NoReply> =
    Operation::writes(
        "SWBExternalService.DetachManagedPolicyFromPermissionSet",
        "sso:DetachManagedPolicyFromPermissionSet",
        detach_managed_policy_from_permission_set,
    );

#[derive(Debug)]
pub struct DetachManagedPolicyFromPermissionSetRequest(pub ManagedPolicyRequest);

impl FromFields for DetachManagedPolicyFromPermissionSetRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        ManagedPolicyRequest::from_fields(fields).map(Self)
    }
}

/// Detaches a managed policy from a permission set. Fails if it is not attached.
pub fn detach_managed_policy_from_permission_set(
    ctx: &Ctx<'_>,
    request: &DetachManagedPolicyFromPermissionSetRequest,
) -> Result<NoReply, Fault> {
    let DetachManagedPolicyFromPermissionSetRequest(policy) = request;
    let ManagedPolicyRequest { set, managed_policy_arn } = policy;
    let permit = ctx.authorize_all(OPERATION.action, &set.resources())?;
    let mut tx = ctx.begin(permit)?;
    require_permission_set(&mut tx, &set.instance_id, &set.permission_set_arn)?;
    permission_set::detach_managed_policy(&mut tx, &set.permission_set_arn, managed_policy_arn)?;
    let event = AuditEvent::new()
        .asked("permissionSetArn", &set.permission_set_arn)
        .asked("managedPolicyArn", managed_policy_arn);
    tx.commit(&event)?;
    Ok(NoReply {})
}
