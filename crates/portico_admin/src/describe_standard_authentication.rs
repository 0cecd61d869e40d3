//! `PorticoAdmin.DescribeStandardAuthentication`.

use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::InstanceId;
use model::mfa::NoPasswordSignInBehavior;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{instance, setting};

pub const OPERATION: Operation<
    DescribeStandardAuthenticationRequest,
    DescribeStandardAuthenticationReply,
> = Operation::reads(
    "PorticoAdmin.DescribeStandardAuthentication",
    "portico:DescribeStandardAuthentication",
    describe_standard_authentication,
);

#[derive(Debug)]
pub struct DescribeStandardAuthenticationRequest {
    pub instance_id: InstanceId,
}

impl FromFields for DescribeStandardAuthenticationRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { instance_id: fields.required("InstanceArn")? })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeStandardAuthenticationReply {
    pub send_email_otp: bool,
}

/// Returns whether people without a password may ask for a code by mail.
pub fn describe_standard_authentication(
    ctx: &Ctx<'_>,
    request: &DescribeStandardAuthenticationRequest,
) -> Result<DescribeStandardAuthenticationReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, &request.instance_id.arn())?;
    let mut read = ctx.read(&permit)?;
    instance::require(&mut read, &request.instance_id)?;
    let behavior: NoPasswordSignInBehavior = setting::find(&mut read, &request.instance_id)?;
    let send_email_otp = behavior == NoPasswordSignInBehavior::EmailOtp;
    Ok(DescribeStandardAuthenticationReply { send_email_otp })
}
