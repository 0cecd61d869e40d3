//! Hashes of passwords that an earlier program stored unsealed.

use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use model::password::StoredHash;

use crate::row::text;
use crate::user_password::hash;
use crate::{Read, Row, Tx};

/// A hash that is not sealed, and its place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnsealedHash {
    pub identity_store_id: IdentityStoreId,
    pub user_id: UserId,
    pub revision: i64,
    pub hash: StoredHash,
}

/// Lists up to `limit` unsealed hashes of the passwords that people sign in with.
pub fn list(read: &mut Read<'_>, limit: i64) -> Result<Vec<UnsealedHash>, Fault> {
    let sql = "SELECT identity_store_id, user_id, revision, cost, salt, hash FROM user_password
        WHERE length(hash) = 32
        ORDER BY identity_store_id, user_id
        LIMIT $1";
    read.query(sql, &[limit.into()], unsealed)
}

/// Lists up to `limit` unsealed hashes of remembered passwords.
pub fn list_past(read: &mut Read<'_>, limit: i64) -> Result<Vec<UnsealedHash>, Fault> {
    let sql = "SELECT identity_store_id, user_id, revision, cost, salt, hash FROM past_password
        WHERE length(hash) = 32
        ORDER BY identity_store_id, user_id, revision
        LIMIT $1";
    read.query(sql, &[limit.into()], unsealed)
}

/// Puts the sealed hash in the place of an unsealed one that was read in the same transaction.
pub fn replace(tx: &mut Tx<'_>, place: &UnsealedHash, sealed: &[u8]) -> Result<(), Fault> {
    let sql = "UPDATE user_password SET hash = $4
        WHERE identity_store_id = $1 AND user_id = $2 AND revision = $3 AND length(hash) = 32";
    put(tx, sql, place, sealed)
}

/// Puts the sealed hash in the place of a remembered one that was read in the same transaction.
pub fn replace_past(tx: &mut Tx<'_>, place: &UnsealedHash, sealed: &[u8]) -> Result<(), Fault> {
    let sql = "UPDATE past_password SET hash = $4
        WHERE identity_store_id = $1 AND user_id = $2 AND revision = $3 AND length(hash) = 32";
    put(tx, sql, place, sealed)
}

fn put(
    tx: &mut Tx<'_>,
    sql: &'static str,
    place: &UnsealedHash,
    sealed: &[u8],
) -> Result<(), Fault> {
    let [store, user] = [text(&place.identity_store_id), text(&place.user_id)];
    tx.write(sql, &[store, user, place.revision.into(), sealed.into()])
}

fn unsealed(row: &Row) -> Result<UnsealedHash, Fault> {
    Ok(UnsealedHash {
        identity_store_id: row.parse("identity_store_id")?,
        user_id: row.parse("user_id")?,
        revision: row.integer("revision")?,
        hash: hash(row)?,
    })
}
