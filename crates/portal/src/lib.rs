//! AWS SSO (the API of the access portal): the accounts and roles of a person, and credentials for
//! them.
//!
//! The caller is the person of the token in the request; the router has already read `accessToken`.

pub mod describe_portal;
pub mod find_held_role;
pub mod get_role_credentials;
pub mod list_account_roles;
pub mod list_accounts;
pub mod list_entries;
pub mod logout;
mod session_name;

use kernel::Served;

/// Every operation that the service serves, by name.
pub const OPERATIONS: &[&dyn Served] = &[
    &get_role_credentials::OPERATION,
    &list_account_roles::OPERATION,
    &list_accounts::OPERATION,
    &logout::OPERATION,
];
