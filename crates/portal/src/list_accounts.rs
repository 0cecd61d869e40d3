//! AWS SSO, `ListAccounts`.

use kernel::page::Page;
use kernel::sessions::person;
use kernel::{Ctx, Operation};
use model::Fault;
use model::organization::Account;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::portal;

pub const OPERATION: Operation<ListAccountsRequest, ListAccountsReply> =
    Operation::reads("SSOPortal.ListAccounts", "awsssoportal:ListAccounts", list_accounts);

#[derive(Debug)]
pub struct ListAccountsRequest {
    pub page: Page,
}

impl FromFields for ListAccountsRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { page: Page::from_named(fields, "maxResults", "nextToken")? })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListAccountsReply {
    pub account_list: Vec<AccountInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountInfo {
    pub account_id: String,
    pub account_name: String,
    pub email_address: String,
}

/// Lists a page of the accounts in which the person holds a role.
pub fn list_accounts(
    ctx: &Ctx<'_>,
    request: &ListAccountsRequest,
) -> Result<ListAccountsReply, Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(OPERATION.action, &person.user_id.arn())?;
    let mut read = ctx.read(&permit)?;
    let rows =
        |[after]: [String; 1], limit| portal::list_accounts(&mut read, person, &after, limit);
    let key = |account: &Account| [account.id.to_string()];
    let page = request.page.read(ctx, &OPERATION, &[&person.user_id], [""], rows, key)?;
    let account_list = page.rows.iter().map(|account| AccountInfo {
        account_id: account.id.to_string(),
        account_name: account.name.to_string(),
        email_address: account.email.to_string(),
    });
    Ok(ListAccountsReply { account_list: account_list.collect(), next_token: page.next_token })
}
