//! AWS Organizations, `ListParents`.

use kernel::page::Page;
use kernel::{Ctx, Operation};
use model::ids::AccountId;
use model::{Fault, OrganizationsEntity};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::account;

use super::access::page_of;
use super::access::{organization_part, require_managed};

pub const OPERATION: Operation<ListParentsRequest, ListParentsReply> = Operation::reads(
    "AWSOrganizationsV20161128.ListParents",
    "organizations:ListParents",
    list_parents,
);

#[derive(Debug)]
pub struct ListParentsRequest {
    /// AWS: `ChildId`. Only accounts have a parent, because there are no organizational units.
    pub child_id: ChildId,
    pub page: Page,
}

impl FromFields for ListParentsRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { child_id: fields.required("ChildId")?, page: page_of(fields)? })
    }
}

/// Id of an account or of an organizational unit.
#[derive(Clone, Debug)]
pub enum ChildId {
    Account(AccountId),
    OrganizationalUnit(String),
}

impl std::str::FromStr for ChildId {
    type Err = &'static str;

    // AWS: `(\d{12})|(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const MUST: &str = "be the id of an account or of an organizational unit";
        let Some(unit) = text.strip_prefix("ou-") else {
            return text.parse().map(Self::Account).map_err(|_| MUST);
        };
        let part = |part: &str, least| {
            (least..=32).contains(&part.len())
                && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        match unit.split_once('-') {
            Some((root, own)) if part(root, 4) && part(own, 8) => {
                Ok(Self::OrganizationalUnit(text.to_owned()))
            }
            Some(_) | None => Err(MUST),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListParentsReply {
    pub parents: Vec<ParentReply>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ParentReply {
    pub id: String,
    #[serde(rename = "Type")]
    pub kind: &'static str,
}

/// Lists the parent of an account, which is always the root.
pub fn list_parents(
    ctx: &Ctx<'_>,
    request: &ListParentsRequest,
) -> Result<ListParentsReply, Fault> {
    let resource = match &request.child_id {
        ChildId::Account(id) => organization_part(ctx, "account", id.as_str())?,
        ChildId::OrganizationalUnit(_) => "*".to_owned(),
    };
    let permit = ctx.authorize(OPERATION.action, &resource)?;
    let mut read = ctx.read(&permit)?;
    let organization = require_managed(&mut read)?;
    request.page.require_first()?;
    let unknown = |id: &str| Fault::not_found(OrganizationsEntity::Child, id);
    match &request.child_id {
        ChildId::OrganizationalUnit(id) => return Err(unknown(id)),
        ChildId::Account(id) => {
            account::find(&mut read, id)?.ok_or_else(|| unknown(id.as_str()))?;
        }
    }
    let root = ParentReply { id: organization.root_id.to_string(), kind: "ROOT" };
    Ok(ListParentsReply { parents: vec![root] })
}
