//! The table of operations: one line each.

use super::Access::Reads;
use super::{Operation, run};
use crate::organizations::describe_organization::describe_organization;
use crate::organizations::list_accounts::list_accounts;

/// One line of the table.
macro_rules! operation {
    ($name:literal, $action:literal, $access:ident, $function:ident) => {
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
];
