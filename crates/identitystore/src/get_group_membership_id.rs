//! AWS Identity Store, `GetGroupMembershipId`.

use kernel::identity_store::require_store;
use kernel::{Ctx, Operation};
use model::ids::{GroupId, IdentityStoreId, UserId};
use model::{Fault, IdentityStoreEntity};
use protocol::{Fields, FromFields};
use store::membership;

use super::access::{ALL_MEMBERSHIPS, authorize};
use super::member_id;
use super::membership_reply::MembershipIdReply;

pub const OPERATION: Operation<GetGroupMembershipIdRequest, MembershipIdReply> = Operation::reads(
    "AWSIdentityStore.GetGroupMembershipId",
    "identitystore:GetGroupMembershipId",
    get_group_membership_id,
);

const ACTION: &str = OPERATION.action;

#[derive(Debug)]
pub struct GetGroupMembershipIdRequest {
    pub identity_store_id: IdentityStoreId,
    pub group_id: GroupId,
    /// AWS: `MemberId`.
    pub user_id: UserId,
}

impl FromFields for GetGroupMembershipIdRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            group_id: fields.required("GroupId")?,
            user_id: member_id::read(fields)?,
        })
    }
}

/// Finds the id of a user's membership in a group.
pub fn get_group_membership_id(
    ctx: &Ctx<'_>,
    request: &GetGroupMembershipIdRequest,
) -> Result<MembershipIdReply, Fault> {
    let GetGroupMembershipIdRequest { identity_store_id: store_id, group_id, user_id } = request;
    let permit = authorize(ctx, ACTION, store_id, [group_id.arn(), user_id.arn()])?;
    let mut read = ctx.read(&permit)?;
    require_store(ctx, &mut read, store_id)?;
    let found = membership::find_of(&mut read, store_id, group_id, user_id)?;
    let arn = found.as_ref().map(|found| found.id.arn());
    ctx.authorize(ACTION, arn.as_deref().unwrap_or(ALL_MEMBERSHIPS)).map(drop)?;
    let found = found.ok_or_else(|| Fault::not_found(IdentityStoreEntity::GroupMembership, ""))?;
    Ok(MembershipIdReply::new(&found))
}
