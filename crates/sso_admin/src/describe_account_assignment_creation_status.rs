//! IAM Identity Center, `DescribeAccountAssignmentCreationStatus`.

use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::{InstanceId, JobId};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::job;

use super::access::require_organization_instance;
use super::assignment_status::AssignmentStatus;
use super::create_account_assignment::JOB;

pub const OPERATION: Operation<
    DescribeAccountAssignmentCreationStatusRequest,
    DescribeAccountAssignmentCreationStatusReply,
> = Operation::reads(
    "SWBExternalService.DescribeAccountAssignmentCreationStatus",
    "sso:DescribeAccountAssignmentCreationStatus",
    describe_account_assignment_creation_status,
);

#[derive(Debug)]
pub struct DescribeAccountAssignmentCreationStatusRequest {
    pub instance_id: InstanceId,
    pub request_id: JobId,
}

impl FromFields for DescribeAccountAssignmentCreationStatusRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            instance_id: fields.required("InstanceArn")?,
            request_id: fields.required("AccountAssignmentCreationRequestId")?,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeAccountAssignmentCreationStatusReply {
    pub account_assignment_creation_status: AssignmentStatus,
}

/// Describes the progress of the creation of an assignment.
pub fn describe_account_assignment_creation_status(
    ctx: &Ctx<'_>,
    request: &DescribeAccountAssignmentCreationStatusRequest,
) -> Result<DescribeAccountAssignmentCreationStatusReply, Fault> {
    let DescribeAccountAssignmentCreationStatusRequest { instance_id, request_id } = request;
    let permit = ctx.authorize(OPERATION.action, &instance_id.arn())?;
    let mut read = ctx.read(&permit)?;
    require_organization_instance(&mut read, instance_id)?;
    let job = job::require(&mut read, instance_id.as_str(), JOB.name, request_id)?;
    let account_assignment_creation_status = AssignmentStatus::of(&JOB, &job)?;
    Ok(DescribeAccountAssignmentCreationStatusReply { account_assignment_creation_status })
}
