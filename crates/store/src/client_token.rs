//! Access and refresh tokens of client sessions.
//!
//! RFC 6749 §1.5; RFC 9700 §4.14.2 (rotation).
//! INVARIANT: deleting a session deletes its tokens, so a token that is found has a session.

use model::Fault;
use model::ids::{IdentityStoreId, SessionId};
use model::oauth::{ClientToken, TokenKind};
use model::session::{Session, TokenHash};

use crate::row::text;
use crate::session::{session, session_columns};
use crate::{Read, Row, Tx, Value};

/// Adds a token to a session.
pub fn insert(tx: &mut Tx<'_>, token: &ClientToken) -> Result<(), Fault> {
    let sql = "INSERT INTO client_token (token_hash, identity_store_id, session_id, kind,
            client_hash, scopes, is_used, expires_at_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let (client_hash, scopes, is_used) = match &token.kind {
        TokenKind::Access => (Value::Null, Value::Null, false),
        TokenKind::Refresh { client_hash, scopes, is_used } => {
            (client_hash.as_slice().into(), text(scopes), *is_used)
        }
    };
    let values = [
        token.token_hash.as_slice().into(),
        text(&token.identity_store_id),
        text(&token.session_id),
        text(token.kind.as_str()),
        client_hash,
        scopes,
        is_used.into(),
        token.expires_at_ms.into(),
    ];
    tx.execute(sql, &values).map(|_| ())
}

/// Finds the session of an access token, if neither has expired.
pub fn find_access(
    read: &mut Read<'_>,
    token_hash: &TokenHash,
    now_ms: i64,
) -> Result<Option<Session>, Fault> {
    let sql = concat!(
        "SELECT ",
        session_columns!(),
        " FROM client_token t
        JOIN session s ON s.identity_store_id = t.identity_store_id AND s.id = t.session_id
        WHERE t.token_hash = $1 AND t.kind = 'ACCESS' AND t.expires_at_ms > $2
            AND s.expires_at_ms > $2"
    );
    read.query_one(sql, &[token_hash.as_slice().into(), now_ms.into()], session)
}

/// Finds the refresh token, whether or not it is used or expired.
pub fn find_refresh(
    read: &mut Read<'_>,
    token_hash: &TokenHash,
) -> Result<Option<ClientToken>, Fault> {
    let sql = "SELECT token_hash, identity_store_id, session_id, client_hash, scopes, is_used,
            expires_at_ms
        FROM client_token WHERE token_hash = $1 AND kind = 'REFRESH'";
    read.query_one(sql, &[token_hash.as_slice().into()], refresh_token)
}

/// Marks a refresh token as used. Returns `false` if it was used before.
pub fn use_refresh(tx: &mut Tx<'_>, token_hash: &TokenHash) -> Result<bool, Fault> {
    let sql = "UPDATE client_token SET is_used = 1
        WHERE token_hash = $1 AND kind = 'REFRESH' AND is_used = 0";
    Ok(tx.execute(sql, &[token_hash.as_slice().into()])? == 1)
}

/// Counts the tokens of a session, expired ones included.
pub fn count_of_session(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    session_id: &SessionId,
) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) AS count FROM client_token
        WHERE identity_store_id = $1 AND session_id = $2";
    let count =
        read.query_one(sql, &[text(store_id), text(session_id)], |row| row.integer("count"))?;
    count.ok_or_else(|| Fault::broken_at("counting the tokens of a session", "there is no row"))
}

/// Deletes up to `limit` tokens that expired before `before_ms`.
pub fn sweep(tx: &mut Tx<'_>, before_ms: i64, limit: i64) -> Result<u64, Fault> {
    let sql = "DELETE FROM client_token WHERE token_hash IN (
            SELECT token_hash FROM client_token
            WHERE expires_at_ms < $1 ORDER BY expires_at_ms LIMIT $2)";
    tx.execute(sql, &[before_ms.into(), limit.into()])
}

fn refresh_token(row: &Row) -> Result<ClientToken, Fault> {
    Ok(ClientToken {
        token_hash: row.byte_array("token_hash")?,
        identity_store_id: row.parse("identity_store_id")?,
        session_id: row.parse("session_id")?,
        kind: TokenKind::Refresh {
            client_hash: row.byte_array("client_hash")?,
            scopes: row.parse("scopes")?,
            is_used: row.boolean("is_used")?,
        },
        expires_at_ms: row.integer("expires_at_ms")?,
    })
}
