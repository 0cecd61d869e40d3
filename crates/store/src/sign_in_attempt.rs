//! How often signing in failed, by person and by place.
//!
//! INVARIANT: a scope is a hash, because strangers choose what it is made of: its row has the same
//! size whatever they typed, and a password that somebody typed as a user name is not kept.

use model::Fault;

use crate::{Read, Row, Tx};

/// SHA-256 of what is counted.
pub type AttemptScope = [u8; 32];

/// What is known of a scope.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Attempts {
    pub failures: i64,
    pub failed_at_ms: i64,
    /// 0 for never.
    pub succeeded_at_ms: i64,
}

/// What is known of a scope; nothing at all if there is no row.
pub fn find(read: &mut Read<'_>, scope: &AttemptScope) -> Result<Attempts, Fault> {
    let sql = "SELECT failures, failed_at_ms, succeeded_at_ms
        FROM sign_in_attempt WHERE scope = $1";
    let found = read.query_one(sql, &[scope.as_slice().into()], attempts)?;
    Ok(found.unwrap_or_default())
}

/// Keeps what is known of a scope until `keep_until_ms`.
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
    tx.execute(sql, &values).map(|_| ())
}

/// Forgets up to `limit` scopes that were to be kept until before `before_ms`.
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
