//! AWS Identity Store, `IsMemberInGroups`.

use kernel::identity_store::require_store;
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::{GroupId, IdentityStoreId, UserId};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{membership, user};

use super::access::{ALL_MEMBERSHIPS, authorize};
use super::member_id;
use super::member_id::MemberIdReply;

pub const OPERATION: Operation<IsMemberInGroupsRequest, IsMemberInGroupsReply> = Operation::reads(
    "AWSIdentityStore.IsMemberInGroups",
    "identitystore:IsMemberInGroups",
    is_member_in_groups,
);

/// Maximum number of groups in a request. AWS: `GroupIds`.
const GROUPS_MAX: usize = 100;

#[derive(Debug)]
pub struct IsMemberInGroupsRequest {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    pub group_ids: Vec<GroupId>,
}

impl FromFields for IsMemberInGroupsRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let group_ids = fields.strings("GroupIds", 1..=GROUPS_MAX)?;
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            user_id: member_id::read(fields)?,
            group_ids: group_ids.ok_or_else(|| fields.missing("GroupIds"))?,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct IsMemberInGroupsReply {
    pub results: Vec<MembershipExistence>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MembershipExistence {
    pub group_id: String,
    pub member_id: MemberIdReply,
    pub membership_exists: bool,
}

/// Tells for each group whether the user is a member. The answer for a group that does not exist is
/// no.
pub fn is_member_in_groups(
    ctx: &Ctx<'_>,
    request: &IsMemberInGroupsRequest,
) -> Result<IsMemberInGroupsReply, Fault> {
    let IsMemberInGroupsRequest { identity_store_id: store_id, user_id, group_ids } = request;
    let groups = group_ids.iter().map(GroupId::arn);
    let others = groups.chain([user_id.arn(), ALL_MEMBERSHIPS.to_owned()]);
    let permit = authorize(ctx, OPERATION.action, store_id, others)?;
    let mut read = ctx.read(&permit)?;
    require_store(ctx, &mut read, store_id)?;
    user::require(&mut read, store_id, user_id)?;

    let found = membership::find_among(&mut read, store_id, user_id, group_ids)?;
    let result = |group_id: &GroupId| MembershipExistence {
        group_id: group_id.to_string(),
        member_id: MemberIdReply { user_id: user_id.to_string() },
        membership_exists: found.contains(group_id),
    };
    Ok(IsMemberInGroupsReply { results: group_ids.iter().map(result).collect() })
}
