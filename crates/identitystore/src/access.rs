//! Authorization of operations on an identity store.

use kernel::Ctx;
use kernel::identity_store::resources;
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
