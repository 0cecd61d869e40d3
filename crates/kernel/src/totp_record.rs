//! The key of an authenticator app in the row of its device, sealed.

use model::Fault;
use model::ids::{IdentityStoreId, MfaDeviceId, UserId};
use protocol::totp::TotpKey;
use zeroize::Zeroizing;

use crate::Ctx;
use crate::key_ring::Keys;

/// Purpose of the seal.
const PURPOSE: &str = "authenticator app";

/// Seals the key for the row of the device.
pub fn seal_key(
    ctx: &Ctx<'_>,
    owner: (&IdentityStoreId, &UserId),
    id: &MfaDeviceId,
    key: &TotpKey,
) -> Result<String, Fault> {
    let portico = ctx.portico;
    portico.keys.seal(PURPOSE, &*portico.random, &place(owner, id), key.as_bytes())
}

/// Opens the key in the row of a device.
pub fn open_key(
    keys: &Keys,
    owner: (&IdentityStoreId, &UserId),
    id: &MfaDeviceId,
    sealed: &str,
) -> Result<TotpKey, Fault> {
    let plain = keys.open(PURPOSE, &place(owner, id), sealed).map(Zeroizing::new);
    plain
        .and_then(|plain| TotpKey::from_bytes(&plain))
        .ok_or_else(|| Fault::broken("the key of an authenticator app does not open"))
}

/// What a seal is bound to. No id has a space.
fn place((store_id, user_id): (&IdentityStoreId, &UserId), id: &MfaDeviceId) -> Vec<u8> {
    format!("{store_id} {user_id} {id}").into_bytes()
}
