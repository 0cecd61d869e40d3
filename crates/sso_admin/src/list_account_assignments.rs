//! IAM Identity Center, `ListAccountAssignments`.

use std::fmt::Display;

use kernel::page::Page;
use kernel::reply::as_text;
use kernel::{Ctx, Operation};
use model::Fault;
use model::assignment::{AccountAssignment, PrincipalType};
use model::ids::AccountId;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{account, account_assignment};

use super::access::page_of;
use super::access::require_permission_set;
use super::permission_set_request::PermissionSetRequest;

pub const OPERATION: Operation<ListAccountAssignmentsRequest, ListAccountAssignmentsReply> =
    Operation::reads(
        "SWBExternalService.ListAccountAssignments",
        "sso:ListAccountAssignments",
        list_account_assignments,
    );

#[derive(Debug)]
pub struct ListAccountAssignmentsRequest {
    pub set: PermissionSetRequest,
    pub account_id: AccountId,
    pub page: Page,
}

impl FromFields for ListAccountAssignmentsRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            set: PermissionSetRequest::from_fields(fields)?,
            account_id: fields.required("AccountId")?,
            page: page_of(fields)?,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListAccountAssignmentsReply {
    pub account_assignments: Vec<AccountAssignmentReply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AccountAssignmentReply {
    pub account_id: String,
    pub permission_set_arn: String,
    #[serde(serialize_with = "as_text")]
    pub principal_type: PrincipalType,
    pub principal_id: String,
}

impl From<&AccountAssignment> for AccountAssignmentReply {
    fn from(assignment: &AccountAssignment) -> Self {
        Self {
            account_id: assignment.account_id.to_string(),
            permission_set_arn: assignment.permission_set_arn().to_string(),
            principal_type: assignment.principal.kind(),
            principal_id: assignment.principal.id().to_owned(),
        }
    }
}

/// Lists a page of the principals that are assigned to an account with a permission set, groups
/// first.
pub fn list_account_assignments(
    ctx: &Ctx<'_>,
    request: &ListAccountAssignmentsRequest,
) -> Result<ListAccountAssignmentsReply, Fault> {
    let ListAccountAssignmentsRequest { set, account_id, page } = request;
    let PermissionSetRequest { instance_id, permission_set_arn } = set;
    let resources = [permission_set_arn.to_string(), instance_id.arn(), account_id.sso_arn()];
    let permit = ctx.authorize_all(OPERATION.action, &resources)?;
    let mut read = ctx.read(&permit)?;
    require_permission_set(&mut read, instance_id, permission_set_arn)?;
    account::require(&mut read, account_id)?;

    let rows = |after: [String; 2], limit| {
        let (set_id, after) = (&permission_set_arn.id, after.each_ref().map(String::as_str));
        account_assignment::list(&mut read, instance_id, account_id, set_id, after, limit)
    };
    let key = |assignment: &AccountAssignment| {
        let principal = &assignment.principal;
        [principal.kind().to_string(), principal.id().to_owned()]
    };
    let narrowed_by: [&dyn Display; 2] = [permission_set_arn, account_id];
    let paged = page.read(ctx, &OPERATION, &narrowed_by, ["", ""], rows, key)?;
    let account_assignments = paged.rows.iter().map(AccountAssignmentReply::from);
    Ok(ListAccountAssignmentsReply {
        account_assignments: account_assignments.collect(),
        next_token: paged.next_token,
    })
}
