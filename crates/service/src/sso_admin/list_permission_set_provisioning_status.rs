//! IAM Identity Center, `ListPermissionSetProvisioningStatus`.

use model::Fault;
use model::job::JobKind;
use serde::Serialize;

use super::status_list::{StatusListRequest, StatusMetadata, list};
use crate::Ctx;
use crate::operation::Operation;

pub const OPERATION: Operation<StatusListRequest, ListPermissionSetProvisioningStatusReply> = Operation::reads("SWBExternalService.ListPermissionSetProvisioningStatus", "sso:ListPermissionSetProvisioningStatus", list_permission_set_provisioning_status);

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListPermissionSetProvisioningStatusReply {
    pub permission_sets_provisioning_status: Vec<StatusMetadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// A page of the instance's provisionings, newest first.
pub fn list_permission_set_provisioning_status(
    ctx: &Ctx<'_>,
    request: &StatusListRequest,
) -> Result<ListPermissionSetProvisioningStatusReply, Fault> {
    let action = OPERATION.action;
    let paged = list(ctx, request, action, JobKind::ProvisionPermissionSet)?;
    Ok(ListPermissionSetProvisioningStatusReply {
        permission_sets_provisioning_status: paged.rows,
        next_token: paged.next_token,
    })
}
