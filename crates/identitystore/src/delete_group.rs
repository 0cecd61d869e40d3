//! AWS Identity Store, `DeleteGroup`, and the job that deletes the rows of the group.

use kernel::identity_store::require_store;
use kernel::jobs::Kind;
use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::ids::{GroupId, IdentityStoreId};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::group;

use super::Revision;
use super::access::authorize;
use super::removal::{Removed, delete_part};

pub const OPERATION: Operation<DeleteGroupRequest, NoReply> =
    Operation::writes("AWSIdentityStore.DeleteGroup", "identitystore:DeleteGroup", delete_group);

/// Job that deletes the rows.
pub const JOB: Kind<Removed<GroupId>> =
    Kind::new("DELETE_GROUP", OPERATION.action, delete_part).tried_until_done();

#[derive(Debug)]
pub struct DeleteGroupRequest {
    pub identity_store_id: IdentityStoreId,
    pub group_id: GroupId,
    pub revision: Option<Revision>,
}

impl FromFields for DeleteGroupRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            group_id: fields.required("GroupId")?,
            revision: fields.optional("Revision")?,
        })
    }
}

/// Deletes a group with its memberships and assignments. Access through the group ends immediately.
pub fn delete_group(ctx: &Ctx<'_>, request: &DeleteGroupRequest) -> Result<NoReply, Fault> {
    let DeleteGroupRequest { identity_store_id: store_id, group_id, revision } = request;
    let permit = authorize(ctx, OPERATION.action, store_id, [group_id.arn()])?;
    let room = JOB.require_room(ctx, &mut ctx.read(&permit)?)?;
    let mut tx = ctx.begin(permit)?;
    let instance = require_store(ctx, &mut tx, store_id)?;
    let found = group::require(&mut tx, store_id, group_id)?;
    Revision::require_current(revision.as_ref(), found.revision)?;
    group::delete(&mut tx, store_id, group_id)?;
    let removed = Removed {
        instance_id: instance.id.clone(),
        principal_id: group_id.clone(),
        resource: group_id.arn(),
    };
    let job = JOB.queue(ctx, (&mut tx, room), instance.id.to_string(), &removed)?;
    let event = AuditEvent::new()
        .asked("identityStoreId", store_id)
        .asked("groupId", group_id)
        .answered("displayName", &found.display_name)
        .answered("jobId", &job.id);
    tx.commit(&event)?;
    Ok(NoReply {})
}
