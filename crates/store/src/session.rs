//! Sessions of people: in the portal, and of command lines.
//!
//! INVARIANT: a row exists as long as credentials issued through it may be in use, which is longer
//! than the session itself lives: check [`Session::is_live`] before issuing more.
//! INVARIANT: a session is good while its epoch is that of its user and its parent has a row, which every statement that
//! finds sessions asks. So ending one, or all of a user, writes a bounded number of rows (decision 0043).

use model::Fault;
use model::ids::{IdentityStoreId, SessionId, UserId};
use model::session::{Session, SessionKind};
use model::token::TokenHash;

use crate::row::text;
use crate::{Read, Row, Tx, Value, part};

/// The columns of a session `s`, which [`session`] reads.
macro_rules! session_columns {
    () => {
        "s.identity_store_id, s.id, s.user_id, s.kind, s.parent_id, s.client_name, \
         s.source_address, s.user_agent, s.created_at_ms, s.expires_at_ms, s.used_at_ms, s.proved_at_ms, \
         s.whole_proof_at_ms"
    };
}
pub(crate) use session_columns;

/// Condition on a session `s`: neither it nor its parent was ended.
// A session of an earlier program has no epoch: whatever ends it deletes its row.
macro_rules! not_ended {
    () => {
        "(s.epoch IS NULL OR s.epoch = (SELECT e.session_epoch FROM identity_user e
            WHERE e.identity_store_id = s.identity_store_id AND e.id = s.user_id))
        AND (s.parent_id IS NULL OR EXISTS (SELECT 1 FROM session p
            WHERE p.identity_store_id = s.identity_store_id AND p.id = s.parent_id))"
    };
}
pub(crate) use not_ended;

/// Number of sessions that go in the transaction that ends them. An authorization code may go with each.
const ENDED_ROWS_MAX: i64 = part::ROWS_MAX / 2;

/// Adds a session. `token_hash` is the hash of the cookie, which a client session does not have.
pub fn insert(
    tx: &mut Tx<'_>,
    session: &Session,
    token_hash: Option<&TokenHash>,
) -> Result<(), Fault> {
    let sql = "INSERT INTO session (identity_store_id, id, user_id, parent_id, kind, token_hash,
            client_name, source_address, user_agent, created_at_ms, expires_at_ms, used_at_ms,
            proved_at_ms, whole_proof_at_ms, epoch)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
            (SELECT u.session_epoch FROM identity_user u
            WHERE u.identity_store_id = $1 AND u.id = $3))";
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
        session.used_at_ms.into(),
        session.proved_at_ms.into(),
        session.whole_proof_at_ms.into(),
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
        " FROM session s WHERE s.identity_store_id = $1 AND s.id = $2 AND ",
        not_ended!()
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
        " FROM session s WHERE s.token_hash = $1 AND s.expires_at_ms > $2 AND ",
        not_ended!()
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
        WHERE s.identity_store_id = $1 AND s.user_id = $2 AND s.id > $3 AND s.expires_at_ms > $4 AND ",
        not_ended!(),
        " ORDER BY s.id
        LIMIT $5"
    );
    let values = [text(store_id), text(user_id), text(after), now_ms.into(), limit.into()];
    read.query(sql, &values, session)
}

/// Notes that a session was used. An earlier use changes nothing.
pub fn note_use(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    id: &SessionId,
    at_ms: i64,
) -> Result<(), Fault> {
    // AUTHORITY: unchanged, because no answer about inactivity is remembered.
    let sql = "UPDATE session SET used_at_ms = $3
        WHERE identity_store_id = $1 AND id = $2 AND used_at_ms < $3";
    tx.write(sql, &[text(store_id), text(id), at_ms.into()])
}

/// Notes that the person of a session has just proved who they are.
pub fn note_proof(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    id: &SessionId,
) -> Result<(), Fault> {
    // AUTHORITY: unchanged, because no answer about a proof is remembered.
    let sql = "UPDATE session SET proved_at_ms = $3
        WHERE identity_store_id = $1 AND id = $2";
    let now_ms = tx.now_ms();
    tx.write(sql, &[text(store_id), text(id), now_ms.into()])
}

/// Notes that the person of a session has just proved who they are with all that their sign-in asks for.
pub fn note_whole_proof(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    id: &SessionId,
) -> Result<(), Fault> {
    // AUTHORITY: unchanged, because no answer about a proof is remembered.
    let sql = "UPDATE session SET proved_at_ms = $3, whole_proof_at_ms = $3
        WHERE identity_store_id = $1 AND id = $2";
    let now_ms = tx.now_ms();
    tx.write(sql, &[text(store_id), text(id), now_ms.into()])
}

