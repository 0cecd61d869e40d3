//! Users and groups, as those who are assigned to something.

use model::assignment::AssignmentPrincipal;
use model::ids::IdentityStoreId;
use model::{Fault, IdentityStoreEntity};

use crate::removed_principal::not_removed;
use crate::row::text;
use crate::{Read, Tx};

/// Returns `NotFound` unless the identity store has the principal.
pub fn require(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    principal: &AssignmentPrincipal,
) -> Result<(), Fault> {
    let of_user = concat!(
        "SELECT id FROM identity_user WHERE identity_store_id = $1 AND id = $2 AND ",
        not_removed!("identity_user.id")
    );
    let of_group = concat!(
        "SELECT id FROM identity_group WHERE identity_store_id = $1 AND id = $2 AND ",
        not_removed!("identity_group.id")
    );
    find(read, store_id, principal, [of_user, of_group])
}

/// Returns `NotFound` unless the identity store has the principal, who stays until this transaction ends.
///
/// INVARIANT: nobody is assigned who is deleted meanwhile. A deletion changes the principal's key first, in a transaction
/// of its own, and deletes the assignments in later ones (decision 0037). So the deletion waits for this transaction and
/// then finds its assignment, or this transaction is contended, also on a snapshot.
pub fn hold(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    principal: &AssignmentPrincipal,
) -> Result<(), Fault> {
    let of_user = concat!(
        "SELECT id FROM identity_user WHERE identity_store_id = $1 AND id = $2 AND ",
        not_removed!("identity_user.id"),
        " /* FOR KEY SHARE */"
    );
    let of_group = concat!(
        "SELECT id FROM identity_group WHERE identity_store_id = $1 AND id = $2 AND ",
        not_removed!("identity_group.id"),
        " /* FOR KEY SHARE */"
    );
    find(tx, store_id, principal, [of_user, of_group])
}

fn find(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    principal: &AssignmentPrincipal,
    [of_user, of_group]: [&'static str; 2],
) -> Result<(), Fault> {
    let (sql, entity) = match principal {
        AssignmentPrincipal::User(_) => (of_user, IdentityStoreEntity::User),
        AssignmentPrincipal::Group(_) => (of_group, IdentityStoreEntity::Group),
    };
    let found = read.query_one(sql, &[text(store_id), text(principal.id())], |_| Ok(()))?;
    found.ok_or_else(|| Fault::not_found(entity, principal.id()))
}
