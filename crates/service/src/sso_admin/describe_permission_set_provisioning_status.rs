//! IAM Identity Center, `DescribePermissionSetProvisioningStatus`.

use model::Fault;
use model::ids::{InstanceId, JobId};
use model::job::JobKind;
use protocol::{Fields, FromFields};
use store::job;

use super::provisioning_status::ProvisioningStatusReply;
use super::require_organization_instance;
use crate::Ctx;
use crate::operation::Operation;

pub const OPERATION: Operation<DescribePermissionSetProvisioningStatusRequest, ProvisioningStatusReply> = Operation::reads("SWBExternalService.DescribePermissionSetProvisioningStatus", "sso:DescribePermissionSetProvisioningStatus", describe_permission_set_provisioning_status);

#[derive(Debug)]
pub struct DescribePermissionSetProvisioningStatusRequest {
    pub instance_id: InstanceId,
    pub request_id: JobId,
}

impl FromFields for DescribePermissionSetProvisioningStatusRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            instance_id: fields.required("InstanceArn")?,
            request_id: fields.required("ProvisionPermissionSetRequestId")?,
        })
    }
}

/// How far a provisioning is.
pub fn describe_permission_set_provisioning_status(
    ctx: &Ctx<'_>,
    request: &DescribePermissionSetProvisioningStatusRequest,
) -> Result<ProvisioningStatusReply, Fault> {
    let DescribePermissionSetProvisioningStatusRequest { instance_id, request_id } = request;
    let permit =
        ctx.authorize(OPERATION.action, &instance_id.arn())?;
    let mut read = ctx.read(&permit)?;
    require_organization_instance(&mut read, instance_id)?;
    let kind = JobKind::ProvisionPermissionSet;
    let job = job::require(&mut read, instance_id.as_str(), kind, request_id)?;
    ProvisioningStatusReply::of(&job)
}
