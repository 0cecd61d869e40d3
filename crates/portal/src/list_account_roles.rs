//! AWS SSO, `ListAccountRoles`.

use std::fmt::Display;

use kernel::page::Page;
use kernel::sessions::person;
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::AccountId;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::portal::{self, HeldRole};

pub const OPERATION: Operation<ListAccountRolesRequest, ListAccountRolesReply> = Operation::reads(
    "SSOPortal.ListAccountRoles",
    "awsssoportal:ListAccountRoles",
    list_account_roles,
);

#[derive(Debug)]
pub struct ListAccountRolesRequest {
    pub account_id: AccountId,
    pub page: Page,
}

impl FromFields for ListAccountRolesRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            account_id: fields.required("accountId")?,
            page: Page::from_named(fields, "maxResults", "nextToken")?,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListAccountRolesReply {
    pub role_list: Vec<RoleInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleInfo {
    pub role_name: String,
    pub account_id: String,
}

/// Lists a page of the roles that the person holds in an account.
pub fn list_account_roles(
    ctx: &Ctx<'_>,
    request: &ListAccountRolesRequest,
) -> Result<ListAccountRolesReply, Fault> {
    let (person, account_id) = (person(ctx)?, &request.account_id);
    let permit = ctx.authorize(OPERATION.action, &account_id.sso_arn())?;
    let mut read = ctx.read(&permit)?;
    let rows = |[after]: [String; 1], limit| {
        portal::list_roles(&mut read, person, account_id, &after, limit)
    };
    let key = |role: &HeldRole| [role.permission_set_name.clone()];
    let narrowed_by: [&dyn Display; 2] = [&person.user_id, account_id];
    let page = request.page.read(ctx, &OPERATION, &narrowed_by, [""], rows, key)?;
    let role_list = page.rows.iter().map(|role| RoleInfo {
        role_name: role.permission_set_name.clone(),
        account_id: account_id.to_string(),
    });
    Ok(ListAccountRolesReply { role_list: role_list.collect(), next_token: page.next_token })
}
