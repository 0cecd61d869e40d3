//! `PorticoAdmin.EnableUser`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::Fault;
use model::user::UserStatus;

use super::user_status::{UserStatusRequest, change};

pub const OPERATION: Operation<UserStatusRequest, NoReply> =
    Operation::writes("PorticoAdmin.EnableUser", "portico:EnableUser", enable_user);

/// Enables a user, who may then sign in again.
pub fn enable_user(ctx: &Ctx<'_>, request: &UserStatusRequest) -> Result<NoReply, Fault> {
    change(ctx, request, OPERATION.action, UserStatus::Enabled)
}
