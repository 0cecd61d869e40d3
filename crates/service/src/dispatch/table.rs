//! The table of operations: one line each.

use super::Access::{Reads, Writes};
use super::{Operation, run};
use crate::organizations::describe_organization::describe_organization;
use crate::organizations::list_accounts::list_accounts;
use crate::portal;
use crate::sts::get_access_key_info::get_access_key_info;
use crate::sts::get_caller_identity::get_caller_identity;

/// One line of the table.
macro_rules! operation {
    ($name:literal, $action:literal, $access:ident, $function:path) => {
        Operation {
            name: $name,
            action: $action,
            access: $access,
            run: |ctx, fields| run(ctx, fields, $function),
        }
    };
}

/// Every operation of the wire.
#[rustfmt::skip]
pub const OPERATIONS: &[Operation] = &[
    operation!("AWSOrganizationsV20161128.DescribeOrganization", "organizations:DescribeOrganization", Reads, describe_organization),
    operation!("AWSOrganizationsV20161128.ListAccounts", "organizations:ListAccounts", Reads, list_accounts),

    operation!("SSOPortal.GetRoleCredentials", "awsssoportal:GetRoleCredentials", Writes, portal::get_role_credentials::get_role_credentials),
    operation!("SSOPortal.ListAccountRoles", "awsssoportal:ListAccountRoles", Reads, portal::list_account_roles::list_account_roles),
    operation!("SSOPortal.ListAccounts", "awsssoportal:ListAccounts", Reads, portal::list_accounts::list_accounts),

    operation!("SSOPortal.Logout", "awsssoportal:Logout", Writes, portal::logout::logout),

    operation!("STS.GetAccessKeyInfo", "sts:GetAccessKeyInfo", Reads, get_access_key_info),
    operation!("STS.GetCallerIdentity", "sts:GetCallerIdentity", Reads, get_caller_identity),
];
