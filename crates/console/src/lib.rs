//! Page operations: reads of the console that no operation of AWS does in one.
//!
//! INVARIANT: a page operation asks the policies for every action and resource that the operations of
//! the API ask for to show the same data. The policies are asked in memory, without a read for each.
//! INVARIANT: a page operation reads in a number of statements that does not depend on the data, and
//! leaves one event, and one more for the first refusal of each action whose result the page leaves out.

pub mod describe_instance_session;
pub mod describe_permission_set;
pub mod describe_role_session;
pub mod list_assignments;
pub mod list_buckets;
pub mod list_permission_sets;
pub mod list_users;

pub use kernel::parts::{Permitted, permitted};
