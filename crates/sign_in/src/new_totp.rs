//! A new authenticator app of a person: the code that proves it, and its row.

use kernel::Ctx;
use kernel::totp_record::seal_key;
use mail::notice::{self, ChangedBy, DeviceChange};
use model::Fault;
use model::ids::{IdentityStoreId, MfaDeviceId, UserId};
use model::mfa::{MfaDevice, MfaDeviceName, MfaType};
use protocol::totp::{step_of, typed_code};
use store::{Tx, mfa_device};

use crate::totp_offer::{self, TotpOffer};
use crate::verify_totp::RESYNC_REACH;

/// Label of the box for a code, for error messages.
pub const MFA_CODE: &str = "MFA code";

/// App that a person wants to register.
pub(crate) struct NewTotp<'a> {
    pub(crate) owner: (&'a IdentityStoreId, &'a UserId),
    /// What the offer is bound to.
    pub(crate) browser_id: &'a str,
    pub(crate) offer: &'a str,
    pub(crate) code: &'a str,
    pub(crate) name: &'a MfaDeviceName,
}

/// Offer whose code was right, and the time step of that code.
pub(crate) struct Verified {
    offer: TotpOffer,
    step: i64,
}

/// Compares the code with the key that the page offered.
///
/// A wrong clock does no harm here: who reads the page has the key. So the code may be ten minutes off.
pub(crate) fn verify(ctx: &Ctx<'_>, new: &NewTotp<'_>) -> Result<Verified, Fault> {
    let offer =
        totp_offer::open(ctx, new.owner, new.browser_id, new.offer).ok_or(Fault::NoSession)?;
    let code = typed_code(new.code)
        .ok_or_else(|| Fault::invalid(MFA_CODE, "be the six digits that the app shows"))?;
    let step = offer.key().find_step(&code, step_of(ctx.now_ms()), RESYNC_REACH);
    let step = step.ok_or_else(|| {
        Fault::invalid(MFA_CODE, "be the six digits that the app shows now for this account")
    })?;
    Ok(Verified { offer, step })
}

/// Adds the device, uses the offer up, and tells the person. Its first code is used up. `NoSession` if the offer was used
/// before.
pub(crate) fn insert(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    new: &NewTotp<'_>,
    verified: &Verified,
) -> Result<MfaDeviceId, Fault> {
    let (store_id, user_id) = new.owner;
    if !verified.offer.spend(tx, store_id)? {
        return Err(Fault::NoSession);
    }
    let id = MfaDeviceId::random(&*ctx.portico.random);
    let now_ms = tx.now_ms();
    let drift = verified.step - step_of(now_ms);
    let device = MfaDevice {
        identity_store_id: store_id.clone(),
        user_id: user_id.clone(),
        mfa_type: MfaType::Totp,
        name: new.name.clone(),
        sealed: seal_key(ctx, new.owner, &id, verified.offer.key())?,
        id: id.clone(),
        credential_id: None,
        counter: verified.step,
        // A code that is typed late says nothing of the clock.
        drift_steps: if drift.abs() <= 1 { 0 } else { drift },
        created_at_ms: now_ms,
        last_used_at_ms: None,
        voucher: None,
        needs_password: false,
    };
    mfa_device::insert(tx, &device)?;
    notice::mfa_device_changed(ctx, tx, &device, (DeviceChange::Added, ChangedBy::Person))?;
    Ok(id)
}
