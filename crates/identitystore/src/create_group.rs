//! AWS Identity Store, `CreateGroup`.

use kernel::identity_store::require_store;
use kernel::{Ctx, Operation};
use model::group::Group;
use model::ids::{GroupId, IdentityStoreId};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::group;

use super::access::authorize;
use super::group_profile::GroupProfile;
use super::group_reply::GroupRevisionReply;

pub const OPERATION: Operation<CreateGroupRequest, GroupRevisionReply> =
    Operation::writes("AWSIdentityStore.CreateGroup", "identitystore:CreateGroup", create_group);

#[derive(Debug)]
pub struct CreateGroupRequest {
    pub identity_store_id: IdentityStoreId,
    pub profile: GroupProfile,
}

impl FromFields for CreateGroupRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            profile: GroupProfile::read(fields, None)?,
        })
    }
}

/// Creates an empty group whose name is new to the identity store.
pub fn create_group(
    ctx: &Ctx<'_>,
    request: &CreateGroupRequest,
) -> Result<GroupRevisionReply, Fault> {
    let store_id = &request.identity_store_id;
    let permit = authorize(ctx, OPERATION.action, store_id, [])?;
    let mut tx = ctx.begin(permit)?;
    require_store(ctx, &mut tx, store_id)?;

    let GroupProfile { display_name, description } = request.profile.clone();
    let created = Group {
        id: GroupId::random(&*ctx.portico.random),
        identity_store_id: store_id.clone(),
        display_name,
        description,
        external_ids: Vec::new(),
        revision: 1,
        created_at_ms: tx.now_ms(),
        created_by: tx.caller_arn(),
        updated_at_ms: tx.now_ms(),
        updated_by: tx.caller_arn(),
    };
    group::insert(&mut tx, &created)?;

    let event = AuditEvent::new()
        .asked("identityStoreId", store_id)
        .asked("displayName", &created.display_name)
        .answered("groupId", &created.id);
    tx.commit(&event)?;
    Ok(GroupRevisionReply::new(&created, created.revision))
}
