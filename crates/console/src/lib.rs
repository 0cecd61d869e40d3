//! What the console asks for that no API of AWS has in one operation.

pub mod describe_role_session;
pub mod list_buckets;
