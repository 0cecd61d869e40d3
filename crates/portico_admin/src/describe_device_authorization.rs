//! `PorticoAdmin.DescribeDeviceAuthorization`.

use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::InstanceId;
use model::setting::DeviceAuthorizationStatus;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{instance, setting};

pub const OPERATION: Operation<
    DescribeDeviceAuthorizationRequest,
    DescribeDeviceAuthorizationReply,
> = Operation::reads(
    "PorticoAdmin.DescribeDeviceAuthorization",
    "portico:DescribeDeviceAuthorization",
    describe_device_authorization,
);

#[derive(Debug)]
pub struct DescribeDeviceAuthorizationRequest {
    pub instance_id: InstanceId,
}

impl FromFields for DescribeDeviceAuthorizationRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self { instance_id: fields.required("InstanceArn")? })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeDeviceAuthorizationReply {
    pub status: DeviceAuthorizationStatus,
}

/// Returns whether people may let programs in with a code.
pub fn describe_device_authorization(
    ctx: &Ctx<'_>,
    request: &DescribeDeviceAuthorizationRequest,
) -> Result<DescribeDeviceAuthorizationReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, &request.instance_id.arn())?;
    let mut read = ctx.read(&permit)?;
    instance::require(&mut read, &request.instance_id)?;
    Ok(DescribeDeviceAuthorizationReply { status: setting::find(&mut read, &request.instance_id)? })
}
