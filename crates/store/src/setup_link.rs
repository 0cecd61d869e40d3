//! Single-use set-up link, which the first start prints.

use model::Fault;

use crate::{Read, Tx};

/// Replaces all earlier links by a new one.
pub fn replace(tx: &mut Tx<'_>, token_hash: &[u8; 32], expires_at_ms: i64) -> Result<(), Fault> {
    tx.execute("DELETE FROM setup_link", &[])?;
    let sql = "INSERT INTO setup_link (token_hash, expires_at_ms) VALUES ($1, $2)";
    tx.write(sql, &[token_hash.as_slice().into(), expires_at_ms.into()])
}

/// Tells whether the link is valid at `now_ms`.
pub fn is_good(read: &mut Read<'_>, token_hash: &[u8; 32], now_ms: i64) -> Result<bool, Fault> {
    let sql = "SELECT expires_at_ms FROM setup_link WHERE token_hash = $1 AND expires_at_ms > $2";
    let found = read.query(sql, &[token_hash.as_slice().into(), now_ms.into()], |_| Ok(()))?;
    Ok(!found.is_empty())
}

/// Redeems the link. Returns `false` if it was not valid.
pub fn redeem(tx: &mut Tx<'_>, token_hash: &[u8; 32]) -> Result<bool, Fault> {
    let sql = "DELETE FROM setup_link WHERE token_hash = $1 AND expires_at_ms > $2";
    let now_ms = tx.now_ms();
    Ok(tx.execute(sql, &[token_hash.as_slice().into(), now_ms.into()])? == 1)
}
