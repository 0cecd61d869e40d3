//! `PorticoAdmin.PutDeviceAuthorization`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::ids::InstanceId;
use model::setting::DeviceAuthorizationStatus;
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::{instance, setting};

pub const OPERATION: Operation<PutDeviceAuthorizationRequest, NoReply> = Operation::writes(
    "PorticoAdmin.PutDeviceAuthorization",
    "portico:PutDeviceAuthorization",
    put_device_authorization,
);

#[derive(Debug)]
pub struct PutDeviceAuthorizationRequest {
    pub instance_id: InstanceId,
    pub status: DeviceAuthorizationStatus,
}

impl FromFields for PutDeviceAuthorizationRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            instance_id: fields.required("InstanceArn")?,
            status: fields.required("Status")?,
        })
    }
}

/// Sets whether people may let programs in with a code. Without codes, the browser must be on the machine of the
/// program. Programs that people let in before stay signed in until their session ends.
pub fn put_device_authorization(
    ctx: &Ctx<'_>,
    request: &PutDeviceAuthorizationRequest,
) -> Result<NoReply, Fault> {
    let permit = ctx.authorize(OPERATION.action, &request.instance_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    instance::require(&mut tx, &request.instance_id)?;
    setting::put(&mut tx, &request.instance_id, &request.status)?;
    let event = AuditEvent::new()
        .asked("instanceArn", request.instance_id.arn())
        .asked("status", request.status.as_str());
    tx.commit(&event)?;
    Ok(NoReply {})
}
