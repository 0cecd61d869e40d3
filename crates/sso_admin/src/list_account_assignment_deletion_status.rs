//! IAM Identity Center, `ListAccountAssignmentDeletionStatus`.

use kernel::{Ctx, Operation};
use model::Fault;
use serde::Serialize;

use super::delete_account_assignment::JOB;
use super::status_list::{StatusListRequest, StatusMetadata, list};

pub const OPERATION: Operation<StatusListRequest, ListAccountAssignmentDeletionStatusReply> =
    Operation::reads(
        "SWBExternalService.ListAccountAssignmentDeletionStatus",
        "sso:ListAccountAssignmentDeletionStatus",
        list_account_assignment_deletion_status,
    );

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListAccountAssignmentDeletionStatusReply {
    pub account_assignments_deletion_status: Vec<StatusMetadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Lists a page of the instance's assignment deletions, newest first.
pub fn list_account_assignment_deletion_status(
    ctx: &Ctx<'_>,
    request: &StatusListRequest,
) -> Result<ListAccountAssignmentDeletionStatusReply, Fault> {
    let paged = list(ctx, request, &OPERATION, JOB.name)?;
    Ok(ListAccountAssignmentDeletionStatusReply {
        account_assignments_deletion_status: paged.rows,
        next_token: paged.next_token,
    })
}
