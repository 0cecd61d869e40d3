//! AWS Organizations: the organisation and its accounts.

pub mod access;
pub mod create_account;
pub mod create_account_status;
pub mod create_organization;
pub mod describe_account;
pub mod describe_create_account_status;
pub mod describe_organization;
pub mod list_accounts;
pub mod list_create_account_status;
pub mod list_parents;
pub mod list_roots;
pub mod list_tags_for_resource;
mod reply;
pub mod tag_resource;
pub mod taggable;
pub mod untag_resource;

use kernel::Served;

/// Every operation that the service serves, by name.
pub const OPERATIONS: &[&dyn Served] = &[
    &create_account::OPERATION,
    &create_organization::OPERATION,
    &describe_account::OPERATION,
    &describe_create_account_status::OPERATION,
    &describe_organization::OPERATION,
    &list_accounts::OPERATION,
    &list_create_account_status::OPERATION,
    &list_parents::OPERATION,
    &list_roots::OPERATION,
    &list_tags_for_resource::OPERATION,
    &tag_resource::OPERATION,
    &untag_resource::OPERATION,
];
