//! Counters of failed sign-ins, by user and by source.
//!
//! INVARIANT: a scope is a hash, because unauthenticated clients choose its input. Its row has a
//! fixed size, and a password typed as a user name is not stored.

use model::Fault;

use crate::{Read, Row, Tx};

/// SHA-256 of the user or source that is counted.
pub type AttemptScope = [u8; 32];

/// Counters of a scope.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Attempts {
    pub failures: i64,
    pub failed_at_ms: i64,
    /// Time of the last success; 0 for never.
    pub succeeded_at_ms: i64,
}

/// Returns the counters of a scope; zeros if there is no row.
pub fn find(read: &mut Read<'_>, scope: &AttemptScope) -> Result<Attempts, Fault> {
    let sql = "SELECT failures, failed_at_ms, succeeded_at_ms
        FROM sign_in_attempt WHERE scope = $1";
    let found = read.query_one(sql, &[scope.as_slice().into()], attempts)?;
    Ok(found.unwrap_or_default())
}

/// Stores the counters of a scope until `keep_until_ms`.
pub fn put(
    tx: &mut Tx<'_>,
    scope: &AttemptScope,
    attempts: &Attempts,
    keep_until_ms: i64,
) -> Result<(), Fault> {
    let sql = "INSERT INTO sign_in_attempt
            (scope, failures, failed_at_ms, succeeded_at_ms, keep_until_ms)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (scope) DO UPDATE SET failures = $2, failed_at_ms = $3, succeeded_at_ms = $4,
            keep_until_ms = $5";
    let values = [
        scope.as_slice().into(),
        attempts.failures.into(),
        attempts.failed_at_ms.into(),
        attempts.succeeded_at_ms.into(),
        keep_until_ms.into(),
    ];
    tx.write(sql, &values)
}

/// Removes the counters of a scope. Removing a missing one succeeds.
pub fn remove(tx: &mut Tx<'_>, scope: &AttemptScope) -> Result<(), Fault> {
    let sql = "DELETE FROM sign_in_attempt WHERE scope = $1";
    tx.write(sql, &[scope.as_slice().into()])
}

/// Deletes up to `limit` scopes with a `keep_until_ms` before `before_ms`.
pub fn sweep(tx: &mut Tx<'_>, before_ms: i64, limit: i64) -> Result<u64, Fault> {
    let sql = "DELETE FROM sign_in_attempt WHERE scope IN (
            SELECT scope FROM sign_in_attempt
            WHERE keep_until_ms < $1 ORDER BY keep_until_ms LIMIT $2)";
    tx.execute(sql, &[before_ms.into(), limit.into()])
}

fn attempts(row: &Row) -> Result<Attempts, Fault> {
    Ok(Attempts {
        failures: row.integer("failures")?,
        failed_at_ms: row.integer("failed_at_ms")?,
        succeeded_at_ms: row.integer("succeeded_at_ms")?,
    })
}
