//! `PorticoAdmin.DisableUser`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::Fault;
use model::user::UserStatus;
use protocol::{Fields, FromFields};

use super::one_user::OneUser;
use super::user_status::change;

pub const OPERATION: Operation<DisableUserRequest, NoReply> =
    Operation::writes("PorticoAdmin.DisableUser", "portico:DisableUser", disable_user);

#[derive(Debug)]
pub struct DisableUserRequest(pub OneUser);

impl FromFields for DisableUserRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        OneUser::from_fields(fields).map(Self)
    }
}

/// Disables a user from the next call on. Role credentials that were issued before stay invalid
/// even after the user is enabled again.
pub fn disable_user(ctx: &Ctx<'_>, request: &DisableUserRequest) -> Result<NoReply, Fault> {
    change(ctx, &request.0, OPERATION.action, UserStatus::Disabled)
}
