//! People who may sign in once without their second factor.

use model::Fault;
use model::ids::{IdentityStoreId, UserId};

use crate::row::text;
use crate::{Read, Tx};

/// Lets a person sign in once without their second factor, until a moment. It takes the place of a former one.
pub fn put(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    expires_at_ms: i64,
) -> Result<(), Fault> {
    let sql = "INSERT INTO mfa_bypass (identity_store_id, user_id, expires_at_ms)
        VALUES ($1, $2, $3)
        ON CONFLICT (identity_store_id, user_id) DO UPDATE SET expires_at_ms = $3";
    tx.write(sql, &[text(store_id), text(user_id), expires_at_ms.into()])
}

/// Tells whether a person may sign in without their second factor.
pub fn is_good(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    now_ms: i64,
) -> Result<bool, Fault> {
    let sql = "SELECT expires_at_ms FROM mfa_bypass
        WHERE identity_store_id = $1 AND user_id = $2 AND expires_at_ms > $3";
    let values = [text(store_id), text(user_id), now_ms.into()];
    Ok(read.query_one(sql, &values, |row| row.integer("expires_at_ms"))?.is_some())
}

/// Uses a person's bypass up. Returns false if there is none that is good.
///
/// INVARIANT: one statement decides, so of two nodes at the same moment one gets false.
pub fn spend(tx: &mut Tx<'_>, store_id: &IdentityStoreId, user_id: &UserId) -> Result<bool, Fault> {
    let sql = "DELETE FROM mfa_bypass
        WHERE identity_store_id = $1 AND user_id = $2 AND expires_at_ms > $3";
    let now_ms = tx.now_ms();
    Ok(tx.execute(sql, &[text(store_id), text(user_id), now_ms.into()])? == 1)
}

/// Takes a person's bypass back. Taking a missing one back succeeds.
pub fn delete(tx: &mut Tx<'_>, store_id: &IdentityStoreId, user_id: &UserId) -> Result<(), Fault> {
    let sql = "DELETE FROM mfa_bypass WHERE identity_store_id = $1 AND user_id = $2";
    tx.write(sql, &[text(store_id), text(user_id)])
}

/// Deletes up to `limit` bypasses that expired before `before_ms`.
pub fn sweep(tx: &mut Tx<'_>, before_ms: i64, limit: i64) -> Result<u64, Fault> {
    let sql = "DELETE FROM mfa_bypass WHERE (identity_store_id, user_id) IN (
            SELECT identity_store_id, user_id FROM mfa_bypass
            WHERE expires_at_ms < $1 ORDER BY expires_at_ms LIMIT $2)";
    tx.execute(sql, &[before_ms.into(), limit.into()])
}
