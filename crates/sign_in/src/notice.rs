//! Notices to people about their own account.

use kernel::Ctx;
use mail::Content;
use mail::outbox::{self, Post};
use model::Fault;
use model::ids::{IdentityStoreId, UserId};
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
    let found = user::find(tx, store_id, user_id)?;
    let Some((recipient, user)) = found.and_then(|user| Some((user.email()?.clone(), user))) else {
        return Ok(());
    };
    let content = Content::PasswordChanged {
        display_name: user.display_name.to_string(),
        user_name: user.user_name.to_string(),
        source_address: ctx.request.origin.source_address.clone(),
    };
    let expires_at_ms = tx.now_ms() + NOTICE_MS;
    let (identity_store_id, user_id) = (store_id.clone(), Some(user_id.clone()));
    let post = Post { identity_store_id, user_id, recipient, content, expires_at_ms };
    outbox::post(ctx, tx, &post).map(drop)
}
