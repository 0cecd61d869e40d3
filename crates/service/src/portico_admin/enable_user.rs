//! `PorticoAdmin.EnableUser`.

use model::Fault;
use model::user::UserStatus;

use super::user_status::{UserStatusRequest, change};
use crate::Ctx;
use crate::reply::NoReply;

/// Lets a user sign in again.
pub fn enable_user(ctx: &Ctx<'_>, request: &UserStatusRequest) -> Result<NoReply, Fault> {
    change(ctx, request, "portico:EnableUser", UserStatus::Enabled)
}
