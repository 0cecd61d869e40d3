//! Authorization of operations on an identity store.

use kernel::Ctx;
use model::Fault;
use model::ids::IdentityStoreId;
use model::instance::Instance;
use policy::Permit;
use store::{Read, instance};

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
/// refused by `store::instance::require_store` whatever the caller's policies say.
pub fn resources(
    ctx: &Ctx<'_>,
    store_id: &IdentityStoreId,
    others: impl IntoIterator<Item = String>,
) -> Vec<String> {
    let store = ctx.caller.account_id().map_or_else(|| "*".to_owned(), |id| store_id.arn(id));
    std::iter::once(store).chain(others).collect()
}

/// The instance of an identity store, if the caller may use it from where the request came.
///
/// INVARIANT: every operation of the service but those on the store itself passes here, so the network
/// configuration is obeyed by all of them, and whoever may change it can always change it back.
pub fn require_store(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
) -> Result<Instance, Fault> {
    let instance = instance::require_store(read, store_id)?;
    if admits(ctx, &instance) {
        return Ok(instance);
    }
    let address = &ctx.request.origin.source_address;
    let because = format!(
        "the network configuration of the identity store does not admit the address {address}"
    );
    Err(read.permit().refusal(&because))
}

/// Whether the network configuration of the identity store admits the address of the request.
#[must_use]
pub fn admits(ctx: &Ctx<'_>, instance: &Instance) -> bool {
    let address = &ctx.request.origin.source_address;
    instance.network.as_ref().is_none_or(|network| network.allows(address))
}
