//! Targets that audit events are forwarded to: how far each has got, and the server that sends to it.

use model::Fault;

use crate::row::text;
use crate::{Read, Tx};

/// Target and how far it has got.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Forward {
    pub target: String,
    /// The last digest whose events it has taken; 0 before the first.
    pub digest: i64,
    pub held_by: String,
    /// Until then no other server sends to it.
    pub held_until_ms: i64,
}

/// Hold of a server on a target.
#[derive(Clone, Copy, Debug)]
pub struct Hold<'a> {
    pub holder: &'a str,
    pub until_ms: i64,
    /// Holds of others that end before this moment have ended.
    pub stale_before_ms: i64,
}

/// Sealed events that a target has not taken.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Backlog {
    pub events: i64,
    /// When the oldest of their digests was sealed; `None` without any.
    pub oldest_ms: Option<i64>,
}

/// Finds a target.
pub fn find(read: &mut Read<'_>, target: &str) -> Result<Option<Forward>, Fault> {
    let sql = "SELECT target, digest, held_by, held_until_ms FROM audit_forward WHERE target = $1";
    read.query_one(sql, &[text(target)], |row| {
        Ok(Forward {
            target: row.text("target")?.to_owned(),
            digest: row.integer("digest")?,
            held_by: row.text("held_by")?.to_owned(),
            held_until_ms: row.integer("held_until_ms")?,
        })
    })
}

/// Holds a target, or goes on holding it. A target that is new begins with the first digest. Returns false if another
/// server holds it.
pub fn hold(tx: &mut Tx<'_>, target: &str, hold: Hold<'_>) -> Result<bool, Fault> {
    let sql =
        "INSERT INTO audit_forward (target, digest, held_by, held_until_ms) VALUES ($1, 0, $2, $3)
        ON CONFLICT (target) DO UPDATE
        SET held_by = excluded.held_by, held_until_ms = excluded.held_until_ms
        WHERE audit_forward.held_by = excluded.held_by OR audit_forward.held_until_ms < $4";
    let values =
        [text(target), text(hold.holder), hold.until_ms.into(), hold.stale_before_ms.into()];
    Ok(tx.execute(sql, &values)? == 1)
}

/// Lets another server hold a target at once.
pub fn let_go(tx: &mut Tx<'_>, target: &str, holder: &str) -> Result<(), Fault> {
    let sql = "UPDATE audit_forward SET held_until_ms = 0 WHERE target = $1 AND held_by = $2";
    tx.execute(sql, &[text(target), text(holder)]).map(|_| ())
}

/// Writes down that a target has taken the events of a digest. Returns false if another server holds it.
pub fn advance(tx: &mut Tx<'_>, target: &str, holder: &str, digest: i64) -> Result<bool, Fault> {
    let sql = "UPDATE audit_forward SET digest = $3 WHERE target = $1 AND held_by = $2";
    Ok(tx.execute(sql, &[text(target), text(holder), digest.into()])? == 1)
}

/// Counts the sealed events of at most `limit` digests behind a digest and up to another.
pub fn backlog(read: &mut Read<'_>, behind: i64, until: i64, limit: i64) -> Result<Backlog, Fault> {
    let sql = "SELECT COUNT(*) AS digests, CAST(COALESCE(SUM(event_count), 0) AS BIGINT) AS events,
            COALESCE(MIN(sealed_at_ms), 0) AS oldest_ms
        FROM (
            SELECT event_count, sealed_at_ms FROM audit_digest
            WHERE number > $1 AND number <= $2
            ORDER BY number
            LIMIT $3) AS waiting";
    let found = read.query_one(sql, &[behind.into(), until.into(), limit.into()], |row| {
        let oldest_ms = row.integer("oldest_ms")?;
        let oldest_ms = (row.integer("digests")? > 0).then_some(oldest_ms);
        Ok(Backlog { events: row.integer("events")?, oldest_ms })
    })?;
    Ok(found.unwrap_or_default())
}
