//! AWS Identity Store, `DescribeGroupMembership`.

use kernel::identity_store::require_store;
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::{IdentityStoreId, MembershipId};
use protocol::{Fields, FromFields};
use store::membership;

use super::access::authorize;
use super::membership_reply::MembershipReply;

pub const OPERATION: Operation<DescribeGroupMembershipRequest, MembershipReply> = Operation::reads(
    "AWSIdentityStore.DescribeGroupMembership",
    "identitystore:DescribeGroupMembership",
    describe_group_membership,
);

const ACTION: &str = OPERATION.action;

#[derive(Debug)]
pub struct DescribeGroupMembershipRequest {
    pub identity_store_id: IdentityStoreId,
    pub membership_id: MembershipId,
}

impl FromFields for DescribeGroupMembershipRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            membership_id: fields.required("MembershipId")?,
        })
    }
}

/// Describes a membership by its id.
pub fn describe_group_membership(
    ctx: &Ctx<'_>,
    request: &DescribeGroupMembershipRequest,
) -> Result<MembershipReply, Fault> {
    let DescribeGroupMembershipRequest { identity_store_id: store_id, membership_id } = request;
    let permit = authorize(ctx, ACTION, store_id, [membership_id.arn()])?;
    let mut read = ctx.read(&permit)?;
    require_store(ctx, &mut read, store_id)?;
    let found = membership::require(&mut read, store_id, membership_id)?;
    ctx.authorize_all(ACTION, &[found.group_id.arn(), found.user_id.arn()]).map(drop)?;
    Ok(MembershipReply::new(found))
}
