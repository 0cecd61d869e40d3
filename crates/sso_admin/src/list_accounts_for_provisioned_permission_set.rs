//! IAM Identity Center, `ListAccountsForProvisionedPermissionSet`.

use kernel::page::Page;
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::AccountId;
use model::permission_set::ProvisioningStatus;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::role;

use super::access::page_of;
use super::access::require_permission_set;
use super::permission_set_request::PermissionSetRequest;

pub const OPERATION: Operation<
    ListAccountsForProvisionedPermissionSetRequest,
    ListAccountsForProvisionedPermissionSetReply,
> = Operation::reads(
    "SWBExternalService.ListAccountsForProvisionedPermissionSet",
    "sso:ListAccountsForProvisionedPermissionSet",
    list_accounts_for_provisioned_permission_set,
);

#[derive(Debug)]
pub struct ListAccountsForProvisionedPermissionSetRequest {
    pub set: PermissionSetRequest,
    pub status: Option<ProvisioningStatus>,
    pub page: Page,
}

impl FromFields for ListAccountsForProvisionedPermissionSetRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            set: PermissionSetRequest::from_fields(fields)?,
            status: fields.optional("ProvisioningStatus")?,
            page: page_of(fields)?,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListAccountsForProvisionedPermissionSetReply {
    pub account_ids: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Lists a page of the accounts in which a permission set is provisioned, by number.
pub fn list_accounts_for_provisioned_permission_set(
    ctx: &Ctx<'_>,
    request: &ListAccountsForProvisionedPermissionSetRequest,
) -> Result<ListAccountsForProvisionedPermissionSetReply, Fault> {
    let ListAccountsForProvisionedPermissionSetRequest { set, status, page } = request;
    let permit = ctx.authorize_all(OPERATION.action, &set.resources())?;
    let mut read = ctx.read(&permit)?;
    require_permission_set(&mut read, &set.instance_id, &set.permission_set_arn)?;

    let filter = status.map_or("", ProvisioningStatus::as_str);
    let arn = &set.permission_set_arn;
    let rows =
        |[after]: [String; 1], limit| role::list_accounts(&mut read, arn, *status, &after, limit);
    let key = |id: &AccountId| [id.to_string()];
    let paged = page.read(ctx, &OPERATION, &[arn, &filter], [""], rows, key)?;
    Ok(ListAccountsForProvisionedPermissionSetReply {
        account_ids: paged.rows.iter().map(ToString::to_string).collect(),
        next_token: paged.next_token,
    })
}
