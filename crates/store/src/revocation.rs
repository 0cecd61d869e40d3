//! Revocations of role credentials.
//!
//! Credentials have no row, so a revocation is a time: credentials issued at or before it are
//! refused. `authority` checks it at every call.

use model::Fault;
use model::session::RevocationScope;

use crate::row::text;
use crate::{Read, Tx};

/// Revokes the credentials of a scope that were issued until now.
pub fn put(tx: &mut Tx<'_>, scope: &RevocationScope) -> Result<(), Fault> {
    tx.change_authority();
    // A clock that was set back must not make revoked credentials valid again.
    let sql = "INSERT INTO revocation (scope, not_before_ms) VALUES ($1, $2)
        ON CONFLICT (scope) DO UPDATE SET not_before_ms = $2
            WHERE revocation.not_before_ms < $2";
    let now_ms = tx.now_ms();
    tx.execute(sql, &[text(scope), now_ms.into()]).map(|_| ())
}

/// Finds the time up to which the scope's credentials are refused.
pub fn find(read: &mut Read<'_>, scope: &RevocationScope) -> Result<Option<i64>, Fault> {
    let sql = "SELECT not_before_ms FROM revocation WHERE scope = $1";
    read.query_one(sql, &[text(scope)], |row| row.integer("not_before_ms"))
}

/// Deletes up to `limit` revocations from before `before_ms`. The credentials that they refuse have
/// expired.
pub fn sweep(tx: &mut Tx<'_>, before_ms: i64, limit: i64) -> Result<u64, Fault> {
    // AUTHORITY: unchanged, because the credentials that were revoked have expired.
    let sql = "DELETE FROM revocation WHERE scope IN (
            SELECT scope FROM revocation
            WHERE not_before_ms < $1 ORDER BY not_before_ms LIMIT $2)";
    tx.execute(sql, &[before_ms.into(), limit.into()])
}
