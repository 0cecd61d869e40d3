//! IAM Identity Center, `ListPermissionSetProvisioningStatus`.

use kernel::{Ctx, Operation};
use model::Fault;
use serde::Serialize;

use super::provision_permission_set::JOB;
use super::status_list::{StatusListRequest, StatusMetadata, list};

pub const OPERATION: Operation<StatusListRequest, ListPermissionSetProvisioningStatusReply> =
    Operation::reads(
        "SWBExternalService.ListPermissionSetProvisioningStatus",
        "sso:ListPermissionSetProvisioningStatus",
        list_permission_set_provisioning_status,
    );

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListPermissionSetProvisioningStatusReply {
    pub permission_sets_provisioning_status: Vec<StatusMetadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Lists a page of the instance's provisionings, newest first.
pub fn list_permission_set_provisioning_status(
    ctx: &Ctx<'_>,
    request: &StatusListRequest,
) -> Result<ListPermissionSetProvisioningStatusReply, Fault> {
    let paged = list(ctx, request, &OPERATION, JOB.name)?;
    Ok(ListPermissionSetProvisioningStatusReply {
        permission_sets_provisioning_status: paged.rows,
        next_token: paged.next_token,
    })
}
