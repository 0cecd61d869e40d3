//! IAM Identity Center, `DescribePermissionSetProvisioningStatus`.

use kernel::jobs::wait_if_ended;
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::{InstanceId, JobId};
use protocol::{Fields, FromFields};
use store::job;

use super::access::require_organization_instance;
use super::provision_permission_set::JOB;
use super::provisioning_status::ProvisioningStatusReply;

pub const OPERATION: Operation<
    DescribePermissionSetProvisioningStatusRequest,
    ProvisioningStatusReply,
> = Operation::reads(
    "SWBExternalService.DescribePermissionSetProvisioningStatus",
    "sso:DescribePermissionSetProvisioningStatus",
    describe_permission_set_provisioning_status,
);

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

/// Describes the progress of a provisioning.
pub fn describe_permission_set_provisioning_status(
    ctx: &Ctx<'_>,
    request: &DescribePermissionSetProvisioningStatusRequest,
) -> Result<ProvisioningStatusReply, Fault> {
    let DescribePermissionSetProvisioningStatusRequest { instance_id, request_id } = request;
    let permit = ctx.authorize(OPERATION.action, &instance_id.arn())?;
    let mut read = ctx.read(&permit)?;
    require_organization_instance(&mut read, instance_id)?;
    let job = job::require(&mut read, instance_id.as_str(), JOB.name, request_id)?;
    drop(read);
    wait_if_ended(ctx, &job)?;
    ProvisioningStatusReply::of(&JOB, &job)
}
