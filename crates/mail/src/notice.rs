//! Notices to people about their own account.

use kernel::Ctx;
use model::Fault;
use model::attribute::EmailAddress;
use model::ids::{IdentityStoreId, MessageId, UserId};
use model::mfa::MfaDevice;
use model::user::User;
use store::{Tx, user};

use crate::content::Content;
use crate::outbox::{self, Post};

/// Maximum number of messages to one address within an hour, with those that wait.
const WITH_LATER_MAX: i64 = 2 * outbox::HOURLY_MAX;

/// Time for which a notice may still be sent.
pub const NOTICE_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// Tells a person who has an address that the password is another one.
pub fn password_changed(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<(), Fault> {
    let content = |user: &User| Content::PasswordChanged {
        display_name: user.display_name.to_string(),
        user_name: user.user_name.to_string(),
        source_address: ctx.request.origin.source_address.clone(),
    };
    post(ctx, tx, (store_id, user_id), content).map(drop)
}

/// What became of a second factor.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DeviceChange {
    Added,
    Removed,
}

/// Who changed a second factor.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ChangedBy {
    Person,
    Administrator,
}

/// A notice that waits in the outbox.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Notice {
    pub message_id: MessageId,
    /// When it goes out, if that is not at once.
    pub later_ms: Option<i64>,
}

/// Tells a person who has an address that a second factor was added or removed.
pub fn mfa_device_changed(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    device: &MfaDevice,
    (change, by): (DeviceChange, ChangedBy),
) -> Result<Option<Notice>, Fault> {
    let content = |user: &User| Content::MfaDeviceChanged {
        display_name: user.display_name.to_string(),
        user_name: user.user_name.to_string(),
        device_name: device.name.to_string(),
        is_new: change == DeviceChange::Added,
        by_administrator: by == ChangedBy::Administrator,
        source_address: ctx.request.origin.source_address.clone(),
    };
    post(ctx, tx, (&device.identity_store_id, &device.user_id), content)
}

/// Warns a person who has an address of attempts to sign in that were in vain. Returns whether a message waits.
pub fn failed_sign_ins(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    person: (&IdentityStoreId, &UserId),
    failures: i64,
) -> Result<bool, Fault> {
    let content = |user: &User| Content::FailedSignIns {
        display_name: user.display_name.to_string(),
        user_name: user.user_name.to_string(),
        failures,
    };
    Ok(post(ctx, tx, person, content)?.is_some())
}

fn post(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    (store_id, user_id): (&IdentityStoreId, &UserId),
    content: impl FnOnce(&User) -> Content,
) -> Result<Option<Notice>, Fault> {
    let found = user::find(tx, store_id, user_id)?;
    let Some((recipient, user)) = found.and_then(|user| Some((user.email()?.clone(), user))) else {
        return Ok(None);
    };
    // A notice is left out beyond a number an hour, because its cause may be repeated as often as one likes.
    let due_ms = match find_due_ms(ctx, tx, store_id, &recipient) {
        Err(Fault::Quota { .. }) => return Ok(None),
        due_ms => due_ms?,
    };
    let content = content(&user);
    let now_ms = tx.now_ms();
    let expires_at_ms = now_ms + NOTICE_MS;
    let (identity_store_id, user_id) = (store_id.clone(), Some(user_id.clone()));
    let post = Post { identity_store_id, user_id, recipient, content, expires_at_ms };
    let message_id = outbox::post_at(ctx, tx, &post, due_ms)?;
    Ok(Some(Notice { message_id, later_ms: (due_ms > now_ms).then_some(due_ms) }))
}

/// Returns when a notice goes out. Fails with `Quota` if too many wait for the address.
fn find_due_ms(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    recipient: &EmailAddress,
) -> Result<i64, Fault> {
    if outbox::count_lately(ctx, tx, store_id, recipient, WITH_LATER_MAX)? >= WITH_LATER_MAX {
        let limit = format!("{WITH_LATER_MAX} messages an hour to one address");
        return Err(Fault::Quota { limit: limit.into() });
    }
    outbox::find_due_ms(ctx, tx, store_id, recipient)
}