/// Gives a portal session another cookie. The former one finds it no more.
pub fn replace_token(
    tx: &mut Tx<'_>,
    portal: &Session,
    token_hash: &TokenHash,
) -> Result<(), Fault> {
    tx.change_authority();
    let sql = "UPDATE session SET token_hash = $3 WHERE identity_store_id = $1 AND id = $2";
    let store_id = text(&portal.identity_store_id);
    tx.write(sql, &[store_id, text(&portal.id), token_hash.as_slice().into()])
}

/// Ends a session with its children. Returns `false` if there was none.
///
/// Rows of children beyond a part are left without their parent, so they are good no more.
pub fn end(tx: &mut Tx<'_>, store_id: &IdentityStoreId, id: &SessionId) -> Result<bool, Fault> {
    tx.change_authority();
    let children = "DELETE FROM session WHERE (identity_store_id, id) IN (
            SELECT identity_store_id, id FROM session
            WHERE identity_store_id = $1 AND parent_id = $2 LIMIT $3)";
    tx.execute(children, &[text(store_id), text(id), ENDED_ROWS_MAX.into()])?;
    let own = "DELETE FROM session WHERE identity_store_id = $1 AND id = $2";
    Ok(tx.execute(own, &[text(store_id), text(id)])? == 1)
}

/// Ends all sessions of a user. Returns their number.
pub fn end_all_of_user(
    tx: &mut Tx<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<u64, Fault> {
    let count = count_of_user(tx, store_id, user_id)?;
    begin_epoch(tx, store_id, user_id)?;
    delete_part(tx, store_id, user_id)?;
    Ok(count)
}

/// Ends all sessions of the user of a portal session but itself, and its clients too. Returns their number.
pub fn end_others_of_user(tx: &mut Tx<'_>, portal: &Session) -> Result<u64, Fault> {
    let (store_id, user_id) = (&portal.identity_store_id, &portal.user_id);
    let count = count_of_user(tx, store_id, user_id)?;
    begin_epoch(tx, store_id, user_id)?;
    // AUTHORITY: told by `begin_epoch`.
    let keep = "UPDATE session SET epoch = (SELECT u.session_epoch FROM identity_user u
            WHERE u.identity_store_id = $1 AND u.id = $2)
        WHERE identity_store_id = $1 AND id = $3";
    tx.execute(keep, &[text(store_id), text(user_id), text(&portal.id)])?;
    delete_part(tx, store_id, user_id)?;
    Ok(count.saturating_sub(1))
}

fn count_of_user(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
) -> Result<u64, Fault> {
    let sql = concat!(
        "SELECT COUNT(*) AS number FROM session s
        WHERE s.identity_store_id = $1 AND s.user_id = $2 AND ",
        not_ended!()
    );
    let number = read
        .query_one(sql, &[text(store_id), text(user_id)], |row| row.integer("number"))?
        .unwrap_or_default();
    u64::try_from(number).map_err(|why| Fault::broken_at("counting the sessions of a user", why))
}

/// Makes every session of a user one of a former epoch.
fn begin_epoch(tx: &mut Tx<'_>, store_id: &IdentityStoreId, user_id: &UserId) -> Result<(), Fault> {
    tx.change_authority();
    let sql = "UPDATE identity_user SET session_epoch = session_epoch + 1
        WHERE identity_store_id = $1 AND id = $2";
    tx.write(sql, &[text(store_id), text(user_id)])
}

/// Deletes sessions of former epochs: all those of an earlier program, and a part of the others, which are good no more.
fn delete_part(tx: &mut Tx<'_>, store_id: &IdentityStoreId, user_id: &UserId) -> Result<(), Fault> {
    tx.change_authority();
    let of_earlier_program = "DELETE FROM session
        WHERE identity_store_id = $1 AND user_id = $2 AND epoch IS NULL";
    tx.execute(of_earlier_program, &[text(store_id), text(user_id)])?;
    let part = "DELETE FROM session WHERE (identity_store_id, id) IN (
            SELECT s.identity_store_id, s.id FROM session s
            JOIN identity_user u ON u.identity_store_id = s.identity_store_id AND u.id = s.user_id
            WHERE s.identity_store_id = $1 AND s.user_id = $2 AND s.epoch < u.session_epoch
            LIMIT $3)";
    let values = [text(store_id), text(user_id), ENDED_ROWS_MAX.into()];
    tx.write(part, &values)
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
        used_at_ms: row.integer("used_at_ms")?.max(row.integer("created_at_ms")?),
        proved_at_ms: row.integer("proved_at_ms")?,
        whole_proof_at_ms: row.integer("whole_proof_at_ms")?,
    })
}
