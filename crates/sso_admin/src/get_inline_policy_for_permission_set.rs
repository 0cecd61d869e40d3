//! IAM Identity Center, `GetInlinePolicyForPermissionSet`.

use kernel::{Ctx, Operation};
use model::Fault;
use serde::Serialize;
use store::permission_set;

use super::access::require_permission_set;
use super::permission_set_request::PermissionSetRequest;

pub const OPERATION: Operation<PermissionSetRequest, GetInlinePolicyForPermissionSetReply> =
    Operation::reads(
        "SWBExternalService.GetInlinePolicyForPermissionSet",
        "sso:GetInlinePolicyForPermissionSet",
        get_inline_policy_for_permission_set,
    );

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetInlinePolicyForPermissionSetReply {
    /// Empty if there is none.
    pub inline_policy: String,
}

/// Returns the policy exactly as it was written.
pub fn get_inline_policy_for_permission_set(
    ctx: &Ctx<'_>,
    request: &PermissionSetRequest,
) -> Result<GetInlinePolicyForPermissionSetReply, Fault> {
    let permit = ctx.authorize_all(OPERATION.action, &request.resources())?;
    let mut read = ctx.read(&permit)?;
    require_permission_set(&mut read, &request.instance_id, &request.permission_set_arn)?;
    let policy = permission_set::find_inline_policy(&mut read, &request.permission_set_arn)?;
    let inline_policy = policy.as_ref().map(ToString::to_string).unwrap_or_default();
    Ok(GetInlinePolicyForPermissionSetReply { inline_policy })
}
