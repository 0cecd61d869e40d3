//! `PorticoAdmin.DeleteMfaDevice`.

use kernel::identity_store::resources;
use kernel::{Ctx, Operation};
use mail::notice::{self, ChangedBy, DeviceChange};
use model::ids::{IdentityStoreId, MfaDeviceId, UserId};
use model::{AuditEvent, Fault, PorticoEntity};
use protocol::{Fields, FromFields};
use store::mfa_device;

use super::mfa_device::require_not_stronger;
use super::notice_reply::NoticeReply;
use super::one_user::require_user;

pub const OPERATION: Operation<DeleteMfaDeviceRequest, NoticeReply> =
    Operation::writes("PorticoAdmin.DeleteMfaDevice", "portico:DeleteMfaDevice", delete_mfa_device);

#[derive(Debug)]
pub struct DeleteMfaDeviceRequest {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    pub device_id: MfaDeviceId,
}

impl FromFields for DeleteMfaDeviceRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            user_id: fields.required("UserId")?,
            device_id: fields.required("DeviceId")?,
        })
    }
}

/// Takes a second factor off a person, and tells the person. No browser is their own any more, so the next sign-in asks for another factor, or
/// does what the instance does for people without one.
pub fn delete_mfa_device(
    ctx: &Ctx<'_>,
    request: &DeleteMfaDeviceRequest,
) -> Result<NoticeReply, Fault> {
    let DeleteMfaDeviceRequest { identity_store_id: store_id, user_id, device_id } = request;
    let resources = resources(ctx, store_id, [user_id.arn()]);
    let permit = ctx.authorize_all(OPERATION.action, &resources)?;
    let mut tx = ctx.begin(permit)?;
    require_user(ctx, &mut tx, store_id, user_id)?;
    require_not_stronger(ctx, &mut tx, store_id, user_id)?;
    let found = mfa_device::find(&mut tx, store_id, user_id, device_id)?;
    let device = found.ok_or_else(|| Fault::not_found(PorticoEntity::MfaDevice, device_id))?;
    mfa_device::delete(&mut tx, store_id, user_id, device_id)?;
    let change = (DeviceChange::Removed, ChangedBy::Administrator);
    let notice = NoticeReply::from(notice::mfa_device_changed(ctx, &mut tx, &device, change)?);
    let event = AuditEvent::new()
        .asked("identityStoreId", store_id)
        .asked("userId", user_id)
        .asked("deviceId", device_id)
        .answered("mfaType", device.mfa_type.as_str())
        .answered("deviceName", &device.name);
    tx.commit(&notice.told(event))?;
    Ok(notice)
}
