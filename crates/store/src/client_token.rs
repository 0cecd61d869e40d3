//! The access and refresh tokens of client sessions.
//!
//! RFC 6749 §1.5; RFC 9700 §4.14.2 (rotation).
//! INVARIANT: a token's row goes with the row of its session, so a token that is found has one.

use model::Fault;
use model::ids::{IdentityStoreId, SessionId};
use model::oauth::{ClientToken, TokenKind};
use model::session::Session;
use model::token::TokenHash;

use crate::row::text;
use crate::session::session;
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

/// The session that an access token speaks for, if both are live.
pub fn find_access(
    read: &mut Read<'_>,
    token_hash: &TokenHash,
    now_ms: i64,
) -> Result<Option<Session>, Fault> {
    let sql = "SELECT s.identity_store_id, s.id, s.user_id, s.kind, s.parent_id, s.client_name,
            s.source_address, s.user_agent, s.created_at_ms, s.expires_at_ms
        FROM client_token t
        JOIN session s ON s.identity_store_id = t.identity_store_id AND s.id = t.session_id
        WHERE t.token_hash = $1 AND t.kind = 'ACCESS' AND t.expires_at_ms > $2
            AND s.expires_at_ms > $2";
    read.query_one(sql, &[token_hash.as_slice().into(), now_ms.into()], session)
}

/// The refresh token, used or not, live or not.
pub fn find_refresh(
    read: &mut Read<'_>,
    token_hash: &TokenHash,
) -> Result<Option<ClientToken>, Fault> {
    let sql = "SELECT token_hash, identity_store_id, session_id, client_hash, scopes, is_used,
            expires_at_ms
        FROM client_token WHERE token_hash = $1 AND kind = 'REFRESH'";
    read.query_one(sql, &[token_hash.as_slice().into()], refresh_token)
}

/// Uses a refresh token up; `false` if someone did before.
pub fn use_refresh(tx: &mut Tx<'_>, token_hash: &TokenHash) -> Result<bool, Fault> {
    let sql = "UPDATE client_token SET is_used = 1
        WHERE token_hash = $1 AND kind = 'REFRESH' AND is_used = 0";
    Ok(tx.execute(sql, &[token_hash.as_slice().into()])? == 1)
}

/// How many tokens a session has, live or not.
pub fn count_of_session(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    session_id: &SessionId,
) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) FROM client_token
        WHERE identity_store_id = $1 AND session_id = $2";
    let count = read.query_one(sql, &[text(store_id), text(session_id)], |row| row.integer(0))?;
    count.ok_or_else(|| Fault::broken("a count has no row"))
}

/// Forgets up to `limit` tokens that ran out before `before_ms`.
pub fn sweep(tx: &mut Tx<'_>, before_ms: i64, limit: i64) -> Result<u64, Fault> {
    let sql = "DELETE FROM client_token WHERE token_hash IN (
            SELECT token_hash FROM client_token
            WHERE expires_at_ms < $1 ORDER BY expires_at_ms LIMIT $2)";
    tx.execute(sql, &[before_ms.into(), limit.into()])
}

fn refresh_token(row: &Row) -> Result<ClientToken, Fault> {
    Ok(ClientToken {
        token_hash: row.byte_array(0)?,
        identity_store_id: row.parse(1)?,
        session_id: row.parse(2)?,
        kind: TokenKind::Refresh {
            client_hash: row.byte_array(3)?,
            scopes: row.parse(4)?,
            is_used: row.boolean(5)?,
        },
        expires_at_ms: row.integer(6)?,
    })
}
