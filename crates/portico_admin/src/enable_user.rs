//! `PorticoAdmin.EnableUser`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::Fault;
use model::user::UserStatus;
use protocol::{Fields, FromFields};

use super::one_user::OneUser;
use super::user_status::change;

pub const OPERATION: Operation<EnableUserRequest, NoReply> =
    Operation::writes("PorticoAdmin.EnableUser", "portico:EnableUser", enable_user);

#[derive(Debug)]
pub struct EnableUserRequest(pub OneUser);

impl FromFields for EnableUserRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        OneUser::from_fields(fields).map(Self)
    }
}

/// Enables a user, who may then sign in again.
pub fn enable_user(ctx: &Ctx<'_>, request: &EnableUserRequest) -> Result<NoReply, Fault> {
    change(ctx, &request.0, OPERATION.action, UserStatus::Enabled)
}
