//! `PorticoAdmin.DescribePasswordPolicy`.

use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::InstanceId;
use model::password::PasswordPolicy;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{instance, setting};

pub const OPERATION: Operation<DescribePasswordPolicyRequest, DescribePasswordPolicyReply> =
    Operation::reads(
        "PorticoAdmin.DescribePasswordPolicy",
        "portico:DescribePasswordPolicy",
        describe_password_policy,
    );

#[derive(Debug)]
pub struct DescribePasswordPolicyRequest {
    pub instance_id: InstanceId,
}

impl FromFields for DescribePasswordPolicyRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { instance_id: fields.required("InstanceArn")? })
    }
}

#[derive(Debug, Serialize)]
pub struct DescribePasswordPolicyReply(pub PasswordPolicy);

/// Returns the rules for new passwords that an administrator may change.
pub fn describe_password_policy(
    ctx: &Ctx<'_>,
    request: &DescribePasswordPolicyRequest,
) -> Result<DescribePasswordPolicyReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, &request.instance_id.arn())?;
    let mut read = ctx.read(&permit)?;
    instance::require(&mut read, &request.instance_id)?;
    Ok(DescribePasswordPolicyReply(setting::find(&mut read, &request.instance_id)?))
}
