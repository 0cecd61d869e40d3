//! IAM Identity Center, `PutInlinePolicyToPermissionSet`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::permission_set::PolicyDocument;
use model::{AuditEvent, Fault};
use policy::supplied::UnsuppliedKey;
use policy::{Policy, PolicyType};
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
    /// Condition keys that the policy asks for in vain.
    unsupplied_keys: Vec<UnsuppliedKey>,
}

impl FromFields for PutInlinePolicyToPermissionSetRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let set = PermissionSetRequest::from_fields(fields)?;
        let inline_policy: PolicyDocument = fields.required("InlinePolicy")?;
        // INVARIANT: a policy that cannot be evaluated is refused here with its error and never
        // stored.
        let policy =
            Policy::parse(PolicyType::IdentityBased, "InlinePolicy", inline_policy.as_str())?;
        Ok(Self { set, inline_policy, unsupplied_keys: policy.unsupplied_keys() })
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
    let mut event = AuditEvent::new()
        .asked("permissionSetArn", permission_set_arn)
        .asked("inlinePolicy", &request.inline_policy);
    if !request.unsupplied_keys.is_empty() {
        event = event.answered_list("unsuppliedConditionKeys", &request.unsupplied_keys);
    }
    tx.commit(&event)?;
    Ok(NoReply {})
}
