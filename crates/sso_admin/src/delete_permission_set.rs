//! IAM Identity Center, `DeletePermissionSet`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::{permission_set, role, tag};

use super::access::require_permission_set;
use super::permission_set_request::PermissionSetRequest;

pub const OPERATION: Operation<DeletePermissionSetRequest, NoReply> = Operation::writes(
    "SWBExternalService.DeletePermissionSet",
    "sso:DeletePermissionSet",
    delete_permission_set,
);

#[derive(Debug)]
pub struct DeletePermissionSetRequest(pub PermissionSetRequest);

impl FromFields for DeletePermissionSetRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        PermissionSetRequest::from_fields(fields).map(Self)
    }
}

/// Deletes a permission set that is not provisioned in any account, with its policies and tags.
pub fn delete_permission_set(
    ctx: &Ctx<'_>,
    request: &DeletePermissionSetRequest,
) -> Result<NoReply, Fault> {
    let DeletePermissionSetRequest(set) = request;
    let PermissionSetRequest { instance_id, permission_set_arn } = set;
    let permit = ctx.authorize_all(OPERATION.action, &set.resources())?;
    let mut tx = ctx.begin(permit)?;
    let set = require_permission_set(&mut tx, instance_id, permission_set_arn)?;
    if role::is_any_of(&mut tx, permission_set_arn)? {
        return Err(Fault::conflict(
            "The permission set is assigned in an account. Delete its account assignments first. If \
             those of deleted users and groups are left, try again in a few seconds.",
        ));
    }
    permission_set::delete(&mut tx, permission_set_arn)?;
    tag::delete_all(&mut tx, instance_id, &permission_set_arn.to_string())?;
    let event =
        AuditEvent::new().asked("permissionSetArn", permission_set_arn).answered("name", &set.name);
    tx.commit(&event)?;
    Ok(NoReply {})
}
