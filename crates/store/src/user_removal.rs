//! Deletion of users, at once for everybody and in parts for the database (decision 0037).

use model::Fault;
use model::assignment::AssignmentPrincipal;
use model::ids::{IdentityStoreId, UserId};
use model::instance::Instance;

use crate::likeness::Claim;
use crate::row::text;
use crate::{Tx, part, principal_contents, removed_principal};

/// Deletes a user for everybody, and frees their names. [`delete_part`] deletes their rows.
pub fn delete(tx: &mut Tx<'_>, instance: &Instance, id: &UserId) -> Result<(), Fault> {
    let store_id = &instance.identity_store_id;
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

/// Deletes a part of what is left of a user whom nobody sees any more, and at last the row of the user. Returns whether
/// nothing is left.
pub fn delete_part(tx: &mut Tx<'_>, instance: &Instance, id: &UserId) -> Result<bool, Fault> {
    let principal = AssignmentPrincipal::User(id.clone());
    let is_all = principal_contents::delete_part(tx, instance, &principal, part::ROWS_MAX)?;
    if is_all {
        delete_row(tx, &instance.identity_store_id, id)?;
        removed_principal::delete(tx, id.as_str())?;
    }
    Ok(is_all)
}

// AUTHORITY: told by `delete`, because no session is left.
fn delete_row(tx: &mut Tx<'_>, store_id: &IdentityStoreId, id: &UserId) -> Result<(), Fault> {
    let sql = "DELETE FROM identity_user WHERE identity_store_id = $1 AND id = $2";
    tx.execute(sql, &[text(store_id), text(id)]).map(drop)
}
