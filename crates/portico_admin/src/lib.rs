//! Administration that AWS offers only in its console: passwords, sessions, user status,
//! revocation.
//!
//! Portico's own awsJson API, `X-Amz-Target: PorticoAdmin.<Operation>`, signing name `portico`.

pub mod delete_sessions;
pub mod disable_user;
pub mod enable_user;
pub mod list_sessions;
pub mod reset_user_password;
pub mod revoke_role_credentials;
pub mod user_status;

use kernel::Served;

/// Every operation that the service serves, by name.
pub const OPERATIONS: &[&dyn Served] = &[
    &delete_sessions::OPERATION,
    &disable_user::OPERATION,
    &enable_user::OPERATION,
    &list_sessions::OPERATION,
    &reset_user_password::OPERATION,
    &revoke_role_credentials::OPERATION,
];
