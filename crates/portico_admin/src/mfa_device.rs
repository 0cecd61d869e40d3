//! Second factors of people, as administrators see them, and which administrators may take them away.

use kernel::Ctx;
use kernel::identity_store::require_store;
use kernel::reply::Moment;
use kernel::strength::is_stronger;
use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use model::mfa::MfaDevice;
use serde::Serialize;
use store::Read;

/// Reason of a refusal. It ends the sentence "… because …".
const STRONGER: &str = "the person holds a role that you neither hold nor may assign. Without the second factor their \
    password would be enough to be them: ask an administrator who holds it";

/// A second factor of a person. Its secret is never shown.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MfaDeviceReply {
    pub device_id: String,
    /// `TOTP` for an authenticator app, `WEBAUTHN` for a security key, a built-in authenticator or a passkey.
    pub mfa_type: &'static str,
    pub device_name: String,
    pub registered_at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Moment>,
}

impl From<&MfaDevice> for MfaDeviceReply {
    fn from(device: &MfaDevice) -> Self {
        Self {
            device_id: device.id.to_string(),
            mfa_type: device.mfa_type.as_str(),
            device_name: device.name.to_string(),
            registered_at: Moment(device.created_at_ms),
            last_used_at: device.last_used_at_ms.map(Moment),
        }
    }
}

/// Refuses to weaken the sign-in of a person who may do more than the caller.
///
/// INVARIANT: who knows the password of a stronger person is kept out by the second factor alone, so only those whom it
/// makes no stronger may take it away.
pub(super) fn require_not_stronger(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<(), Fault> {
    let instance = require_store(ctx, read, store_id)?;
    if is_stronger(ctx, read, &instance, user_id)? {
        return Err(read.permit().refusal(STRONGER));
    }
    Ok(())
}
