//! IAM Identity Center, `DescribeAccountAssignmentDeletionStatus`.

use kernel::jobs::wait_if_ended;
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::{InstanceId, JobId};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::job;

use super::access::require_organization_instance;
use super::assignment_status::AssignmentStatus;
use super::delete_account_assignment::JOB;

pub const OPERATION: Operation<
    DescribeAccountAssignmentDeletionStatusRequest,
    DescribeAccountAssignmentDeletionStatusReply,
> = Operation::reads(
    "SWBExternalService.DescribeAccountAssignmentDeletionStatus",
    "sso:DescribeAccountAssignmentDeletionStatus",
    describe_account_assignment_deletion_status,
);

#[derive(Debug)]
pub struct DescribeAccountAssignmentDeletionStatusRequest {
    pub instance_id: InstanceId,
    pub request_id: JobId,
}

impl FromFields for DescribeAccountAssignmentDeletionStatusRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            instance_id: fields.required("InstanceArn")?,
            request_id: fields.required("AccountAssignmentDeletionRequestId")?,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeAccountAssignmentDeletionStatusReply {
    pub account_assignment_deletion_status: AssignmentStatus,
}

/// Describes the progress of the deletion of an assignment.
pub fn describe_account_assignment_deletion_status(
    ctx: &Ctx<'_>,
    request: &DescribeAccountAssignmentDeletionStatusRequest,
) -> Result<DescribeAccountAssignmentDeletionStatusReply, Fault> {
    let DescribeAccountAssignmentDeletionStatusRequest { instance_id, request_id } = request;
    let permit = ctx.authorize(OPERATION.action, &instance_id.arn())?;
    let mut read = ctx.read(&permit)?;
    require_organization_instance(&mut read, instance_id)?;
    let job = job::require(&mut read, instance_id.as_str(), JOB.name, request_id)?;
    drop(read);
    wait_if_ended(ctx, &job)?;
    let account_assignment_deletion_status = AssignmentStatus::of(&JOB, &job)?;
    Ok(DescribeAccountAssignmentDeletionStatusReply { account_assignment_deletion_status })
}
