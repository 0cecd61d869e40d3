//! AWS Identity Store, `ListGroups`.

use kernel::identity_store::require_store;
use kernel::page::Page;
use kernel::{Ctx, Operation};
use model::Fault;
use model::group::Group;
use model::ids::IdentityStoreId;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::group;

use super::Filter;
use super::access::{ALL_GROUPS, authorize};
use super::group_reply::GroupReply;

pub const OPERATION: Operation<ListGroupsRequest, ListGroupsReply> =
    Operation::reads("AWSIdentityStore.ListGroups", "identitystore:ListGroups", list_groups);

#[derive(Debug)]
pub struct ListGroupsRequest {
    pub identity_store_id: IdentityStoreId,
    pub filter: Option<Filter>,
    pub page: Page,
}

impl FromFields for ListGroupsRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            filter: Filter::read(fields, "DisplayName", "be DisplayName")?,
            page: Page::from_fields(fields)?,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListGroupsReply {
    pub groups: Vec<GroupReply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Lists a page of the groups of an identity store by name, or the one group with the name in the
/// filter.
pub fn list_groups(ctx: &Ctx<'_>, request: &ListGroupsRequest) -> Result<ListGroupsReply, Fault> {
    let store_id = &request.identity_store_id;
    let all = ALL_GROUPS.to_owned();
    let permit = authorize(ctx, OPERATION.action, store_id, [all])?;
    let mut read = ctx.read(&permit)?;
    require_store(ctx, &mut read, store_id)?;

    let filter = request.filter.as_ref().map_or("", Filter::value);
    let rows = |[after]: [String; 1], limit| match &request.filter {
        // At most one group has the name, so there is no second page.
        Some(filter) => {
            group::find_by_name(&mut read, store_id, filter.value()).map(Vec::from_iter)
        }
        None => group::list(&mut read, store_id, &after, limit),
    };
    let key = |group: &Group| [group.display_name.key()];
    let page = request.page.read(ctx, &OPERATION, &[store_id, &filter], [""], rows, key)?;
    let groups = page.rows.into_iter().map(GroupReply::new);
    Ok(ListGroupsReply { groups: groups.collect(), next_token: page.next_token })
}
