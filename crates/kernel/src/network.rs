//! The network configuration of an identity store: from where what it holds may be read and changed.

use model::Fault;
use model::ids::IdentityStoreId;
use model::instance::Instance;
use policy::Permit;
use store::{Read, instance};

use crate::Ctx;

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
