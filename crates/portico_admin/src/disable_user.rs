//! `PorticoAdmin.DisableUser`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::Fault;
use model::user::UserStatus;

use super::user_status::{UserStatusRequest, change};

pub const OPERATION: Operation<UserStatusRequest, NoReply> =
    Operation::writes("PorticoAdmin.DisableUser", "portico:DisableUser", disable_user);

/// Ends what a user may do, from the next call on, until they are enabled again. Role credentials
/// from before stay dead even then.
pub fn disable_user(ctx: &Ctx<'_>, request: &UserStatusRequest) -> Result<NoReply, Fault> {
    change(ctx, request, OPERATION.action, UserStatus::Disabled)
}
