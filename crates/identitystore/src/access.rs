//! Authorization of operations on an identity store.

use kernel::Ctx;
use model::Fault;
use model::ids::IdentityStoreId;
use policy::Permit;

pub(crate) const ALL_USERS: &str = "arn:aws:identitystore:::user/*";
pub(crate) const ALL_GROUPS: &str = "arn:aws:identitystore:::group/*";
pub(crate) const ALL_MEMBERSHIPS: &str = "arn:aws:identitystore:::membership/*";

/// The permit to do `action` to an identity store and to what it is about beside the store.
pub(crate) fn authorize(
    ctx: &Ctx<'_>,
    action: &'static str,
    store_id: &IdentityStoreId,
    others: impl IntoIterator<Item = String>,
) -> Result<Permit, Fault> {
    ctx.authorize_all(action, &resources(ctx, store_id, others))
}

/// Lists the resources of an action: the identity store and what the action is about beside it.
///
/// The store's ARN carries the caller's account: a store of another is not found under it, and is
/// refused by `kernel::network::require_store` whatever the caller's policies say.
pub fn resources(
    ctx: &Ctx<'_>,
    store_id: &IdentityStoreId,
    others: impl IntoIterator<Item = String>,
) -> Vec<String> {
    let store = ctx.caller.account_id().map_or_else(|| "*".to_owned(), |id| store_id.arn(id));
    std::iter::once(store).chain(others).collect()
}
