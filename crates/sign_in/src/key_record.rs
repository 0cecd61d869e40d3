//! The record of a security key in the row of its device: what `webauthn` knows of it, sealed.

use kernel::Ctx;
use model::Fault;
use model::ids::{IdentityStoreId, MfaDeviceId, UserId};
use model::mfa::{MfaDevice, MfaDeviceName, MfaType};
use webauthn::{Credential, UserHandle};

/// Purpose of the seal on the record.
const PURPOSE: &str = "security key";

/// Makes the device of a credential that was registered now.
pub(crate) fn device(
    ctx: &Ctx<'_>,
    (store_id, user_id): (&IdentityStoreId, &UserId),
    name: MfaDeviceName,
    credential: &Credential,
) -> Result<MfaDevice, Fault> {
    let portico = ctx.portico;
    let id = MfaDeviceId::random(&*portico.random);
    let record = credential.write().map_err(|why| broken(why.reason()))?;
    let place = place((store_id, user_id), &id);
    let sealed = portico.keys.seal(PURPOSE, &*portico.random, &place, record.as_bytes())?;
    Ok(MfaDevice {
        identity_store_id: store_id.clone(),
        user_id: user_id.clone(),
        id,
        mfa_type: MfaType::Webauthn,
        name,
        sealed,
        credential_id: Some(credential.id()),
        counter: i64::from(credential.counter()),
        drift_steps: 0,
        created_at_ms: ctx.now_ms(),
        last_used_at_ms: None,
        voucher: None,
        needs_password: false,
    })
}

/// Opens the record in the row of a device.
pub(crate) fn open(ctx: &Ctx<'_>, device: &MfaDevice) -> Result<Credential, Fault> {
    let place = place((&device.identity_store_id, &device.user_id), &device.id);
    let plain = ctx.portico.keys.open(PURPOSE, &place, &device.sealed);
    let plain = plain.and_then(|plain| String::from_utf8(plain).ok());
    let plain = plain.ok_or_else(|| broken("it does not open"))?;
    let counter = u32::try_from(device.counter).map_err(|_| broken("its counter is too large"))?;
    Credential::read(&plain, counter).map_err(|why| broken(why.reason()))
}

/// Opens the records of all security keys among devices.
pub(crate) fn open_all(ctx: &Ctx<'_>, devices: &[MfaDevice]) -> Result<Vec<Credential>, Fault> {
    let keys = devices.iter().filter(|device| device.mfa_type == MfaType::Webauthn);
    keys.map(|device| open(ctx, device)).collect()
}

/// Returns the person as their authenticators know them. The first key of a person makes the handle.
pub(crate) fn user_handle(ctx: &Ctx<'_>, registered: &[Credential]) -> UserHandle {
    let known = registered.first().map(|credential| credential.user_handle.clone());
    known.unwrap_or_else(|| UserHandle::new(ctx.random()))
}

/// What a seal is bound to. No id has a space.
fn place((store_id, user_id): (&IdentityStoreId, &UserId), id: &MfaDeviceId) -> Vec<u8> {
    format!("{store_id} {user_id} {id}").into_bytes()
}

fn broken(why: &str) -> Fault {
    Fault::broken(format!("the record of a security key: {why}"))
}
