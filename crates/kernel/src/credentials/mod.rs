//! Role credentials: issued without a database row and checked at every call.
//!
//! An access key id contains its account. A session token contains sealed claims. The secret is
//! derived from a master key and both. The policies of a key are looked up by reference, so an edit
//! of a role's policies and every withdrawal of a key takes effect at the next call.

pub mod access_key;
pub mod authenticate;
pub mod authority;
pub mod known_key;
pub mod operator;
pub mod person;
pub mod rejection;
pub mod role_credentials;
pub mod session_token;

pub use rejection::Rejection;
pub use role_credentials::RoleCredentials;
