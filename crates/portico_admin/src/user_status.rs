//! Shared part of `DisableUser` and `EnableUser`.

use kernel::Ctx;
use kernel::identity_store::{require_store, resources};
use kernel::reply::NoReply;
use model::ids::{IdentityStoreId, UserId};
use model::user::UserStatus;
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::user;

#[derive(Debug)]
pub struct UserStatusRequest {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
}

impl FromFields for UserStatusRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            user_id: fields.required("UserId")?,
        })
    }
}

/// Sets the status of a user. Setting the current status changes nothing.
pub(super) fn change(
    ctx: &Ctx<'_>,
    request: &UserStatusRequest,
    action: &'static str,
    status: UserStatus,
) -> Result<NoReply, Fault> {
    let UserStatusRequest { identity_store_id: store_id, user_id } = request;
    let permit = ctx.authorize_all(action, &resources(ctx, store_id, [user_id.arn()]))?;
    let mut tx = ctx.begin(permit)?;
    require_store(ctx, &mut tx, store_id)?;
    let found = user::require(&mut tx, store_id, user_id)?;
    if found.status != status {
        user::set_status(&mut tx, store_id, user_id, status)?;
    }
    let event = AuditEvent::new()
        .asked("identityStoreId", store_id)
        .asked("userId", user_id)
        .answered("userName", &found.user_name)
        .answered("statusBefore", found.status.as_str());
    tx.commit(&event)?;
    Ok(NoReply {})
}
