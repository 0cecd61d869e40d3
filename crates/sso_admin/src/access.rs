//! Lookup of the instance and the permission set of an operation.

use kernel::page::Page;
use model::ids::{InstanceId, PermissionSetArn};
use model::instance::Instance;
use model::permission_set::PermissionSet;
use model::{Fault, IdentityCenterEntity};
use protocol::Fields;
use store::{Read, instance, permission_set};

/// Reads `MaxResults` and `NextToken`.
// AWS: `Token` of sso-admin.
pub(crate) fn page_of(fields: &Fields<'_>) -> Result<Page, Fault> {
    Page::within(fields, 100, 2048)
}

/// The instance, if it is the organisation's and the caller's account owns it: only that one has
/// permission sets.
pub fn require_organization_instance(
    read: &mut Read<'_>,
    id: &InstanceId,
) -> Result<Instance, Fault> {
    let found = instance::require(read, id)?;
    if found.is_organization {
        return Ok(found);
    }
    // AWS: verbatim.
    let because = "The operation is not supported for this Identity Center instance";
    Err(Fault::unsupported(because))
}

/// The permission set, if it is one of the instance and the caller's account owns that.
pub fn require_permission_set(
    read: &mut Read<'_>,
    instance_id: &InstanceId,
    arn: &PermissionSetArn,
) -> Result<PermissionSet, Fault> {
    let instance = require_organization_instance(read, instance_id)?;
    require_permission_set_of(read, &instance, arn)
}

/// The permission set, if it is one of an instance that the caller's account owns.
pub(super) fn require_permission_set_of(
    read: &mut Read<'_>,
    instance: &Instance,
    arn: &PermissionSetArn,
) -> Result<PermissionSet, Fault> {
    if arn.instance_id != instance.id {
        return Err(Fault::not_found(IdentityCenterEntity::PermissionSet, arn));
    }
    permission_set::require(read, arn)
}
