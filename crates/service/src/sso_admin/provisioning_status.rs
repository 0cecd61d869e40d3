//! How far the provisioning of a permission set is.

use model::Fault;
use model::job::Job;
use serde::Serialize;

use crate::jobs::provision_permission_set::Payload;
use crate::reply::seconds;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ProvisioningStatusReply {
    pub permission_set_provisioning_status: PermissionSetProvisioningStatus,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PermissionSetProvisioningStatus {
    pub status: &'static str,
    pub request_id: String,
    /// Absent where the request was for every account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    pub permission_set_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_reason: Option<String>,
    pub created_date: f64,
}

impl ProvisioningStatusReply {
    pub(super) fn of(job: &Job) -> Result<Self, Fault> {
        let Payload { permission_set_arn, account_id }: Payload = crate::jobs::payload(job)?;
        let permission_set_provisioning_status = PermissionSetProvisioningStatus {
            status: job.state.as_str(),
            request_id: job.id.to_string(),
            account_id: account_id.as_ref().map(ToString::to_string),
            permission_set_arn: permission_set_arn.to_string(),
            failure_reason: job.failure_reason.clone(),
            created_date: seconds(job.created_at_ms),
        };
        Ok(Self { permission_set_provisioning_status })
    }
}
