//! AWS STS: the identity of a caller and the account of an access key.

pub mod get_access_key_info;
pub mod get_caller_identity;

use kernel::Served;

/// Every operation that the service serves, by name.
pub const OPERATIONS: &[&dyn Served] =
    &[&get_access_key_info::OPERATION, &get_caller_identity::OPERATION];
