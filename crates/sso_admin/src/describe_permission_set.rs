//! IAM Identity Center, `DescribePermissionSet`.

use kernel::{Ctx, Operation};
use model::Fault;

use super::access::require_permission_set;
use super::permission_set_reply::PermissionSetReply;
use super::permission_set_request::PermissionSetRequest;

pub const OPERATION: Operation<PermissionSetRequest, PermissionSetReply> = Operation::reads(
    "SWBExternalService.DescribePermissionSet",
    "sso:DescribePermissionSet",
    describe_permission_set,
);

/// Describes the permission set, without its policies.
pub fn describe_permission_set(
    ctx: &Ctx<'_>,
    request: &PermissionSetRequest,
) -> Result<PermissionSetReply, Fault> {
    let permit = ctx.authorize_all(OPERATION.action, &request.resources())?;
    let mut read = ctx.read(&permit)?;
    let set = require_permission_set(&mut read, &request.instance_id, &request.permission_set_arn)?;
    Ok(PermissionSetReply::from(&set))
}
