//! The ARNs that an operation on a user is about.

use kernel::Ctx;
use model::ids::{IdentityStoreId, UserId};

/// What an operation on a user is about, for policies: the identity store and the user.
///
/// The store's ARN carries the caller's account: a store of another is not found under it, and is
/// refused by `store::instance::require_store` whatever the caller's policies say.
pub(crate) fn user_resources(
    ctx: &Ctx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> [String; 2] {
    let store = ctx.caller.account_id().map_or_else(|| "*".to_owned(), |id| store_id.arn(id));
    [store, user_id.arn()]
}
