//! Console, a page of permission sets with what `DescribePermissionSet` says of each.

use kernel::page::{Page, Paged};
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::InstanceId;
use model::permission_set::PermissionSet;
use sso_admin::access::require_organization_instance;
use sso_admin::describe_permission_set;
use sso_admin::permission_set_request::PermissionSetRequest;
use store::permission_set;

pub const OPERATION: Operation<ListPermissionSetsRequest, Paged<PermissionSet>> = Operation::reads(
    "Console.ListPermissionSets",
    sso_admin::list_permission_sets::OPERATION.action,
    list_permission_sets,
);

#[derive(Debug)]
pub struct ListPermissionSetsRequest {
    pub instance_id: InstanceId,
    pub page: Page,
}

/// Lists a page of the instance's permission sets by id. The role must be allowed to describe each
/// of them.
pub fn list_permission_sets(
    ctx: &Ctx<'_>,
    request: &ListPermissionSetsRequest,
) -> Result<Paged<PermissionSet>, Fault> {
    let ListPermissionSetsRequest { instance_id, page } = request;
    let permit = ctx.authorize(OPERATION.action, &instance_id.arn())?;
    let mut read = ctx.read(&permit)?;
    require_organization_instance(&mut read, instance_id)?;
    let rows =
        |[after]: [String; 1], limit| permission_set::list(&mut read, instance_id, &after, limit);
    let key = |set: &PermissionSet| [set.id.to_string()];
    let paged = page.read(ctx, &OPERATION, &[instance_id], [""], rows, key)?;
    for set in &paged.rows {
        let one = PermissionSetRequest {
            instance_id: instance_id.clone(),
            permission_set_arn: set.arn(),
        };
        ctx.authorize_also(describe_permission_set::OPERATION.action, &one.resources())?;
    }
    Ok(paged)
}
