//! AWS Identity Store, `UpdateGroup`.

use kernel::identity_store::require_store;
use kernel::{Ctx, Operation};
use model::group::Group;
use model::ids::{GroupId, IdentityStoreId};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::group;

use super::access::authorize;
use super::attribute_shape::GROUP;
use super::group_profile::GroupProfile;
use super::group_reply::GroupRevisionReply;
use super::{AttributeOperation, Revision, attribute_operation};

pub const OPERATION: Operation<UpdateGroupRequest, GroupRevisionReply> =
    Operation::writes("AWSIdentityStore.UpdateGroup", "identitystore:UpdateGroup", update_group);

#[derive(Debug)]
pub struct UpdateGroupRequest {
    pub identity_store_id: IdentityStoreId,
    pub group_id: GroupId,
    pub operations: Vec<AttributeOperation>,
    pub revision: Option<Revision>,
}

impl FromFields for UpdateGroupRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            group_id: fields.required("GroupId")?,
            operations: attribute_operation::read(fields)?,
            revision: fields.optional("Revision")?,
        })
    }
}

/// Applies all operations to a group, or none.
pub fn update_group(
    ctx: &Ctx<'_>,
    request: &UpdateGroupRequest,
) -> Result<GroupRevisionReply, Fault> {
    let UpdateGroupRequest { identity_store_id: store_id, group_id, operations, revision } =
        request;
    let permit = authorize(ctx, OPERATION.action, store_id, [group_id.arn()])?;
    let mut tx = ctx.begin(permit)?;
    require_store(ctx, &mut tx, store_id)?;
    let found = group::require(&mut tx, store_id, group_id)?;
    Revision::require_current(revision.as_ref(), found.revision)?;

    let mut draft = GroupProfile::draft(&found);
    attribute_operation::apply(&mut draft, GROUP, operations)?;
    let profile = GroupProfile::read(&Fields::from_map(draft), Some(&found))?;
    let changed = Group {
        display_name: profile.display_name,
        description: profile.description,
        updated_at_ms: tx.now_ms(),
        updated_by: tx.caller_arn(),
        ..found
    };
    let revision = group::update(&mut tx, &changed)?;

    let event = AuditEvent::new()
        .asked("identityStoreId", store_id)
        .asked("groupId", group_id)
        .asked_list("attributePaths", attribute_operation::paths(operations))
        .answered("displayName", &changed.display_name)
        .answered("revision", revision);
    tx.commit(&event)?;
    Ok(GroupRevisionReply::new(&changed, revision))
}
