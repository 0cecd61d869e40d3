//! The table of operations: one line each.

use super::Access::{Reads, Writes, WritesSlowly};
use super::{Operation, run, run_written};
use crate::identitystore;
use crate::oauth;
use crate::organizations;
use crate::organizations::create_account::create_account;
use crate::organizations::create_organization::create_organization;
use crate::organizations::describe_account::describe_account;
use crate::organizations::describe_create_account_status::describe_create_account_status;
use crate::organizations::describe_organization::describe_organization;
use crate::organizations::list_accounts::list_accounts;
use crate::organizations::list_create_account_status::list_create_account_status;
use crate::organizations::list_parents::list_parents;
use crate::organizations::list_roots::list_roots;
use crate::portal;
use crate::portico_admin;
use crate::sso_admin::attach_managed_policy_to_permission_set::attach_managed_policy_to_permission_set;
use crate::sso_admin::create_account_assignment::create_account_assignment;
use crate::sso_admin::create_instance::create_instance;
use crate::sso_admin::create_permission_set::create_permission_set;
use crate::sso_admin::delete_account_assignment::delete_account_assignment;
use crate::sso_admin::delete_inline_policy_from_permission_set::delete_inline_policy_from_permission_set;
use crate::sso_admin::delete_instance::delete_instance;
use crate::sso_admin::delete_permission_set::delete_permission_set;
use crate::sso_admin::describe_account_assignment_creation_status::describe_account_assignment_creation_status;
use crate::sso_admin::describe_account_assignment_deletion_status::describe_account_assignment_deletion_status;
use crate::sso_admin::describe_instance::describe_instance;
use crate::sso_admin::describe_permission_set::describe_permission_set;
use crate::sso_admin::describe_permission_set_provisioning_status::describe_permission_set_provisioning_status;
use crate::sso_admin::detach_managed_policy_from_permission_set::detach_managed_policy_from_permission_set;
use crate::sso_admin::get_inline_policy_for_permission_set::get_inline_policy_for_permission_set;
use crate::sso_admin::list_account_assignment_creation_status::list_account_assignment_creation_status;
use crate::sso_admin::list_account_assignment_deletion_status::list_account_assignment_deletion_status;
use crate::sso_admin::list_account_assignments::list_account_assignments;
use crate::sso_admin::list_account_assignments_for_principal::list_account_assignments_for_principal;
use crate::sso_admin::list_accounts_for_provisioned_permission_set::list_accounts_for_provisioned_permission_set;
use crate::sso_admin::list_instances::list_instances;
use crate::sso_admin::list_managed_policies_in_permission_set::list_managed_policies_in_permission_set;
use crate::sso_admin::list_permission_set_provisioning_status::list_permission_set_provisioning_status;
use crate::sso_admin::list_permission_sets::list_permission_sets;
use crate::sso_admin::list_permission_sets_provisioned_to_account::list_permission_sets_provisioned_to_account;
use crate::sso_admin::list_tags_for_resource::list_tags_for_resource;
use crate::sso_admin::provision_permission_set::provision_permission_set;
use crate::sso_admin::put_inline_policy_to_permission_set::put_inline_policy_to_permission_set;
use crate::sso_admin::tag_resource::tag_resource;
use crate::sso_admin::untag_resource::untag_resource;
use crate::sso_admin::update_instance::update_instance;
use crate::sso_admin::update_permission_set::update_permission_set;
use crate::sts::get_access_key_info::get_access_key_info;
use crate::sts::get_caller_identity::get_caller_identity;

/// One line of the table.
macro_rules! operation {
    ($name:literal, $action:literal, $access:ident, $function:path) => {
        operation!($name, $action, $access, $function, run)
    };
    ($name:literal, $action:literal, $access:ident, $function:path, $run:ident) => {
        Operation {
            name: $name,
            action: $action,
            access: $access,
            run: |ctx, fields| $run(ctx, fields, $function),
        }
    };
}

