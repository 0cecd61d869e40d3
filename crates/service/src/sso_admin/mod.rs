//! IAM Identity Center administration (sso-admin): instances, permission sets, account assignments,
//! and the tags of instances and permission sets.
//!
//! Service Authorization Reference, "Actions, resources, and condition keys for AWS IAM Identity
//! Center": every action asks for the instance, and beside it for the permission set and the account
//! that it names; tagging asks for what is tagged alone.

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

pub mod assignment_request;
pub mod assignment_status;
pub mod instance_reply;
pub mod managed_policy_request;
mod network_configuration;
pub mod permission_set_reply;
pub mod permission_set_request;
pub mod provisioning_status;
pub mod status_list;
pub mod tags;
#[cfg(test)]
mod tests;

use model::ids::{InstanceId, PermissionSetArn};
use model::instance::Instance;
use model::permission_set::PermissionSet;
use model::{Fault, IdentityCenterEntity};
use protocol::Fields;
use store::{Read, instance, permission_set};

use crate::page::Page;

/// Reads `MaxResults` and `NextToken`.
// AWS: Token of sso-admin.
fn page_of(fields: &Fields<'_>) -> Result<Page, Fault> {
    Page::within(fields, 100, 2048)
}

/// The instance, if it is the organisation's and the caller's account owns it: only that one has
/// permission sets.
fn require_organization_instance(read: &mut Read<'_>, id: &InstanceId) -> Result<Instance, Fault> {
    let found = instance::require(read, id)?;
    if found.is_organization {
        return Ok(found);
    }
    // AWS: word for word.
    let because = "The operation is not supported for this Identity Center instance";
    Err(Fault::Unsupported { because: because.into() })
}

/// The permission set, if it is one of the instance and the caller's account owns that.
fn require_permission_set(
    read: &mut Read<'_>,
    instance_id: &InstanceId,
    arn: &PermissionSetArn,
) -> Result<PermissionSet, Fault> {
    require_organization_instance(read, instance_id)?;
    if arn.instance_id != *instance_id {
        return Err(Fault::not_found(IdentityCenterEntity::PermissionSet, arn));
    }
    permission_set::require(read, arn)
}
