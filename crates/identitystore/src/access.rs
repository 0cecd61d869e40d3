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

/// Returns the permit for `action` on an identity store and on the further resources of the
/// operation.
///
/// The store's ARN contains the caller's account. A store of another account has another ARN, and
/// `store::instance::require_store` refuses it whatever the caller's policies say.
pub(crate) fn authorize(
    ctx: &Ctx<'_>,
    action: &'static str,
    store_id: &IdentityStoreId,
    others: impl IntoIterator<Item = String>,
) -> Result<Permit, Fault> {
    let store = ctx.caller.account_id().map_or_else(|| "*".to_owned(), |id| store_id.arn(id));
    let resources: Vec<String> = std::iter::once(store).chain(others).collect();
    ctx.authorize_all(action, &resources)
}

/// The instance of an identity store, if the caller may use it from where the request came.
///
/// INVARIANT: every operation of the service but those on the store itself passes here, so the network
/// configuration is obeyed by all of them, and whoever may change it can always change it back.
pub(crate) fn require_store(
    ctx: &Ctx<'_>,
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
) -> Result<Instance, Fault> {
    let instance = instance::require_store(read, store_id)?;
    let address = &ctx.request.origin.source_address;
    if instance.network.as_ref().is_none_or(|network| network.allows(address)) {
        return Ok(instance);
    }
    let because = format!(
        "the network configuration of the identity store does not admit the address {address}"
    );
    Err(read.permit().refusal(&because))
}
