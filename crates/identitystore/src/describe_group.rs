//! AWS Identity Store, `DescribeGroup`.

use kernel::identity_store::require_store;
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::{GroupId, IdentityStoreId};
use protocol::{Fields, FromFields};
use store::group;

use super::access::authorize;
use super::group_reply::GroupReply;

pub const OPERATION: Operation<DescribeGroupRequest, GroupReply> = Operation::reads(
    "AWSIdentityStore.DescribeGroup",
    "identitystore:DescribeGroup",
    describe_group,
);

#[derive(Debug)]
pub struct DescribeGroupRequest {
    pub identity_store_id: IdentityStoreId,
    pub group_id: GroupId,
}

impl FromFields for DescribeGroupRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            group_id: fields.required("GroupId")?,
        })
    }
}

/// Describes a group, without its members.
pub fn describe_group(ctx: &Ctx<'_>, request: &DescribeGroupRequest) -> Result<GroupReply, Fault> {
    let DescribeGroupRequest { identity_store_id: store_id, group_id } = request;
    let permit = authorize(ctx, OPERATION.action, store_id, [group_id.arn()])?;
    let mut read = ctx.read(&permit)?;
    require_store(ctx, &mut read, store_id)?;
    group::require(&mut read, store_id, group_id).map(GroupReply::new)
}
