//! IAM Identity Center, `PutInlinePolicyToPermissionSet`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::permission_set::PolicyDocument;
use model::{AuditEvent, Fault};
use policy::Policy;
use protocol::{Fields, FromFields};
use store::permission_set;

use super::access::require_permission_set;
use super::permission_set_request::PermissionSetRequest;

pub const OPERATION: Operation<PutInlinePolicyToPermissionSetRequest, NoReply> = Operation::writes(
    "SWBExternalService.PutInlinePolicyToPermissionSet",
    "sso:PutInlinePolicyToPermissionSet",
    put_inline_policy_to_permission_set,
);

#[derive(Debug)]
pub struct PutInlinePolicyToPermissionSetRequest {
    pub set: PermissionSetRequest,
    pub inline_policy: PolicyDocument,
}

impl FromFields for PutInlinePolicyToPermissionSetRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let set = PermissionSetRequest::from_fields(fields)?;
        let inline_policy: PolicyDocument = fields.required("InlinePolicy")?;
        // INVARIANT: a policy that cannot be evaluated is refused here with its error and never
        // stored.
        Policy::parse("InlinePolicy", inline_policy.as_str())?;
        Ok(Self { set, inline_policy })
    }
}

/// Sets the inline policy of the permission set, replacing an existing one.
pub fn put_inline_policy_to_permission_set(
    ctx: &Ctx<'_>,
    request: &PutInlinePolicyToPermissionSetRequest,
) -> Result<NoReply, Fault> {
    let PermissionSetRequest { instance_id, permission_set_arn } = &request.set;
    let permit = ctx.authorize_all(OPERATION.action, &request.set.resources())?;
    let mut tx = ctx.begin(permit)?;
    require_permission_set(&mut tx, instance_id, permission_set_arn)?;
    let policy = Some(&request.inline_policy);
    permission_set::set_inline_policy(&mut tx, permission_set_arn, policy)?;
    let event = AuditEvent::new()
        .asked("permissionSetArn", permission_set_arn)
        .asked("inlinePolicy", &request.inline_policy);
    tx.commit(&event)?;
    Ok(NoReply {})
}
