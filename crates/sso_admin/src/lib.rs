//! IAM Identity Center administration (sso-admin): instances, permission sets, account assignments,
//! and the tags of instances and permission sets.
//!
//! Service Authorization Reference, "Actions, resources, and condition keys for AWS IAM Identity
//! Center": every action requires permission on the instance, and on the permission set and the
//! account that it names. Tagging requires permission only on the tagged resource.

pub mod access;
pub mod attach_managed_policy_to_permission_set;
pub mod create_account_assignment;
pub mod create_instance;
pub mod create_permission_set;
pub mod delete_account_assignment;
pub mod delete_inline_policy_from_permission_set;
pub mod delete_instance;
pub mod delete_permission_set;
pub mod describe_account_assignment_creation_status;
pub mod describe_account_assignment_deletion_status;
pub mod describe_instance;
pub mod describe_permission_set;
pub mod describe_permission_set_provisioning_status;
pub mod detach_managed_policy_from_permission_set;
pub mod get_inline_policy_for_permission_set;
pub mod list_account_assignment_creation_status;
pub mod list_account_assignment_deletion_status;
pub mod list_account_assignments;
pub mod list_account_assignments_for_principal;
pub mod list_accounts_for_provisioned_permission_set;
pub mod list_instances;
pub mod list_managed_policies_in_permission_set;
pub mod list_permission_set_provisioning_status;
pub mod list_permission_sets;
pub mod list_permission_sets_provisioned_to_account;
pub mod list_tags_for_resource;
pub mod provision_permission_set;
pub mod put_inline_policy_to_permission_set;
pub mod tag_resource;
pub mod untag_resource;
pub mod update_instance;
pub mod update_permission_set;

pub mod assignment_payload;
pub mod assignment_request;
pub mod assignment_status;
pub mod instance_reply;
pub mod managed_policy_request;
mod network_configuration;
pub mod permission_set_reply;
pub mod permission_set_request;
mod provisioning;
pub mod provisioning_status;
pub mod status_list;
pub mod tags;

use kernel::Served;

/// Every operation that the service serves, by name.
pub const OPERATIONS: &[&dyn Served] = &[
    &attach_managed_policy_to_permission_set::OPERATION,
    &create_account_assignment::OPERATION,
    &create_instance::OPERATION,
    &create_permission_set::OPERATION,
    &delete_account_assignment::OPERATION,
    &delete_inline_policy_from_permission_set::OPERATION,
    &delete_instance::OPERATION,
    &delete_permission_set::OPERATION,
    &describe_account_assignment_creation_status::OPERATION,
    &describe_account_assignment_deletion_status::OPERATION,
    &describe_instance::OPERATION,
    &describe_permission_set::OPERATION,
    &describe_permission_set_provisioning_status::OPERATION,
    &detach_managed_policy_from_permission_set::OPERATION,
    &get_inline_policy_for_permission_set::OPERATION,
    &list_account_assignment_creation_status::OPERATION,
    &list_account_assignment_deletion_status::OPERATION,
    &list_account_assignments::OPERATION,
    &list_account_assignments_for_principal::OPERATION,
    &list_accounts_for_provisioned_permission_set::OPERATION,
    &list_instances::OPERATION,
    &list_managed_policies_in_permission_set::OPERATION,
    &list_permission_set_provisioning_status::OPERATION,
    &list_permission_sets::OPERATION,
    &list_permission_sets_provisioned_to_account::OPERATION,
    &list_tags_for_resource::OPERATION,
    &provision_permission_set::OPERATION,
    &put_inline_policy_to_permission_set::OPERATION,
    &tag_resource::OPERATION,
    &untag_resource::OPERATION,
    &update_instance::OPERATION,
    &update_permission_set::OPERATION,
];
