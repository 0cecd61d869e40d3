//! Passwords: as people type them, as the rules allow them, and as the database stores them.
//!
//! AWS IAM Identity Center User Guide, "Password requirements when managing identities".

mod hash;
mod link;
mod policy;
mod reset_request;
pub mod rule;
mod typed;
mod user_password;
mod voucher;

pub use hash::{HashCost, PasswordHash, StoredHash};
pub use link::{LinkPurpose, PasswordLink};
pub use policy::PasswordPolicy;
pub use reset_request::PasswordResetRequest;
pub use typed::Password;
pub use user_password::{PasswordKind, UserPassword};
pub use voucher::{Guarantor, RoleHolder, Voucher};
