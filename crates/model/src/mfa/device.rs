//! A second factor that a person registered.

use serde::{Deserialize, Serialize};

use crate::ids::{IdentityStoreId, MfaDeviceId, UserId};
use crate::password::Voucher;
use crate::text_type::text_type;
use crate::visible::is_visible;
use crate::words::words;

/// A type of second factor.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum MfaType {
    /// Authenticator app, RFC 6238.
    Totp,
    /// Security key or built-in authenticator, WebAuthn.
    Webauthn,
}

words!(MfaType, "be TOTP or WEBAUTHN", Totp = "TOTP", Webauthn = "WEBAUTHN");

impl MfaType {
    pub const ALL: [Self; 2] = [Self::Totp, Self::Webauthn];

    /// Maximum number of devices of this type that a person may have.
    // AWS: eight devices, two authenticator apps and six security keys.
    #[must_use]
    pub fn devices_max(self) -> i64 {
        match self {
            Self::Totp => 2,
            Self::Webauthn => 6,
        }
    }
}

/// A second factor that a person registered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MfaDevice {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    pub id: MfaDeviceId,
    pub mfa_type: MfaType,
    pub name: MfaDeviceName,
    /// Sealed under the key ring: the secret of an authenticator app, or the credential record of a key.
    pub sealed: String,
    /// WebAuthn: id of the credential in base64url. No two devices of an identity store have the same.
    pub credential_id: Option<String>,
    /// TOTP: the time step of the last code (RFC 6238 §4.2). WebAuthn: the signature counter.
    pub counter: i64,
    /// TOTP: how many time steps the clock of the device is ahead of the server's.
    pub drift_steps: i64,
    pub created_at_ms: i64,
    pub last_used_at_ms: Option<i64>,
    /// The caller who registered it for the person and may know its secret. `None` for a device of the person's own, and
    /// for one of an earlier version.
    pub voucher: Option<Voucher>,
    /// Set by an administrator's reset of the password: until it was used behind the new one, the device signs nobody in
    /// alone.
    pub needs_password: bool,
}

text_type! {
    /// The name by which a person tells their devices apart.
    MfaDeviceName, |text| {
        if !(1..=64).contains(&text.chars().count()) {
            return Err("have length between 1 and 64");
        }
        if !text.chars().all(|c| c == ' ' || is_visible(c)) || text.trim().is_empty() {
            return Err("hold visible characters only");
        }
        Ok(())
    }
}
