//! Shared part of `DisableUser` and `EnableUser`.

use kernel::Ctx;
use kernel::identity_store::{require_store, resources};
use kernel::reply::NoReply;
use model::user::UserStatus;
use model::{AuditEvent, Fault};
use store::user;

use super::one_user::OneUser;

/// Sets the status of a user. Setting the current status changes nothing.
pub(super) fn change(
    ctx: &Ctx<'_>,
    request: &OneUser,
    action: &'static str,
    status: UserStatus,
) -> Result<NoReply, Fault> {
    let OneUser { identity_store_id: store_id, user_id } = request;
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
