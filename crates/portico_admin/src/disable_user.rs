//! `PorticoAdmin.DisableUser`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::Fault;
use model::user::UserStatus;

use super::user_status::{UserStatusRequest, change};

pub const OPERATION: Operation<UserStatusRequest, NoReply> =
    Operation::writes("PorticoAdmin.DisableUser", "portico:DisableUser", disable_user);

/// Disables a user from the next call on. Role credentials that were issued before stay invalid
/// even after the user is enabled again.
pub fn disable_user(ctx: &Ctx<'_>, request: &UserStatusRequest) -> Result<NoReply, Fault> {
    change(ctx, request, OPERATION.action, UserStatus::Disabled)
}
