//! IAM Identity Center, `AttachManagedPolicyToPermissionSet`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::{AuditEvent, Fault, IdentityCenterEntity};
use policy::managed;
use protocol::{Fields, FromFields};
use store::permission_set;

use super::access::require_permission_set;
use super::managed_policy_request::ManagedPolicyRequest;

pub const OPERATION: Operation<AttachManagedPolicyToPermissionSetRequest, NoReply> =
    Operation::writes(
        "SWBExternalService.AttachManagedPolicyToPermissionSet",
        "sso:AttachManagedPolicyToPermissionSet",
        attach_managed_policy_to_permission_set,
    );

#[derive(Debug)]
pub struct AttachManagedPolicyToPermissionSetRequest(pub ManagedPolicyRequest);

impl FromFields for AttachManagedPolicyToPermissionSetRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        ManagedPolicyRequest::from_fields(fields).map(Self)
    }
}

/// Attaches one of the managed policies that Portico has to a permission set.
pub fn attach_managed_policy_to_permission_set(
    ctx: &Ctx<'_>,
    request: &AttachManagedPolicyToPermissionSetRequest,
) -> Result<NoReply, Fault> {
    let AttachManagedPolicyToPermissionSetRequest(policy) = request;
    let ManagedPolicyRequest { set, managed_policy_arn } = policy;
    let permit = ctx.authorize_all(OPERATION.action, &set.resources())?;
    let mut tx = ctx.begin(permit)?;
    require_permission_set(&mut tx, &set.instance_id, &set.permission_set_arn)?;
    // INVARIANT: every managed policy of a permission set is known and can be evaluated.
    if managed::find(managed_policy_arn.as_str()).is_none() {
        return Err(Fault::not_found(IdentityCenterEntity::ManagedPolicy, managed_policy_arn));
    }
    permission_set::attach_managed_policy(&mut tx, &set.permission_set_arn, managed_policy_arn)?;
    let event = AuditEvent::new()
        .asked("permissionSetArn", &set.permission_set_arn)
        .asked("managedPolicyArn", managed_policy_arn);
    tx.commit(&event)?;
    Ok(NoReply {})
}
