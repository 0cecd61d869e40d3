//! IAM Identity Center, `DescribePermissionSet`.

use model::Fault;

use super::permission_set_reply::PermissionSetReply;
use super::permission_set_request::PermissionSetRequest;
use super::require_permission_set;
use crate::Ctx;
use crate::operation::Operation;

pub const OPERATION: Operation<PermissionSetRequest, PermissionSetReply> = Operation::reads("SWBExternalService.DescribePermissionSet", "sso:DescribePermissionSet", describe_permission_set);

/// The permission set, without its policies.
pub fn describe_permission_set(
    ctx: &Ctx<'_>,
    request: &PermissionSetRequest,
) -> Result<PermissionSetReply, Fault> {
    let permit = ctx.authorize_all(OPERATION.action, &request.resources())?;
    let mut read = ctx.read(&permit)?;
    let set = require_permission_set(&mut read, &request.instance_id, &request.permission_set_arn)?;
    Ok(PermissionSetReply::from(&set))
}
