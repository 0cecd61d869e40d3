//! The last sign-ins of each person, and attempts in vain.
//!
//! INVARIANT: a person has at most [`KEPT_MAX`] rows of each outcome, so strangers who guess push no sign-in out.

use model::Fault;
use model::ids::{IdentityStoreId, UserId};
use model::sign_in_record::SignInRecord;

use crate::row::text;
use crate::{Read, Row, Tx};

/// Maximum number of rows of a person, of each outcome.
pub const KEPT_MAX: i64 = 50;

/// Attempts in vain from one address are one row for this long.
const TOGETHER_MS: i64 = 60 * 60 * 1000;

/// Adds a row, and deletes the oldest beyond the maximum.
pub fn insert(tx: &mut Tx<'_>, record: &SignInRecord) -> Result<(), Fault> {
    let sql =
        "INSERT INTO sign_in_record (identity_store_id, user_id, id, outcome, credential_type,
            source_address, user_agent, attempts, at_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values = [
        text(&record.identity_store_id),
        text(&record.user_id),
        text(&record.id),
        text(record.outcome.as_str()),
        text(record.credential_type.as_str()),
        text(&record.source_address),
        text(&record.user_agent),
        record.attempts.into(),
        record.at_ms.into(),
    ];
    tx.execute(sql, &values)?;
    let forget = "DELETE FROM sign_in_record
        WHERE identity_store_id = $1 AND user_id = $2 AND outcome = $3 AND id NOT IN (
            SELECT id FROM sign_in_record
            WHERE identity_store_id = $1 AND user_id = $2 AND outcome = $3
            ORDER BY at_ms DESC, id DESC
            LIMIT $4)";
    let owner = [text(&record.identity_store_id), text(&record.user_id)];
    let [store_id, user_id] = owner;
    tx.write(forget, &[store_id, user_id, text(record.outcome.as_str()), KEPT_MAX.into()])
}

/// Adds attempts in vain to the row of their address, or adds one.
pub fn add_failures(tx: &mut Tx<'_>, record: &SignInRecord) -> Result<(), Fault> {
    let sql = "UPDATE sign_in_record SET attempts = attempts + $5, at_ms = $6, user_agent = $7
        WHERE identity_store_id = $1 AND user_id = $2 AND at_ms > $8 AND outcome = 'FAILED'
            AND credential_type = $3 AND source_address = $4";
    let values = [
        text(&record.identity_store_id),
        text(&record.user_id),
        text(record.credential_type.as_str()),
        text(&record.source_address),
        record.attempts.into(),
        record.at_ms.into(),
        text(&record.user_agent),
        (record.at_ms - TOGETHER_MS).into(),
    ];
    if tx.execute(sql, &values)? > 0 {
        return Ok(());
    }
    insert(tx, record)
}

/// Lists the rows of a person, newest first: at most `limit` before the moment and id given.
pub fn list_of_user(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    before: (i64, &str),
    limit: i64,
) -> Result<Vec<SignInRecord>, Fault> {
    let sql = "SELECT identity_store_id, user_id, id, outcome, credential_type, source_address, user_agent, attempts, at_ms
        FROM sign_in_record
        WHERE identity_store_id = $1 AND user_id = $2 AND (at_ms, id) < ($3, $4)
        ORDER BY at_ms DESC, id DESC
        LIMIT $5";
    let values = [text(store_id), text(user_id), before.0.into(), text(before.1), limit.into()];
    read.query(sql, &values, record)
}

/// Counts the attempts in vain at a person since a moment, as far as their rows are kept.
pub fn count_failures(
    read: &mut Read<'_>,
    store_id: &IdentityStoreId,
    user_id: &UserId,
    since_ms: i64,
) -> Result<i64, Fault> {
    let sql = "SELECT CAST(COALESCE(SUM(attempts), 0) AS BIGINT) AS count FROM sign_in_record
        WHERE identity_store_id = $1 AND user_id = $2 AND at_ms > $3 AND outcome = 'FAILED'";
    let values = [text(store_id), text(user_id), since_ms.into()];
    Ok(read.query_one(sql, &values, |row| row.integer("count"))?.unwrap_or(0))
}

/// Deletes up to `limit` rows from before `before_ms`.
pub fn sweep(tx: &mut Tx<'_>, before_ms: i64, limit: i64) -> Result<u64, Fault> {
    let sql = "DELETE FROM sign_in_record WHERE (identity_store_id, user_id, at_ms, id) IN (
            SELECT identity_store_id, user_id, at_ms, id FROM sign_in_record
            WHERE at_ms < $1 ORDER BY at_ms LIMIT $2)";
    tx.execute(sql, &[before_ms.into(), limit.into()])
}

fn record(row: &Row) -> Result<SignInRecord, Fault> {
    Ok(SignInRecord {
        identity_store_id: row.parse("identity_store_id")?,
        user_id: row.parse("user_id")?,
        id: row.parse("id")?,
        outcome: row.parse("outcome")?,
        credential_type: row.parse("credential_type")?,
        source_address: row.text("source_address")?.to_owned(),
        user_agent: row.text("user_agent")?.to_owned(),
        attempts: row.integer("attempts")?,
        at_ms: row.integer("at_ms")?,
    })
}
