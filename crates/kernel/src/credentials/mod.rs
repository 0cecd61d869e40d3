//! Role credentials: made without a row, checked at every call.
//!
//! An access key id holds its account; a session token holds sealed claims; the secret is derived
//! from a master key and both. What a key may do is looked up by reference, so that an edit of a
//! role's policies, and every way to withdraw a key, counts at the next call.

pub mod access_key;
pub mod authenticate;
pub mod authority;
pub mod key_ring;
pub mod operator;
pub mod person;
pub mod role_credentials;
pub mod session_token;

pub use key_ring::Keys;
pub use role_credentials::RoleCredentials;
