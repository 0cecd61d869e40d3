//! AWS Identity Store, `DeleteUser`, and the job that deletes the rows of the user.

use kernel::identity_store::require_store;
use kernel::jobs::Kind;
use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::ids::{IdentityStoreId, UserId};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::user;

use super::Revision;
use super::access::authorize;
use super::removal::{Removed, delete_part};

pub const OPERATION: Operation<DeleteUserRequest, NoReply> =
    Operation::writes("AWSIdentityStore.DeleteUser", "identitystore:DeleteUser", delete_user);

/// Job that deletes the rows.
pub const JOB: Kind<Removed<UserId>> =
    Kind::new("DELETE_USER", OPERATION.action, delete_part).tried_until_done();

#[derive(Debug)]
pub struct DeleteUserRequest {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    pub revision: Option<Revision>,
}

impl FromFields for DeleteUserRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            user_id: fields.required("UserId")?,
            revision: fields.optional("Revision")?,
        })
    }
}

/// Deletes a user with their memberships, assignments, password and sessions. Their role
/// credentials become invalid immediately.
pub fn delete_user(ctx: &Ctx<'_>, request: &DeleteUserRequest) -> Result<NoReply, Fault> {
    let DeleteUserRequest { identity_store_id: store_id, user_id, revision } = request;
    let permit = authorize(ctx, OPERATION.action, store_id, [user_id.arn()])?;
    let room = JOB.require_room(ctx, &mut ctx.read(&permit)?)?;
    let mut tx = ctx.begin(permit)?;
    let instance = require_store(ctx, &mut tx, store_id)?;
    let found = user::require(&mut tx, store_id, user_id)?;
    Revision::require_current(revision.as_ref(), found.revision)?;
    user::delete(&mut tx, store_id, user_id)?;
    let removed = Removed {
        instance_id: instance.id.clone(),
        principal_id: user_id.clone(),
        resource: user_id.arn(),
    };
    let job = JOB.queue(ctx, (&mut tx, room), instance.id.to_string(), &removed)?;
    let event = AuditEvent::new()
        .asked("identityStoreId", store_id)
        .asked("userId", user_id)
        .answered("userName", &found.user_name)
        .answered("jobId", &job.id);
    tx.commit(&event)?;
    Ok(NoReply {})
}