/// Every operation of the wire.
#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    operation!("AWSIdentityStore.CreateGroup", "identitystore:CreateGroup", Writes, identitystore::create_group::create_group),
    operation!("AWSIdentityStore.CreateGroupMembership", "identitystore:CreateGroupMembership", Writes, identitystore::create_group_membership::create_group_membership),
    operation!("AWSIdentityStore.CreateUser", "identitystore:CreateUser", Writes, identitystore::create_user::create_user),
    operation!("AWSIdentityStore.DeleteGroup", "identitystore:DeleteGroup", Writes, identitystore::delete_group::delete_group),
    operation!("AWSIdentityStore.DeleteGroupMembership", "identitystore:DeleteGroupMembership", Writes, identitystore::delete_group_membership::delete_group_membership),
    operation!("AWSIdentityStore.DeleteUser", "identitystore:DeleteUser", Writes, identitystore::delete_user::delete_user),
    operation!("AWSIdentityStore.DescribeGroup", "identitystore:DescribeGroup", Reads, identitystore::describe_group::describe_group),
    operation!("AWSIdentityStore.DescribeGroupMembership", "identitystore:DescribeGroupMembership", Reads, identitystore::describe_group_membership::describe_group_membership),
    operation!("AWSIdentityStore.DescribeIdentityStore", "identitystore:DescribeIdentityStore", Reads, identitystore::describe_identity_store::describe_identity_store),
    operation!("AWSIdentityStore.DescribeUser", "identitystore:DescribeUser", Reads, identitystore::describe_user::describe_user, run_written),
    operation!("AWSIdentityStore.GetGroupId", "identitystore:GetGroupId", Reads, identitystore::get_group_id::get_group_id),
    operation!("AWSIdentityStore.GetGroupMembershipId", "identitystore:GetGroupMembershipId", Reads, identitystore::get_group_membership_id::get_group_membership_id),
    operation!("AWSIdentityStore.GetUserId", "identitystore:GetUserId", Reads, identitystore::get_user_id::get_user_id),
    operation!("AWSIdentityStore.IsMemberInGroups", "identitystore:IsMemberInGroups", Reads, identitystore::is_member_in_groups::is_member_in_groups),
    operation!("AWSIdentityStore.ListGroupMemberships", "identitystore:ListGroupMemberships", Reads, identitystore::list_group_memberships::list_group_memberships),
    operation!("AWSIdentityStore.ListGroupMembershipsForMember", "identitystore:ListGroupMembershipsForMember", Reads, identitystore::list_group_memberships_for_member::list_group_memberships_for_member),
    operation!("AWSIdentityStore.ListGroups", "identitystore:ListGroups", Reads, identitystore::list_groups::list_groups),
    operation!("AWSIdentityStore.ListIdentityStores", "identitystore:ListIdentityStores", Reads, identitystore::list_identity_stores::list_identity_stores),
    operation!("AWSIdentityStore.ListUsers", "identitystore:ListUsers", Reads, identitystore::list_users::list_users, run_written),
    operation!("AWSIdentityStore.UpdateGroup", "identitystore:UpdateGroup", Writes, identitystore::update_group::update_group),
    operation!("AWSIdentityStore.UpdateUser", "identitystore:UpdateUser", Writes, identitystore::update_user::update_user),

    operation!("AWSOrganizationsV20161128.DescribeOrganization", "organizations:DescribeOrganization", Reads, describe_organization),
    operation!("AWSOrganizationsV20161128.ListAccounts", "organizations:ListAccounts", Reads, list_accounts),

    operation!("PorticoAdmin.DeleteSessions", "portico:DeleteSessions", Writes, portico_admin::delete_sessions::delete_sessions),
    operation!("PorticoAdmin.DisableUser", "portico:DisableUser", Writes, portico_admin::disable_user::disable_user),
    operation!("PorticoAdmin.EnableUser", "portico:EnableUser", Writes, portico_admin::enable_user::enable_user),
    operation!("PorticoAdmin.ListSessions", "portico:ListSessions", Reads, portico_admin::list_sessions::list_sessions),
    operation!("PorticoAdmin.ResetUserPassword", "portico:ResetUserPassword", WritesSlowly, portico_admin::reset_user_password::reset_user_password),
    operation!("PorticoAdmin.RevokeRoleCredentials", "portico:RevokeRoleCredentials", Writes, portico_admin::revoke_role_credentials::revoke_role_credentials),

    operation!("SSOOIDC.CreateToken", "sso-oauth:CreateToken", Writes, oauth::create_token::create_token),
    operation!("SSOOIDC.RegisterClient", "sso-oauth:RegisterClient", Reads, oauth::register_client::register_client),
    operation!("SSOOIDC.StartDeviceAuthorization", "sso-oauth:StartDeviceAuthorization", Writes, oauth::start_device_authorization::start_device_authorization),

    operation!("SSOPortal.GetRoleCredentials", "awsssoportal:GetRoleCredentials", Writes, portal::get_role_credentials::get_role_credentials),
    operation!("SSOPortal.ListAccountRoles", "awsssoportal:ListAccountRoles", Reads, portal::list_account_roles::list_account_roles),
    operation!("SSOPortal.ListAccounts", "awsssoportal:ListAccounts", Reads, portal::list_accounts::list_accounts),

    operation!("SSOPortal.Logout", "awsssoportal:Logout", Writes, portal::logout::logout),

    operation!("STS.GetAccessKeyInfo", "sts:GetAccessKeyInfo", Reads, get_access_key_info),
    operation!("STS.GetCallerIdentity", "sts:GetCallerIdentity", Reads, get_caller_identity),
    operation!("AWSOrganizationsV20161128.CreateAccount", "organizations:CreateAccount", Writes, create_account),
    operation!("AWSOrganizationsV20161128.CreateOrganization", "organizations:CreateOrganization", Writes, create_organization),
    operation!("AWSOrganizationsV20161128.DescribeAccount", "organizations:DescribeAccount", Reads, describe_account),
    operation!("AWSOrganizationsV20161128.DescribeCreateAccountStatus", "organizations:DescribeCreateAccountStatus", Reads, describe_create_account_status),
    operation!("AWSOrganizationsV20161128.ListCreateAccountStatus", "organizations:ListCreateAccountStatus", Reads, list_create_account_status),
    operation!("AWSOrganizationsV20161128.ListParents", "organizations:ListParents", Reads, list_parents),
    operation!("AWSOrganizationsV20161128.ListRoots", "organizations:ListRoots", Reads, list_roots),
    operation!("AWSOrganizationsV20161128.ListTagsForResource", "organizations:ListTagsForResource", Reads, organizations::list_tags_for_resource::list_tags_for_resource),
    operation!("AWSOrganizationsV20161128.TagResource", "organizations:TagResource", Writes, organizations::tag_resource::tag_resource),
    operation!("AWSOrganizationsV20161128.UntagResource", "organizations:UntagResource", Writes, organizations::untag_resource::untag_resource),

    operation!("SWBExternalService.CreateInstance", "sso:CreateInstance", Writes, create_instance),
    operation!("SWBExternalService.DeleteInstance", "sso:DeleteInstance", Writes, delete_instance),
    operation!("SWBExternalService.DescribeInstance", "sso:DescribeInstance", Reads, describe_instance),
    operation!("SWBExternalService.ListInstances", "sso:ListInstances", Reads, list_instances),
    operation!("SWBExternalService.UpdateInstance", "sso:UpdateInstance", Writes, update_instance),
    operation!("SWBExternalService.CreatePermissionSet", "sso:CreatePermissionSet", Writes, create_permission_set),
    operation!("SWBExternalService.DeletePermissionSet", "sso:DeletePermissionSet", Writes, delete_permission_set),
    operation!("SWBExternalService.DescribePermissionSet", "sso:DescribePermissionSet", Reads, describe_permission_set),
    operation!("SWBExternalService.DescribePermissionSetProvisioningStatus", "sso:DescribePermissionSetProvisioningStatus", Reads, describe_permission_set_provisioning_status),
    operation!("SWBExternalService.ListAccountsForProvisionedPermissionSet", "sso:ListAccountsForProvisionedPermissionSet", Reads, list_accounts_for_provisioned_permission_set),
    operation!("SWBExternalService.ListPermissionSetProvisioningStatus", "sso:ListPermissionSetProvisioningStatus", Reads, list_permission_set_provisioning_status),
    operation!("SWBExternalService.ListPermissionSets", "sso:ListPermissionSets", Reads, list_permission_sets),
    operation!("SWBExternalService.ListPermissionSetsProvisionedToAccount", "sso:ListPermissionSetsProvisionedToAccount", Reads, list_permission_sets_provisioned_to_account),
    operation!("SWBExternalService.ProvisionPermissionSet", "sso:ProvisionPermissionSet", Writes, provision_permission_set),
    operation!("SWBExternalService.UpdatePermissionSet", "sso:UpdatePermissionSet", Writes, update_permission_set),
    operation!("SWBExternalService.AttachManagedPolicyToPermissionSet", "sso:AttachManagedPolicyToPermissionSet", Writes, attach_managed_policy_to_permission_set),
    operation!("SWBExternalService.DetachManagedPolicyFromPermissionSet", "sso:DetachManagedPolicyFromPermissionSet", Writes, detach_managed_policy_from_permission_set),
    operation!("SWBExternalService.ListManagedPoliciesInPermissionSet", "sso:ListManagedPoliciesInPermissionSet", Reads, list_managed_policies_in_permission_set),
    operation!("SWBExternalService.PutInlinePolicyToPermissionSet", "sso:PutInlinePolicyToPermissionSet", Writes, put_inline_policy_to_permission_set),
    operation!("SWBExternalService.GetInlinePolicyForPermissionSet", "sso:GetInlinePolicyForPermissionSet", Reads, get_inline_policy_for_permission_set),
    operation!("SWBExternalService.DeleteInlinePolicyFromPermissionSet", "sso:DeleteInlinePolicyFromPermissionSet", Writes, delete_inline_policy_from_permission_set),
    operation!("SWBExternalService.CreateAccountAssignment", "sso:CreateAccountAssignment", Writes, create_account_assignment),
    operation!("SWBExternalService.DeleteAccountAssignment", "sso:DeleteAccountAssignment", Writes, delete_account_assignment),
    operation!("SWBExternalService.DescribeAccountAssignmentCreationStatus", "sso:DescribeAccountAssignmentCreationStatus", Reads, describe_account_assignment_creation_status),
    operation!("SWBExternalService.DescribeAccountAssignmentDeletionStatus", "sso:DescribeAccountAssignmentDeletionStatus", Reads, describe_account_assignment_deletion_status),
    operation!("SWBExternalService.ListAccountAssignmentCreationStatus", "sso:ListAccountAssignmentCreationStatus", Reads, list_account_assignment_creation_status),
    operation!("SWBExternalService.ListAccountAssignmentDeletionStatus", "sso:ListAccountAssignmentDeletionStatus", Reads, list_account_assignment_deletion_status),
    operation!("SWBExternalService.ListAccountAssignments", "sso:ListAccountAssignments", Reads, list_account_assignments),
    operation!("SWBExternalService.ListAccountAssignmentsForPrincipal", "sso:ListAccountAssignmentsForPrincipal", Reads, list_account_assignments_for_principal),
    operation!("SWBExternalService.TagResource", "sso:TagResource", Writes, tag_resource),
    operation!("SWBExternalService.UntagResource", "sso:UntagResource", Writes, untag_resource),
    operation!("SWBExternalService.ListTagsForResource", "sso:ListTagsForResource", Reads, list_tags_for_resource),
];
