//! IAM Identity Center, `ListAccountAssignmentsForPrincipal`.

use std::fmt::Display;

use kernel::page::Page;
use kernel::{Ctx, Operation};
use model::Fault;
use model::assignment::{AccountAssignment, AssignmentPrincipal};
use model::ids::{AccountId, InstanceId};
use protocol::{Fields, FromFields};
use store::account_assignment::{self, OfPrincipal};
use store::assigned_principal;

use super::access::page_of;
use super::access::require_organization_instance;
use super::assignment_request::principal_of;
use super::list_account_assignments::{AccountAssignmentReply, ListAccountAssignmentsReply};

pub const OPERATION: Operation<
    ListAccountAssignmentsForPrincipalRequest,
    ListAccountAssignmentsReply,
> = Operation::reads(
    "SWBExternalService.ListAccountAssignmentsForPrincipal",
    "sso:ListAccountAssignmentsForPrincipal",
    list_account_assignments_for_principal,
);

#[derive(Debug)]
pub struct ListAccountAssignmentsForPrincipalRequest {
    pub instance_id: InstanceId,
    pub principal: AssignmentPrincipal,
    pub account_id: Option<AccountId>,
    pub page: Page,
}

impl FromFields for ListAccountAssignmentsForPrincipalRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let filter = fields.object("Filter")?;
        Ok(Self {
            instance_id: fields.required("InstanceArn")?,
            principal: principal_of(fields)?,
            account_id: filter.map_or(Ok(None), |filter| filter.optional("AccountId"))?,
            page: page_of(fields)?,
        })
    }
}

/// Lists a page of the assignments of a user or group, by account. The list of a user includes the
/// assignments of their groups, with the id of the group.
pub fn list_account_assignments_for_principal(
    ctx: &Ctx<'_>,
    request: &ListAccountAssignmentsForPrincipalRequest,
) -> Result<ListAccountAssignmentsReply, Fault> {
    let ListAccountAssignmentsForPrincipalRequest { instance_id, principal, account_id, page } =
        request;
    let permit = ctx.authorize(OPERATION.action, &instance_id.arn())?;
    let mut read = ctx.read(&permit)?;
    let instance = require_organization_instance(&mut read, instance_id)?;
    let store_id = &instance.identity_store_id;
    assigned_principal::require(&mut read, store_id, principal)?;

    let rows = |after: [String; 4], limit| {
        let which = OfPrincipal {
            instance_id,
            account_id: account_id.as_ref(),
            after: after.each_ref().map(String::as_str),
            limit,
        };
        match principal {
            AssignmentPrincipal::User(id) => {
                account_assignment::list_of_user(&mut read, which, store_id, id)
            }
            AssignmentPrincipal::Group(_) => {
                account_assignment::list_of_principal(&mut read, which, principal)
            }
        }
    };
    let in_account = account_id.as_ref().map_or("", AccountId::as_str);
    let narrowed_by: [&dyn Display; 4] =
        [instance_id, &principal.kind(), &principal.id(), &in_account];
    let paged = page.read(ctx, &OPERATION, &narrowed_by, ["", "", "", ""], rows, position)?;
    let account_assignments = paged.rows.iter().map(AccountAssignmentReply::from);
    Ok(ListAccountAssignmentsReply {
        account_assignments: account_assignments.collect(),
        next_token: paged.next_token,
    })
}

fn position(assignment: &AccountAssignment) -> [String; 4] {
    [
        assignment.account_id.to_string(),
        assignment.permission_set_id.to_string(),
        assignment.principal.kind().to_string(),
        assignment.principal.id().to_owned(),
    ]
}
