//! IAM Identity Center, `ListPermissionSetsProvisionedToAccount`.

use std::fmt::Display;

use kernel::page::Page;
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::{AccountId, InstanceId, PermissionSetArn, PermissionSetId};
use model::permission_set::ProvisioningStatus;
use protocol::{Fields, FromFields};
use store::{account, role};

use super::access::page_of;
use super::access::require_organization_instance;
use super::list_permission_sets::ListPermissionSetsReply;

pub const OPERATION: Operation<
    ListPermissionSetsProvisionedToAccountRequest,
    ListPermissionSetsReply,
> = Operation::reads(
    "SWBExternalService.ListPermissionSetsProvisionedToAccount",
    "sso:ListPermissionSetsProvisionedToAccount",
    list_permission_sets_provisioned_to_account,
);

#[derive(Debug)]
pub struct ListPermissionSetsProvisionedToAccountRequest {
    pub instance_id: InstanceId,
    pub account_id: AccountId,
    pub status: Option<ProvisioningStatus>,
    pub page: Page,
}

impl FromFields for ListPermissionSetsProvisionedToAccountRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            instance_id: fields.required("InstanceArn")?,
            account_id: fields.required("AccountId")?,
            status: fields.optional("ProvisioningStatus")?,
            page: page_of(fields)?,
        })
    }
}

/// Lists a page of the permission sets that are provisioned in an account, by id.
pub fn list_permission_sets_provisioned_to_account(
    ctx: &Ctx<'_>,
    request: &ListPermissionSetsProvisionedToAccountRequest,
) -> Result<ListPermissionSetsReply, Fault> {
    let ListPermissionSetsProvisionedToAccountRequest { instance_id, account_id, status, page } =
        request;
    let permit = ctx.authorize_all(OPERATION.action, &[instance_id.arn(), account_id.sso_arn()])?;
    let mut read = ctx.read(&permit)?;
    require_organization_instance(&mut read, instance_id)?;
    account::require(&mut read, account_id)?;

    let filter = status.map_or("", ProvisioningStatus::as_str);
    let rows = |[after]: [String; 1], limit| {
        role::list_permission_sets(&mut read, instance_id, account_id, *status, &after, limit)
    };
    let key = |id: &PermissionSetId| [id.to_string()];
    let narrowed_by: [&dyn Display; 3] = [instance_id, account_id, &filter];
    let paged = page.read(ctx, &OPERATION, &narrowed_by, [""], rows, key)?;
    let arn = |id: &_| PermissionSetArn { instance_id: instance_id.clone(), id: Clone::clone(id) };
    Ok(ListPermissionSetsReply {
        permission_sets: paged.rows.iter().map(|id| arn(id).to_string()).collect(),
        next_token: paged.next_token,
    })
}
