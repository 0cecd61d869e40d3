//! Keys that Portico seals and signs with, sealed under the server's key file.

use model::Fault;

use crate::row::text;
use crate::{Read, Row, Tx};

/// Sealed key.
#[derive(Clone, Debug)]
pub struct SealedKey {
    /// Number of the key among those of its purpose, from 1. The highest seals and signs; lower
    /// ones still open and verify.
    pub number: i64,
    pub sealed: Vec<u8>,
    pub created_at_ms: i64,
}

/// Adds a key. Returns `false` if another server added this number first.
pub fn insert(tx: &mut Tx<'_>, purpose: &str, key: &SealedKey) -> Result<bool, Fault> {
    let sql = "INSERT INTO master_key (purpose, number, sealed, created_at_ms)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING";
    let values =
        [text(purpose), key.number.into(), key.sealed.as_slice().into(), key.created_at_ms.into()];
    Ok(tx.execute(sql, &values)? == 1)
}

/// Lists the keys of a purpose, newest first.
pub fn list(read: &mut Read<'_>, purpose: &str) -> Result<Vec<SealedKey>, Fault> {
    let sql = "SELECT number, sealed, created_at_ms FROM master_key
        WHERE purpose = $1
        ORDER BY number DESC";
    let key = |row: &Row| {
        Ok(SealedKey {
            number: row.integer("number")?,
            sealed: row.bytes("sealed")?.to_owned(),
            created_at_ms: row.integer("created_at_ms")?,
        })
    };
    read.query(sql, &[text(purpose)], key)
}
