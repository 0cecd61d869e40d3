//! AWS Identity Store: users, groups and memberships.
//!
//! Service Authorization Reference, "Actions, resources, and condition keys for AWS Identity
//! Store": every action requires permission on the store, and on the users, groups or memberships
//! that it is about. A list requires permission on all of their kind. The reference lacks the two
//! operations on the store itself; they require permission on the resources that they name.
//!
//! The resource of an action may be known only after a lookup. The policies are then evaluated a
//! second time. A lookup without a result requires permission on all resources of the kind, so that
//! callers cannot probe which ids exist.

mod access;
mod alternate_identifier;
mod attribute_operation;
mod attribute_path;
mod attribute_shape;
pub mod create_group;
pub mod create_group_membership;
pub mod create_user;
pub mod delete_group;
pub mod delete_group_membership;
pub mod delete_user;
pub mod describe_group;
pub mod describe_group_membership;
pub mod describe_identity_store;
pub mod describe_user;
mod extension_name;
mod filter;
pub mod get_group_id;
pub mod get_group_membership_id;
pub mod get_user_id;
mod group_profile;
pub mod group_reply;
pub mod is_member_in_groups;
pub mod list_group_memberships;
pub mod list_group_memberships_for_member;
pub mod list_groups;
pub mod list_identity_stores;
pub mod list_users;
pub mod member_id;
pub mod membership_reply;
pub mod removal;
mod revision;
pub mod update_group;
pub mod update_identity_store;
pub mod update_user;
pub mod user_profile;
pub mod user_reply;

pub use alternate_identifier::AlternateIdentifier;
pub use attribute_operation::AttributeOperation;
pub use filter::Filter;
pub use revision::Revision;

use kernel::Served;

/// Every operation that the service serves, by name.
pub const OPERATIONS: &[&dyn Served] = &[
    &create_group::OPERATION,
    &create_group_membership::OPERATION,
    &create_user::OPERATION,
    &delete_group::OPERATION,
    &delete_group_membership::OPERATION,
    &delete_user::OPERATION,
    &describe_group::OPERATION,
    &describe_group_membership::OPERATION,
    &describe_identity_store::OPERATION,
    &describe_user::OPERATION,
    &get_group_id::OPERATION,
    &get_group_membership_id::OPERATION,
    &get_user_id::OPERATION,
    &is_member_in_groups::OPERATION,
    &list_group_memberships::OPERATION,
    &list_group_memberships_for_member::OPERATION,
    &list_groups::OPERATION,
    &list_identity_stores::OPERATION,
    &list_users::OPERATION,
    &update_group::OPERATION,
    &update_identity_store::OPERATION,
    &update_user::OPERATION,
];
