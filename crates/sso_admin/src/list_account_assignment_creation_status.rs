//! IAM Identity Center, `ListAccountAssignmentCreationStatus`.

use kernel::{Ctx, Operation};
use model::Fault;
use serde::Serialize;

use super::create_account_assignment::JOB;
use super::status_list::{StatusListRequest, StatusMetadata, list};

pub const OPERATION: Operation<StatusListRequest, ListAccountAssignmentCreationStatusReply> =
    Operation::reads(
        "SWBExternalService.ListAccountAssignmentCreationStatus",
        "sso:ListAccountAssignmentCreationStatus",
        list_account_assignment_creation_status,
    );

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListAccountAssignmentCreationStatusReply {
    pub account_assignments_creation_status: Vec<StatusMetadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Lists a page of the instance's assignment creations, newest first.
pub fn list_account_assignment_creation_status(
    ctx: &Ctx<'_>,
    request: &StatusListRequest,
) -> Result<ListAccountAssignmentCreationStatusReply, Fault> {
    let paged = list(ctx, request, &OPERATION, JOB.name)?;
    Ok(ListAccountAssignmentCreationStatusReply {
        account_assignments_creation_status: paged.rows,
        next_token: paged.next_token,
    })
}
