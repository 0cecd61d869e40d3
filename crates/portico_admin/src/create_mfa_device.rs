//! `PorticoAdmin.CreateMfaDevice`.

use kernel::identity_store::{require_store, resources};
use kernel::strength::vouch;
use kernel::totp_record::seal_key;
use kernel::{Ctx, Operation};
use mail::notice::{self, ChangedBy, DeviceChange};
use model::ids::{IdentityStoreId, MfaDeviceId, UserId};
use model::mfa::{MfaDevice, MfaDeviceName, MfaType};
use model::{AuditEvent, Fault};
use protocol::totp::{TotpKey, step_of};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::mfa_device;

use super::mfa_device::{MfaDeviceReply, require_not_stronger};
use super::notice_reply::NoticeReply;
use super::one_user::require_user;

pub const OPERATION: Operation<CreateMfaDeviceRequest, CreateMfaDeviceReply> =
    Operation::writes("PorticoAdmin.CreateMfaDevice", "portico:CreateMfaDevice", create_mfa_device);

#[derive(Debug)]
pub struct CreateMfaDeviceRequest {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    pub device_name: MfaDeviceName,
}

impl FromFields for CreateMfaDeviceRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            identity_store_id: fields.required("IdentityStoreId")?,
            user_id: fields.required("UserId")?,
            device_name: fields.required("DeviceName")?,
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateMfaDeviceReply {
    pub mfa_device: MfaDeviceReply,
    /// Key for the authenticator app, in Base32. It is shown once.
    pub secret_key: String,
    /// `otpauth:` address of the key, for a QR code.
    pub address: String,
    #[serde(flatten)]
    pub notice: NoticeReply,
}

/// Registers an authenticator app for a person, and tells the person. Who reads the reply has the person's second factor, so
/// it is handed over.
///
/// INVARIANT: the device makes its maker nobody stronger. Maker and person are compared again at each use, because the
/// person may do more by then.
pub fn create_mfa_device(
    ctx: &Ctx<'_>,
    request: &CreateMfaDeviceRequest,
) -> Result<CreateMfaDeviceReply, Fault> {
    let CreateMfaDeviceRequest { identity_store_id: store_id, user_id, device_name } = request;
    let resources = resources(ctx, store_id, [user_id.arn()]);
    let permit = ctx.authorize_all(OPERATION.action, &resources)?;
    let mut tx = ctx.begin(permit)?;
    let signer = require_user(ctx, &mut tx, store_id, user_id)?;
    require_not_stronger(ctx, &mut tx, store_id, user_id)?;
    let instance = require_store(ctx, &mut tx, store_id)?;
    let key = TotpKey::random(&*ctx.portico.random);
    let id = MfaDeviceId::random(&*ctx.portico.random);
    let device = MfaDevice {
        identity_store_id: store_id.clone(),
        user_id: user_id.clone(),
        mfa_type: MfaType::Totp,
        name: device_name.clone(),
        sealed: seal_key(ctx, (store_id, user_id), &id, &key)?,
        id,
        credential_id: None,
        // Codes of before do not count.
        counter: step_of(tx.now_ms()) - 1,
        drift_steps: 0,
        created_at_ms: tx.now_ms(),
        last_used_at_ms: None,
        voucher: Some(vouch(ctx)),
        needs_password: false,
    };
    mfa_device::insert(&mut tx, &device)?;
    let change = (DeviceChange::Added, ChangedBy::Administrator);
    let notice = NoticeReply::from(notice::mfa_device_changed(ctx, &mut tx, &device, change)?);
    let event = AuditEvent::new()
        .asked("identityStoreId", store_id)
        .asked("userId", user_id)
        .asked("deviceName", device_name)
        .answered("deviceId", &device.id);
    tx.commit(&notice.told(event))?;
    let host = ctx.portico.settings.public_url.split("://").nth(1).unwrap_or_default();
    let issuer =
        instance.name.as_ref().map_or_else(|| format!("Portico {host}"), ToString::to_string);
    Ok(CreateMfaDeviceReply {
        mfa_device: MfaDeviceReply::from(&device),
        secret_key: key.in_groups().replace(' ', ""),
        address: key.address(&issuer, &signer.user_name).to_string(),
        notice,
    })
}
