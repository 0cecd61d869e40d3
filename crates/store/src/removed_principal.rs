//! Users and groups that are deleted for everybody, while rows below them are still there (decision 0037).
//!
//! INVARIANT: statements that find, list, count or obey users, groups, memberships or assignments have the condition
//! [`not_removed`], unless a status or a name that the removal has changed says it already.

use model::Fault;
use model::ids::IdentityStoreId;

use crate::Tx;
use crate::row::text;

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

/// Forgets a principal whose last row is deleted in this transaction.
pub(crate) fn delete(tx: &mut Tx<'_>, id: &str) -> Result<(), Fault> {
    // AUTHORITY: unchanged, because nothing else is left of the principal.
    tx.execute("DELETE FROM removed_principal WHERE id = $1", &[text(id)]).map(drop)
}
