//! AWS Organizations, `ListRoots`.

use kernel::page::Page;
use kernel::{Ctx, Operation};
use model::Fault;
use protocol::{Fields, FromFields};
use serde::Serialize;

use super::access::page_of;
use super::access::require_managed;

pub const OPERATION: Operation<ListRootsRequest, ListRootsReply> =
    Operation::reads("AWSOrganizationsV20161128.ListRoots", "organizations:ListRoots", list_roots);

#[derive(Debug)]
pub struct ListRootsRequest {
    pub page: Page,
}

impl FromFields for ListRootsRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { page: page_of(fields)? })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListRootsReply {
    pub roots: Vec<RootReply>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RootReply {
    pub id: String,
    pub arn: String,
    pub name: &'static str,
    pub policy_types: Vec<String>,
}

/// Lists the root of the organisation. There is exactly one.
pub fn list_roots(ctx: &Ctx<'_>, request: &ListRootsRequest) -> Result<ListRootsReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, "*")?;
    let mut read = ctx.read(&permit)?;
    let organization = require_managed(&mut read)?;
    request.page.require_first()?;
    let (id, account) = (&organization.root_id, &organization.management_account_id);
    let root = RootReply {
        id: id.to_string(),
        arn: format!("arn:aws:organizations::{account}:root/{}/{id}", organization.id),
        name: "Root",
        policy_types: Vec::new(),
    };
    Ok(ListRootsReply { roots: vec![root] })
}
