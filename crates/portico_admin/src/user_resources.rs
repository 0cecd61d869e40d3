//! Resource ARNs of operations on a user.

use kernel::Ctx;
use model::ids::{IdentityStoreId, UserId};

/// Returns the resources for the policy evaluation: the identity store and the user.
///
/// The store's ARN contains the caller's account. A store of another account has another ARN, and
/// `kernel::network::require_store` refuses it whatever the caller's policies say.
pub(crate) fn user_resources(
    ctx: &Ctx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> [String; 2] {
    let store = ctx.caller.account_id().map_or_else(|| "*".to_owned(), |id| store_id.arn(id));
    [store, user_id.arn()]
}
