//! AWS STS: who a key makes its holder.

pub mod get_access_key_info;
pub mod get_caller_identity;
