//! Codes that went to people's addresses in place of a second factor.

use model::Fault;
use model::ids::{IdentityStoreId, UserId};

use crate::row::text;
use crate::{Read, Row, Tx};

/// The code of a person.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SignInCode {
    /// MAC of the code.
    pub code_mac: [u8; 32],
    pub expires_at_ms: i64,
}

/// Stores the code of a person. It takes the place of the former one.
pub fn put(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    code: &SignInCode,
) -> Result<(), Fault> {
    let sql = "INSERT INTO sign_in_code (identity_store_id, user_id, code_mac, expires_at_ms)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (identity_store_id, user_id) DO UPDATE SET code_mac = $3, expires_at_ms = $4";
    let values =
        [text(store_id), text(user_id), code.code_mac.as_slice().into(), code.expires_at_ms.into()];
    tx.write(sql, &values)
}

/// Finds the code of a person, whether or not it has expired.
pub fn find(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<Option<SignInCode>, Fault> {
    let sql = "SELECT code_mac, expires_at_ms FROM sign_in_code
        WHERE identity_store_id = $1 AND user_id = $2";
    read.query_one(sql, &[text(store_id), text(user_id)], code)
}

/// Uses a code up. Returns false if it is not the person's code any more.
///
/// INVARIANT: one statement decides, so of two nodes at the same moment one gets false.
pub fn spend(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    code: &SignInCode,
) -> Result<bool, Fault> {
    let sql = "DELETE FROM sign_in_code
        WHERE identity_store_id = $1 AND user_id = $2 AND code_mac = $3 AND expires_at_ms = $4";
    let values =
        [text(store_id), text(user_id), code.code_mac.as_slice().into(), code.expires_at_ms.into()];
    Ok(tx.execute(sql, &values)? == 1)
}

/// Deletes up to `limit` codes that expired before `before_ms`.
pub fn sweep(tx: &mut Tx<'_>, before_ms: i64, limit: i64) -> Result<u64, Fault> {
    let sql = "DELETE FROM sign_in_code WHERE (identity_store_id, user_id) IN (
            SELECT identity_store_id, user_id FROM sign_in_code
            WHERE expires_at_ms < $1 ORDER BY expires_at_ms LIMIT $2)";
    tx.execute(sql, &[before_ms.into(), limit.into()])
}

fn code(row: &Row) -> Result<SignInCode, Fault> {
    Ok(SignInCode {
        code_mac: row.byte_array("code_mac")?,
        expires_at_ms: row.integer("expires_at_ms")?,
    })
}
