//! `PorticoAdmin.DescribePasskeySignIn`.

use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::InstanceId;
use model::setting::PasskeySignInStatus;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{instance, setting};

pub const OPERATION: Operation<DescribePasskeySignInRequest, DescribePasskeySignInReply> =
    Operation::reads(
        "PorticoAdmin.DescribePasskeySignIn",
        "portico:DescribePasskeySignIn",
        describe_passkey_sign_in,
    );

#[derive(Debug)]
pub struct DescribePasskeySignInRequest {
    pub instance_id: InstanceId,
}

impl FromFields for DescribePasskeySignInRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { instance_id: fields.required("InstanceArn")? })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribePasskeySignInReply {
    pub status: PasskeySignInStatus,
}

/// Returns whether people may sign in with a passkey alone.
pub fn describe_passkey_sign_in(
    ctx: &Ctx<'_>,
    request: &DescribePasskeySignInRequest,
) -> Result<DescribePasskeySignInReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, &request.instance_id.arn())?;
    let mut read = ctx.read(&permit)?;
    instance::require(&mut read, &request.instance_id)?;
    Ok(DescribePasskeySignInReply { status: setting::find(&mut read, &request.instance_id)? })
}
