//! Sessions of people: in the portal, and of command lines.
//!
//! INVARIANT: a row exists as long as credentials issued through it may be in use, which is longer
//! than the session itself lives: check [`Session::is_live`] before issuing more. Ending a session
//! deletes its row, and everything that depends on it in the same transaction.

use model::Fault;
use model::ids::{IdentityStoreId, SessionId, UserId};
use model::session::{Session, SessionKind};
use model::token::TokenHash;

use crate::row::text;
use crate::{Read, Row, Tx, Value};

/// The columns of a session `s`, which [`session`] reads.
macro_rules! session_columns {
    () => {
        "s.identity_store_id, s.id, s.user_id, s.kind, s.parent_id, s.client_name, \
         s.source_address, s.user_agent, s.created_at_ms, s.expires_at_ms"
    };
}
pub(crate) use session_columns;

/// Adds a session. `token_hash` is the hash of the cookie, which a client session does not have.
pub fn insert(
    tx: &mut Tx<'_>,
    session: &Session,
    token_hash: Option<&TokenHash>,
) -> Result<(), Fault> {
    let sql = "INSERT INTO session (identity_store_id, id, user_id, parent_id, kind, token_hash,
            client_name, source_address, user_agent, created_at_ms, expires_at_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let (parent_id, client_name) = match &session.kind {
        SessionKind::Portal => (Value::Null, Value::Null),
        SessionKind::Client { parent_id, client_name } => (text(parent_id), text(client_name)),
    };
    let values = [
        text(&session.identity_store_id),
        text(&session.id),
        text(&session.user_id),
        parent_id,
        text(session.kind.as_str()),
        token_hash.map_or(Value::Null, |hash| hash.as_slice().into()),
        client_name,
        text(&session.source_address),
        text(&session.user_agent),
        session.created_at_ms.into(),
        session.expires_at_ms.into(),
    ];
    tx.write(sql, &values)
}

/// Finds the session, whether or not it has expired.
pub fn find(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    id: &SessionId,
) -> Result<Option<Session>, Fault> {
    let sql = concat!(
        "SELECT ",
        session_columns!(),
        " FROM session s WHERE s.identity_store_id = $1 AND s.id = $2"
    );
    read.query_one(sql, &[text(store_id), text(id)], session)
}

/// Finds the portal session of a cookie, if it has not expired.
pub fn find_by_token(
    read: &mut Read<'_>,
    token_hash: &TokenHash,
    now_ms: i64,
) -> Result<Option<Session>, Fault> {
    let sql = concat!(
        "SELECT ",
        session_columns!(),
        " FROM session s WHERE s.token_hash = $1 AND s.expires_at_ms > $2"
    );
    read.query_one(sql, &[token_hash.as_slice().into(), now_ms.into()], session)
}

/// Lists the live sessions of a user by id: at most `limit` after the id `after`.
pub fn list_of_user(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    now_ms: i64,
    after: &str,
    limit: i64,
) -> Result<Vec<Session>, Fault> {
    let sql = concat!(
        "SELECT ",
        session_columns!(),
        " FROM session s
        WHERE s.identity_store_id = $1 AND s.user_id = $2 AND s.id > $3 AND s.expires_at_ms > $4
        ORDER BY s.id
        LIMIT $5"
    );
    let values = [text(store_id), text(user_id), text(after), now_ms.into(), limit.into()];
    read.query(sql, &values, session)
}

/// Deletes a session with its children and their tokens. Returns `false` if there was none.
pub fn end(tx: &mut Tx<'_>, store_id: &IdentityStoreId, id: &SessionId) -> Result<bool, Fault> {
    tx.change_authority();
    let children = "DELETE FROM session WHERE identity_store_id = $1 AND parent_id = $2";
    tx.execute(children, &[text(store_id), text(id)])?;
    let own = "DELETE FROM session WHERE identity_store_id = $1 AND id = $2";
    Ok(tx.execute(own, &[text(store_id), text(id)])? == 1)
}

/// Deletes all sessions of a user. Returns their number.
pub fn end_all_of_user(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<u64, Fault> {
    tx.change_authority();
    let sql = "DELETE FROM session WHERE identity_store_id = $1 AND user_id = $2";
    tx.execute(sql, &[text(store_id), text(user_id)])
}

/// Deletes up to `limit` sessions that expired before `before_ms`.
pub fn sweep(tx: &mut Tx<'_>, before_ms: i64, limit: i64) -> Result<u64, Fault> {
    // AUTHORITY: unchanged, because the last credentials of the swept sessions have expired.
    let sql = "DELETE FROM session WHERE (identity_store_id, id) IN (
            SELECT identity_store_id, id FROM session
            WHERE expires_at_ms < $1 ORDER BY expires_at_ms LIMIT $2)";
    tx.execute(sql, &[before_ms.into(), limit.into()])
}

pub(crate) fn session(row: &Row) -> Result<Session, Fault> {
    let kind = match row.text("kind")? {
        "PORTAL" => SessionKind::Portal,
        "CLIENT" => SessionKind::Client {
            parent_id: row.parse("parent_id")?,
            client_name: row.parse("client_name")?,
        },
        _ => return Err(Fault::broken("a session is of no known kind")),
    };
    Ok(Session {
        identity_store_id: row.parse("identity_store_id")?,
        id: row.parse("id")?,
        user_id: row.parse("user_id")?,
        kind,
        source_address: row.text("source_address")?.to_owned(),
        user_agent: row.text("user_agent")?.to_owned(),
        created_at_ms: row.integer("created_at_ms")?,
        expires_at_ms: row.integer("expires_at_ms")?,
    })
}
