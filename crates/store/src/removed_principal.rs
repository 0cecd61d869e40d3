//! Users and groups that are deleted for everybody, while rows below them are still there (decision 0037).
//!
//! INVARIANT: statements that find, list, count or obey users, groups, memberships or assignments have the condition
//! `not_removed`, unless a status or a name that the removal has changed says it already.

use model::Fault;
use model::assignment::AssignmentPrincipal;
use model::ids::IdentityStoreId;
use model::instance::Instance;

use crate::row::text;
use crate::{Tx, part, principal_contents};

/// Condition on a column with the id of a user or group.
macro_rules! not_removed {
    ($rest:literal) => {
        concat!("NOT EXISTS (SELECT 1 FROM removed_principal x WHERE x.id = ", $rest, ")")
    };
}
pub(crate) use not_removed;

/// Text after the keys of all names, and before those of removed principals. Lists by name end here.
// AWS: no name has a character that Unicode assigns to nothing.
pub(crate) const NAMES_END: &str = "\u{10ffff}";

/// Makes a key under which a removed principal is unique, and which no name has.
pub(crate) fn name_key(id: &str) -> String {
    format!("{NAMES_END}{id}")
}

/// Makes a principal invisible and without effect. Its names are the caller's to free.
pub(crate) fn insert(tx: &mut Tx<'_>, store_id: &IdentityStoreId, id: &str) -> Result<(), Fault> {
    tx.change_authority();
    let sql = "INSERT INTO removed_principal (id, identity_store_id) VALUES ($1, $2)";
    tx.execute(sql, &[text(id), text(store_id)]).map(drop)
}

/// Deletes a part of what is left of a principal whom nobody sees any more, and at last the principal's own row. Returns
/// whether nothing is left.
// AUTHORITY: told by `insert`, because no session, membership or assignment is left.
pub fn delete_part(
    tx: &mut Tx<'_>,
    instance: &Instance,
    principal: &AssignmentPrincipal,
) -> Result<bool, Fault> {
    if !principal_contents::delete_part(tx, instance, principal, part::ROWS_MAX)? {
        return Ok(false);
    }
    let sql = match principal {
        AssignmentPrincipal::User(_) => {
            "DELETE FROM identity_user WHERE identity_store_id = $1 AND id = $2"
        }
        AssignmentPrincipal::Group(_) => {
            "DELETE FROM identity_group WHERE identity_store_id = $1 AND id = $2"
        }
    };
    tx.execute(sql, &[text(&instance.identity_store_id), text(principal.id())])?;
    tx.execute("DELETE FROM removed_principal WHERE id = $1", &[text(principal.id())])?;
    Ok(true)
}
