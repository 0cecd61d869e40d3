//! What AWS keeps for its own console: passwords, sessions, the status of users, revocation.
//!
//! Our own awsJson API, `X-Amz-Target: PorticoAdmin.<Operation>`, signing name `portico`.

pub mod delete_sessions;
pub mod disable_user;
pub mod enable_user;
pub mod list_sessions;
pub mod reset_user_password;
pub mod revoke_role_credentials;
#[cfg(test)]
mod tests;
pub mod user_status;

use model::ids::{IdentityStoreId, UserId};

use crate::Ctx;

use crate::operation::Served;

/// Every operation that the service serves, by name.
pub const OPERATIONS: &[&dyn Served] = &[
    &delete_sessions::OPERATION,
    &disable_user::OPERATION,
    &enable_user::OPERATION,
    &list_sessions::OPERATION,
    &reset_user_password::OPERATION,
    &revoke_role_credentials::OPERATION,
];

/// What an operation on a user is about, for policies: the identity store and the user.
///
/// The store's ARN carries the caller's account: a store of another is not found under it, and is
/// refused by `store::instance::require_store` whatever the caller's policies say.
fn user_resources(ctx: &Ctx<'_>, store_id: &IdentityStoreId, user_id: &UserId) -> [String; 2] {
    let store = ctx.caller.account_id().map_or_else(|| "*".to_owned(), |id| store_id.arn(id));
    [store, user_id.arn()]
}
