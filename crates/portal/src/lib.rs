//! AWS SSO (the access portal's API): what a person may enter, and keys for it.
//!
//! The caller is the person whose token the request carries; `accessToken` was read by the router.

pub mod describe_portal;
pub mod find_held_role;
pub mod get_role_credentials;
pub mod list_account_roles;
pub mod list_accounts;
pub mod list_entries;
pub mod logout;

use kernel::Served;

/// Every operation that the service serves, by name.
pub const OPERATIONS: &[&dyn Served] = &[
    &get_role_credentials::OPERATION,
    &list_account_roles::OPERATION,
    &list_accounts::OPERATION,
    &logout::OPERATION,
];
