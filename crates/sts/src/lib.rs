//! AWS STS: who a key makes its holder.

pub mod get_access_key_info;
pub mod get_caller_identity;

use kernel::Served;

/// Every operation that the service serves, by name.
pub const OPERATIONS: &[&dyn Served] =
    &[&get_access_key_info::OPERATION, &get_caller_identity::OPERATION];
