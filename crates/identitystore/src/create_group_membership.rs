//! AWS Identity Store, `CreateGroupMembership`.

use kernel::identity_store::require_store;
use kernel::{Ctx, Operation};
use model::ids::{GroupId, IdentityStoreId, MembershipId, UserId};
use model::membership::Membership;
use model::user::UserStatus;
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::{group, membership, user};

use super::access::authorize;
use super::member_id;
use super::membership_reply::MembershipIdReply;

pub const OPERATION: Operation<CreateGroupMembershipRequest, MembershipIdReply> = Operation::writes(
    "AWSIdentityStore.CreateGroupMembership",
    "identitystore:CreateGroupMembership",
    create_group_membership,
);

#[derive(Debug)]
pub struct CreateGroupMembershipRequest {
    pub identity_store_id: IdentityStoreId,
    pub group_id: GroupId,
    /// AWS: `MemberId`.
    pub user_id: UserId,
}

impl FromFields for CreateGroupMembershipRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            group_id: fields.required("GroupId")?,
            user_id: member_id::read(fields)?,
        })
    }
}

/// Adds a user to a group.
pub fn create_group_membership(
    ctx: &Ctx<'_>,
    request: &CreateGroupMembershipRequest,
) -> Result<MembershipIdReply, Fault> {
    let CreateGroupMembershipRequest { identity_store_id: store_id, group_id, user_id } = request;
    let others = [group_id.arn(), user_id.arn()];
    let permit = authorize(ctx, OPERATION.action, store_id, others)?;
    let mut tx = ctx.begin(permit)?;
    require_store(ctx, &mut tx, store_id)?;
    group::require(&mut tx, store_id, group_id)?;
    // AWS: a disabled user cannot be added to a group.
    if user::require(&mut tx, store_id, user_id)?.status == UserStatus::Disabled {
        return Err(Fault::conflict("The user is disabled. Enable the user first."));
    }

    let created = Membership {
        id: MembershipId::random(&*ctx.portico.random),
        identity_store_id: store_id.clone(),
        group_id: group_id.clone(),
        user_id: user_id.clone(),
        created_at_ms: tx.now_ms(),
        created_by: tx.caller_arn(),
        updated_at_ms: tx.now_ms(),
        updated_by: tx.caller_arn(),
    };
    membership::insert(&mut tx, &created)?;

    let event = AuditEvent::new()
        .asked("identityStoreId", store_id)
        .asked("groupId", group_id)
        .asked("userId", user_id)
        .answered("membershipId", &created.id);
    tx.commit(&event)?;
    Ok(MembershipIdReply::new(&created))
}
