//! AWS Identity Store, `ListIdentityStores`.

use kernel::page::Page;
use kernel::{Ctx, Operation};
use model::Fault;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::instance;

use super::describe_identity_store::IdentityStoreReply;

pub const OPERATION: Operation<ListIdentityStoresRequest, ListIdentityStoresReply> =
    Operation::reads(
        "AWSIdentityStore.ListIdentityStores",
        "identitystore:ListIdentityStores",
        list_identity_stores,
    );

#[derive(Debug)]
pub struct ListIdentityStoresRequest {
    pub page: Page,
}

impl FromFields for ListIdentityStoresRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { page: Page::from_fields(fields)? })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListIdentityStoresReply {
    pub identity_stores: Vec<IdentityStoreReply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Lists the identity stores of the caller's account. An account owns at most one instance, so
/// there is only one page.
pub fn list_identity_stores(
    ctx: &Ctx<'_>,
    request: &ListIdentityStoresRequest,
) -> Result<ListIdentityStoresReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, "*")?;
    let mut read = ctx.read(&permit)?;
    request.page.require_first()?;
    let owned = match ctx.caller.account_id() {
        Some(account_id) => instance::find_owned(&mut read, account_id)?,
        None => None,
    };
    Ok(ListIdentityStoresReply {
        identity_stores: owned.iter().map(IdentityStoreReply::new).collect(),
        next_token: None,
    })
}
