//! `PorticoAdmin.EnableUser`.

use model::Fault;
use model::user::UserStatus;

use super::user_status::{UserStatusRequest, change};
use crate::Ctx;
use crate::operation::Operation;
use crate::reply::NoReply;

pub const OPERATION: Operation<UserStatusRequest, NoReply> = Operation::writes("PorticoAdmin.EnableUser", "portico:EnableUser", enable_user);

/// Lets a user sign in again.
pub fn enable_user(ctx: &Ctx<'_>, request: &UserStatusRequest) -> Result<NoReply, Fault> {
    change(ctx, request, OPERATION.action, UserStatus::Enabled)
}
