//! AWS Organizations, `DescribeCreateAccountStatus`.

use kernel::{Ctx, Operation};
use model::ids::CreateAccountRequestId;
use model::{Fault, OrganizationsEntity};
use protocol::{Fields, FromFields};
use store::job;

use super::access::require_managed;
use super::create_account::JOB;
use super::create_account_status::CreateAccountReply;

pub const OPERATION: Operation<DescribeCreateAccountStatusRequest, CreateAccountReply> =
    Operation::reads(
        "AWSOrganizationsV20161128.DescribeCreateAccountStatus",
        "organizations:DescribeCreateAccountStatus",
        describe_create_account_status,
    );

#[derive(Debug)]
pub struct DescribeCreateAccountStatusRequest {
    pub id: CreateAccountRequestId,
}

impl FromFields for DescribeCreateAccountStatusRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { id: fields.required("CreateAccountRequestId")? })
    }
}

/// Describes the progress of the creation of an account.
pub fn describe_create_account_status(
    ctx: &Ctx<'_>,
    request: &DescribeCreateAccountStatusRequest,
) -> Result<CreateAccountReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, "*")?;
    let mut read = ctx.read(&permit)?;
    let organization = require_managed(&mut read)?;
    let unknown = || Fault::not_found(OrganizationsEntity::CreateAccountRequest, &request.id);
    let job_id = request.id.job_id().ok_or_else(unknown)?;
    let owner = organization.management_account_id.as_str();
    let job = job::find(&mut read, owner, JOB.name, job_id.as_str())?;
    CreateAccountReply::of(&JOB, &job.ok_or_else(unknown)?)
}
