//! Deletion of users for everybody (decision 0037).

use model::Fault;
use model::ids::{IdentityStoreId, UserId};

use crate::likeness::Claim;
use crate::row::text;
use crate::{Tx, removed_principal};

/// Deletes a user for everybody, and frees their names. [`removed_principal::delete_part`] deletes their rows.
pub fn delete(tx: &mut Tx<'_>, store_id: &IdentityStoreId, id: &UserId) -> Result<(), Fault> {
    let sql = "DELETE FROM identity_external_id WHERE identity_store_id = $1 AND user_id = $2";
    tx.write(sql, &[text(store_id), text(id)])?;
    // No session and no credentials of a disabled user are good.
    // AUTHORITY: told by `removed_principal::insert`.
    let sql = "UPDATE identity_user
        SET status = 'DISABLED', user_name_key = $3, email_key = NULL, user_name_likeness = NULL,
            email_likeness = NULL, likeness_version = $4, likeness_revision = revision
        WHERE identity_store_id = $1 AND id = $2";
    let key = removed_principal::name_key(id.as_str());
    tx.execute(sql, &[text(store_id), text(id), text(&key), Claim::version([]).into()])?;
    removed_principal::insert(tx, store_id, id.as_str())
}
