//! Notices to people about their own account.

use kernel::Ctx;
use mail::Content;
use mail::outbox::{self, Post};
use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use model::mfa::MfaDevice;
use model::user::User;
use store::{Tx, user};

/// Time for which a notice may still be sent.
const NOTICE_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// Tells a person who has an address that the password is another one.
pub(super) fn password_changed(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<(), Fault> {
    post(ctx, tx, (store_id, user_id), |user| Content::PasswordChanged {
        display_name: user.display_name.to_string(),
        user_name: user.user_name.to_string(),
        source_address: ctx.request.origin.source_address.clone(),
    })
}

/// What became of a second factor.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum DeviceChange {
    Added,
    Removed,
}

/// Tells a person who has an address that a second factor was added or removed.
pub(super) fn mfa_device_changed(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    device: &MfaDevice,
    change: DeviceChange,
) -> Result<(), Fault> {
    post(ctx, tx, (&device.identity_store_id, &device.user_id), |user| Content::MfaDeviceChanged {
        display_name: user.display_name.to_string(),
        user_name: user.user_name.to_string(),
        device_name: device.name.to_string(),
        is_new: change == DeviceChange::Added,
        source_address: ctx.request.origin.source_address.clone(),
    })
}

fn post(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    (store_id, user_id): (&IdentityStoreId, &UserId),
    content: impl FnOnce(&User) -> Content,
) -> Result<(), Fault> {
    let found = user::find(tx, store_id, user_id)?;
    let Some((recipient, user)) = found.and_then(|user| Some((user.email()?.clone(), user))) else {
        return Ok(());
    };
    // A notice may be left out: a person makes as many as they like.
    match outbox::require_room(ctx, tx, store_id, &recipient) {
        Err(Fault::Quota { .. }) => return Ok(()),
        room => room?,
    }
    let content = content(&user);
    let expires_at_ms = tx.now_ms() + NOTICE_MS;
    let (identity_store_id, user_id) = (store_id.clone(), Some(user_id.clone()));
    let post = Post { identity_store_id, user_id, recipient, content, expires_at_ms };
    outbox::post(ctx, tx, &post).map(drop)
}
