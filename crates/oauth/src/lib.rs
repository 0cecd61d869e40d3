//! AWS SSO OIDC: clients that act for people, and the pages on which people authorize them.
//!
//! RFC 6749 (OAuth 2.0), RFC 7636 (PKCE), RFC 8628 (device codes), RFC 9700 (best current
//! practice).
//! INVARIANT: a client gets tokens only for a client session. Only a person with a portal session
//! begins a client session, and it ends with the portal session.

pub mod authorize;
mod client;
mod client_session;
pub mod create_token;
pub mod device;
mod device_setting;
mod grants;
pub mod register_client;
pub mod start_device_authorization;
mod start_url;
mod tokens;

use kernel::Served;

/// Every operation that the service serves, by name.
pub const OPERATIONS: &[&dyn Served] = &[
    &create_token::OPERATION,
    &register_client::OPERATION,
    &start_device_authorization::OPERATION,
];
