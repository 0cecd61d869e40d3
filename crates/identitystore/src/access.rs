//! Authorization of operations on an identity store.

use kernel::Ctx;
use model::Fault;
use model::ids::IdentityStoreId;
use policy::Permit;

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
