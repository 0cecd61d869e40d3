//! IAM Identity Center, `ListPermissionSetsProvisionedToAccount`.

use kernel::page::Page;
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::{AccountId, InstanceId, PermissionSetArn};
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

/// A page of the permission sets that are provisioned in an account, by id.
pub fn list_permission_sets_provisioned_to_account(
    ctx: &Ctx<'_>,
    request: &ListPermissionSetsProvisionedToAccountRequest,
) -> Result<ListPermissionSetsReply, Fault> {
    let ListPermissionSetsProvisionedToAccountRequest { instance_id, account_id, status, page } =
        request;
    let action = OPERATION.action;
    let permit = ctx.authorize_all(action, &[instance_id.arn(), account_id.sso_arn()])?;
    let mut read = ctx.read(&permit)?;
    require_organization_instance(&mut read, instance_id)?;
    account::require(&mut read, account_id)?;

    let filter = status.map_or("", ProvisioningStatus::as_str);
    let query = format!("{action} {instance_id} {account_id} {filter}");
    let [after] = page.after(ctx, &query, [""])?;
    let limit = page.limit();
    let rows =
        role::list_permission_sets(&mut read, instance_id, account_id, *status, &after, limit)?;
    let paged = page.of(ctx, &query, rows, |id| [id.to_string()]);
    let arn = |id: &_| PermissionSetArn { instance_id: instance_id.clone(), id: Clone::clone(id) };
    Ok(ListPermissionSetsReply {
        permission_sets: paged.rows.iter().map(|id| arn(id).to_string()).collect(),
        next_token: paged.next_token,
    })
}
