//! Status of the provisioning of a permission set.

use kernel::jobs::{Kind, Payload};
use kernel::reply::seconds;
use model::Fault;
use model::ids::{AccountId, PermissionSetArn};
use model::job::Job;
use serde::{Deserialize, Serialize};

/// Roles that a job writes.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Provisioning {
    pub(crate) permission_set_arn: PermissionSetArn,
    /// `None` means every account in which the permission set is provisioned.
    pub(crate) account_id: Option<AccountId>,
}

impl Payload for Provisioning {
    fn resource(&self) -> String {
        self.permission_set_arn.to_string()
    }
}

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
    /// Absent if the request was for every account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    pub permission_set_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_reason: Option<String>,
    /// Seconds since 1970.
    pub created_date: f64,
}

impl ProvisioningStatusReply {
    /// Makes the status of a job from its row.
    pub(super) fn of(kind: &Kind<Provisioning>, job: &Job) -> Result<Self, Fault> {
        Ok(Self::new(job, &kind.payload(job)?))
    }

    pub(super) fn new(job: &Job, payload: &Provisioning) -> Self {
        let Provisioning { permission_set_arn, account_id } = payload;
        let permission_set_provisioning_status = PermissionSetProvisioningStatus {
            status: job.state.as_str(),
            request_id: job.id.to_string(),
            account_id: account_id.as_ref().map(ToString::to_string),
            permission_set_arn: permission_set_arn.to_string(),
            failure_reason: job.failure_reason.clone(),
            created_date: seconds(job.created_at_ms),
        };
        Self { permission_set_provisioning_status }
    }
}
