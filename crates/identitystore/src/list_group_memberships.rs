//! AWS Identity Store, `ListGroupMemberships`.

use kernel::identity_store::require_store;
use kernel::page::Page;
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::{GroupId, IdentityStoreId};
use model::membership::Membership;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{group, membership};

use super::access::{ALL_MEMBERSHIPS, authorize};
use super::membership_reply::MembershipReply;

pub const OPERATION: Operation<ListGroupMembershipsRequest, ListGroupMembershipsReply> =
    Operation::reads(
        "AWSIdentityStore.ListGroupMemberships",
        "identitystore:ListGroupMemberships",
        list_group_memberships,
    );

#[derive(Debug)]
pub struct ListGroupMembershipsRequest {
    pub identity_store_id: IdentityStoreId,
    pub group_id: GroupId,
    pub page: Page,
}

impl FromFields for ListGroupMembershipsRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            group_id: fields.required("GroupId")?,
            page: Page::from_fields(fields)?,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListGroupMembershipsReply {
    pub group_memberships: Vec<MembershipReply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Lists a page of the memberships in a group, by member.
pub fn list_group_memberships(
    ctx: &Ctx<'_>,
    request: &ListGroupMembershipsRequest,
) -> Result<ListGroupMembershipsReply, Fault> {
    let ListGroupMembershipsRequest { identity_store_id: store_id, group_id, page } = request;
    let others = [group_id.arn(), ALL_MEMBERSHIPS.to_owned()];
    let permit = authorize(ctx, OPERATION.action, store_id, others)?;
    let mut read = ctx.read(&permit)?;
    require_store(ctx, &mut read, store_id)?;
    group::require(&mut read, store_id, group_id)?;

    let rows = |[after]: [String; 1], limit| {
        membership::list_of_group(&mut read, store_id, group_id, &after, limit)
    };
    let key = |membership: &Membership| [membership.user_id.to_string()];
    let page = page.read(ctx, &OPERATION, &[store_id, group_id], [""], rows, key)?;
    Ok(ListGroupMembershipsReply {
        group_memberships: page.rows.into_iter().map(MembershipReply::new).collect(),
        next_token: page.next_token,
    })
}
