//! People who may sign in once without their second factor.

use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use model::mfa::MfaBypass;

use crate::row::text;
use crate::{Read, Row, Tx, column};

/// Lets a person sign in once without their second factor. It takes the place of a former one.
pub fn put(tx: &mut Tx<'_>, bypass: &MfaBypass) -> Result<(), Fault> {
    let sql = "INSERT INTO mfa_bypass (identity_store_id, user_id, expires_at_ms, voucher)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (identity_store_id, user_id) DO UPDATE SET expires_at_ms = $3, voucher = $4";
    let values = [
        text(&bypass.identity_store_id),
        text(&bypass.user_id),
        bypass.expires_at_ms.into(),
        column::voucher(bypass.voucher.as_ref())?,
    ];
    tx.write(sql, &values)
}

/// Finds the bypass of a person that has not expired.
pub fn find(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    now_ms: i64,
) -> Result<Option<MfaBypass>, Fault> {
    let sql = "SELECT identity_store_id, user_id, voucher, expires_at_ms FROM mfa_bypass
        WHERE identity_store_id = $1 AND user_id = $2 AND expires_at_ms > $3";
    read.query_one(sql, &[text(store_id), text(user_id), now_ms.into()], bypass)
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

fn bypass(row: &Row) -> Result<MfaBypass, Fault> {
    Ok(MfaBypass {
        identity_store_id: row.parse("identity_store_id")?,
        user_id: row.parse("user_id")?,
        voucher: column::parse_voucher(row)?,
        expires_at_ms: row.integer("expires_at_ms")?,
    })
}
