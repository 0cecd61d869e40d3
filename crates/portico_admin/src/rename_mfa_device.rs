//! `PorticoAdmin.RenameMfaDevice`.

use kernel::identity_store::resources;
use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::ids::{IdentityStoreId, MfaDeviceId, UserId};
use model::mfa::MfaDeviceName;
use model::{AuditEvent, Fault, PorticoEntity};
use protocol::{Fields, FromFields};
use store::mfa_device;

use super::one_user::require_user;

pub const OPERATION: Operation<RenameMfaDeviceRequest, NoReply> =
    Operation::writes("PorticoAdmin.RenameMfaDevice", "portico:RenameMfaDevice", rename_mfa_device);

#[derive(Debug)]
pub struct RenameMfaDeviceRequest {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    pub device_id: MfaDeviceId,
    pub device_name: MfaDeviceName,
}

impl FromFields for RenameMfaDeviceRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            user_id: fields.required("UserId")?,
            device_id: fields.required("DeviceId")?,
            device_name: fields.required("DeviceName")?,
        })
    }
}

/// Gives a second factor of a person another name.
pub fn rename_mfa_device(
    ctx: &Ctx<'_>,
    request: &RenameMfaDeviceRequest,
) -> Result<NoReply, Fault> {
    let RenameMfaDeviceRequest { identity_store_id: store_id, user_id, device_id, device_name } =
        request;
    let resources = resources(ctx, store_id, [user_id.arn()]);
    let permit = ctx.authorize_all(OPERATION.action, &resources)?;
    let mut tx = ctx.begin(permit)?;
    require_user(ctx, &mut tx, store_id, user_id)?;
    if !mfa_device::rename(&mut tx, store_id, user_id, device_id, device_name)? {
        return Err(Fault::not_found(PorticoEntity::MfaDevice, device_id));
    }
    let event = AuditEvent::new()
        .asked("identityStoreId", store_id)
        .asked("userId", user_id)
        .asked("deviceId", device_id)
        .asked("deviceName", device_name);
    tx.commit(&event)?;
    Ok(NoReply {})
}
