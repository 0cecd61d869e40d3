//! Authorization codes that browsers carry to clients.
//!
//! RFC 6749 §4.1.2; RFC 7636 §4.4.

use model::Fault;
use model::oauth::AuthorizationCode;
use model::token::TokenHash;

use crate::row::text;
use crate::{Read, Row, Tx};

/// Adds a code.
pub fn insert(tx: &mut Tx<'_>, code: &AuthorizationCode) -> Result<(), Fault> {
    let sql = "INSERT INTO authorization_code (code_hash, identity_store_id, client_session_id,
            client_hash, redirect_uri, code_challenge, scopes, expires_at_ms, is_used)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values = [
        code.code_hash.as_slice().into(),
        text(&code.identity_store_id),
        text(&code.client_session_id),
        code.client_hash.as_slice().into(),
        text(&code.redirect_uri),
        text(&code.code_challenge),
        text(&code.scopes),
        code.expires_at_ms.into(),
        code.is_used.into(),
    ];
    tx.write(sql, &values)
}

/// Finds the code, whether or not it is used or expired.
pub fn find(
    read: &mut Read<'_>,
    code_hash: &TokenHash,
) -> Result<Option<AuthorizationCode>, Fault> {
    let sql = "SELECT code_hash, identity_store_id, client_session_id, client_hash, redirect_uri,
            code_challenge, scopes, expires_at_ms, is_used
        FROM authorization_code WHERE code_hash = $1";
    read.query_one(sql, &[code_hash.as_slice().into()], code)
}

/// Marks a code as used. Returns `false` if it was used before.
pub fn use_up(tx: &mut Tx<'_>, code_hash: &TokenHash) -> Result<bool, Fault> {
    let sql = "UPDATE authorization_code SET is_used = 1 WHERE code_hash = $1 AND is_used = 0";
    Ok(tx.execute(sql, &[code_hash.as_slice().into()])? == 1)
}

/// Deletes up to `limit` codes that expired before `before_ms`.
pub fn sweep(tx: &mut Tx<'_>, before_ms: i64, limit: i64) -> Result<u64, Fault> {
    let sql = "DELETE FROM authorization_code WHERE code_hash IN (
            SELECT code_hash FROM authorization_code
            WHERE expires_at_ms < $1 ORDER BY expires_at_ms LIMIT $2)";
    tx.execute(sql, &[before_ms.into(), limit.into()])
}

fn code(row: &Row) -> Result<AuthorizationCode, Fault> {
    Ok(AuthorizationCode {
        code_hash: row.byte_array("code_hash")?,
        identity_store_id: row.parse("identity_store_id")?,
        client_session_id: row.parse("client_session_id")?,
        client_hash: row.byte_array("client_hash")?,
        redirect_uri: row.parse("redirect_uri")?,
        code_challenge: row.parse("code_challenge")?,
        scopes: row.parse("scopes")?,
        expires_at_ms: row.integer("expires_at_ms")?,
        is_used: row.boolean("is_used")?,
    })
}
