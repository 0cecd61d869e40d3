//! AWS Identity Store, `DeleteGroupMembership`.

use kernel::identity_store::require_store;
use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::ids::{IdentityStoreId, MembershipId};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::membership;

use super::access::authorize;

pub const OPERATION: Operation<DeleteGroupMembershipRequest, NoReply> = Operation::writes(
    "AWSIdentityStore.DeleteGroupMembership",
    "identitystore:DeleteGroupMembership",
    delete_group_membership,
);

const ACTION: &str = OPERATION.action;

#[derive(Debug)]
pub struct DeleteGroupMembershipRequest {
    pub identity_store_id: IdentityStoreId,
    pub membership_id: MembershipId,
}

impl FromFields for DeleteGroupMembershipRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            membership_id: fields.required("MembershipId")?,
        })
    }
}

/// Removes a user from a group. Access through the group ends immediately.
pub fn delete_group_membership(
    ctx: &Ctx<'_>,
    request: &DeleteGroupMembershipRequest,
) -> Result<NoReply, Fault> {
    let DeleteGroupMembershipRequest { identity_store_id: store_id, membership_id } = request;
    let permit = authorize(ctx, ACTION, store_id, [membership_id.arn()])?;
    let mut tx = ctx.begin(permit)?;
    require_store(ctx, &mut tx, store_id)?;
    let found = membership::require(&mut tx, store_id, membership_id)?;
    ctx.authorize_all(ACTION, &[found.group_id.arn(), found.user_id.arn()]).map(drop)?;
    membership::delete(&mut tx, store_id, membership_id)?;

    let event = AuditEvent::new()
        .asked("identityStoreId", store_id)
        .asked("membershipId", membership_id)
        .answered("groupId", &found.group_id)
        .answered("userId", &found.user_id);
    tx.commit(&event)?;
    Ok(NoReply {})
}
