//! Access to what an identity store holds: the resources that policies are asked for, the account that
//! owns it, and from where it may be read and changed.

use model::Fault;
use model::ids::IdentityStoreId;
use model::instance::Instance;
use policy::Permit;
use store::{Read, instance};

use crate::Ctx;

/// Lists the resources of an action: the identity store and what the action is about beside it.
///
/// The store's ARN carries the caller's account: a store of another is not found under it, and is
/// refused by [`require_store`] whatever the caller's policies say.
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
/// INVARIANT: every operation on what an identity store holds passes here, also those of
/// `PorticoAdmin`, so the network configuration is obeyed by all of them. Those on the store itself do
/// not, so whoever may change the configuration can always change it back.
pub fn require_store(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
) -> Result<Instance, Fault> {
    let instance = instance::require_store(read, store_id)?;
    admit(ctx, &instance, read.permit())?;
    Ok(instance)
}

/// Refuses the action of `permit` if the network configuration of the identity store does not admit
/// the address of the request.
pub fn admit(ctx: &Ctx<'_>, instance: &Instance, permit: &Permit) -> Result<(), Fault> {
    let address = &ctx.request.origin.source_address;
    if instance.network.as_ref().is_none_or(|network| network.allows(address)) {
        return Ok(());
    }
    let because = format!(
        "the network configuration of the identity store does not admit the address {address}"
    );
    Err(permit.refusal(&because))
}
