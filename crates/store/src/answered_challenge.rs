//! Challenges of WebAuthn that were answered rightly, and keys of authenticator apps that were registered.
//!
//! A challenge is written when it was answered, not when it was made, so strangers add no rows.

use model::Fault;
use model::ids::IdentityStoreId;
use model::token::TokenHash;

use crate::Tx;
use crate::row::text;

/// Notes that a challenge was answered. Returns false if it was answered before.
///
/// INVARIANT: one statement decides, so of two nodes at the same moment one gets false.
pub fn insert(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    challenge_hash: &TokenHash,
    expires_at_ms: i64,
) -> Result<bool, Fault> {
    let sql = "INSERT INTO answered_challenge (identity_store_id, challenge_hash, expires_at_ms)
        VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING";
    let values = [text(store_id), challenge_hash.as_slice().into(), expires_at_ms.into()];
    Ok(tx.execute(sql, &values)? == 1)
}

/// Deletes up to `limit` challenges that were over before `before_ms`.
pub fn sweep(tx: &mut Tx<'_>, before_ms: i64, limit: i64) -> Result<u64, Fault> {
    let sql = "DELETE FROM answered_challenge WHERE (identity_store_id, challenge_hash) IN (
            SELECT identity_store_id, challenge_hash FROM answered_challenge
            WHERE expires_at_ms < $1 ORDER BY expires_at_ms LIMIT $2)";
    tx.execute(sql, &[before_ms.into(), limit.into()])
}
