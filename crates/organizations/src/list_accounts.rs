//! AWS Organizations, `ListAccounts`.

use kernel::page::Page;
use kernel::{Ctx, Operation};
use model::Fault;
use model::organization::Account;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::account;

use super::access::page_of;
use super::access::require_managed;
use super::reply::AccountReply;

pub const OPERATION: Operation<ListAccountsRequest, ListAccountsReply> = Operation::reads(
    "AWSOrganizationsV20161128.ListAccounts",
    "organizations:ListAccounts",
    list_accounts,
);

#[derive(Debug)]
pub struct ListAccountsRequest {
    pub page: Page,
}

impl FromFields for ListAccountsRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { page: page_of(fields)? })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListAccountsReply {
    pub accounts: Vec<AccountReply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Lists a page of the organisation's accounts, by number.
pub fn list_accounts(
    ctx: &Ctx<'_>,
    request: &ListAccountsRequest,
) -> Result<ListAccountsReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, "*")?;
    let mut read = ctx.read(&permit)?;
    let organization = require_managed(&mut read)?;

    let rows = |[after]: [String; 1], limit| account::list(&mut read, &after, limit);
    let key = |account: &Account| [account.id.to_string()];
    let page = request.page.read(ctx, &OPERATION, &[], [""], rows, key)?;
    let accounts = page.rows.iter().map(|account| AccountReply::new(&organization, account));
    Ok(ListAccountsReply { accounts: accounts.collect(), next_token: page.next_token })
}
