//! AWS Identity Store, `ListGroupMembershipsForMember`.

use kernel::identity_store::require_store;
use kernel::page::Page;
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use model::membership::Membership;
use protocol::{Fields, FromFields};
use store::{membership, user};

use super::access::{ALL_MEMBERSHIPS, authorize};
use super::list_group_memberships::ListGroupMembershipsReply;
use super::member_id;
use super::membership_reply::MembershipReply;

pub const OPERATION: Operation<ListGroupMembershipsForMemberRequest, ListGroupMembershipsReply> =
    Operation::reads(
        "AWSIdentityStore.ListGroupMembershipsForMember",
        "identitystore:ListGroupMembershipsForMember",
        list_group_memberships_for_member,
    );

#[derive(Debug)]
pub struct ListGroupMembershipsForMemberRequest {
    pub identity_store_id: IdentityStoreId,
    /// AWS: `MemberId`.
    pub user_id: UserId,
    pub page: Page,
}

impl FromFields for ListGroupMembershipsForMemberRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            user_id: member_id::read(fields)?,
            page: Page::from_fields(fields)?,
        })
    }
}

/// Lists a page of the memberships of a user, by group.
pub fn list_group_memberships_for_member(
    ctx: &Ctx<'_>,
    request: &ListGroupMembershipsForMemberRequest,
) -> Result<ListGroupMembershipsReply, Fault> {
    let store_id = &request.identity_store_id;
    let (user_id, page) = (&request.user_id, &request.page);
    let others = [user_id.arn(), ALL_MEMBERSHIPS.to_owned()];
    let permit = authorize(ctx, OPERATION.action, store_id, others)?;
    let mut read = ctx.read(&permit)?;
    require_store(ctx, &mut read, store_id)?;
    user::require(&mut read, store_id, user_id)?;

    let rows = |[after]: [String; 1], limit| {
        membership::list_of_user(&mut read, store_id, user_id, &after, limit)
    };
    let key = |membership: &Membership| [membership.group_id.to_string()];
    let page = page.read(ctx, &OPERATION, &[store_id, user_id], [""], rows, key)?;
    Ok(ListGroupMembershipsReply {
        group_memberships: page.rows.into_iter().map(MembershipReply::new).collect(),
        next_token: page.next_token,
    })
}
