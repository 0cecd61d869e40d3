//! Revocations of role credentials.
//!
//! Credentials have no row, so a revocation raises the mark of its scope. Credentials carry the marks of
//! then, and `authority` compares them at every call.
//!
//! INVARIANT: a mark only rises, and its row stays as long as its instance. A row that went would lower
//! the mark, which credentials of then carry.

use model::Fault;
use model::session::RevocationScope;

use crate::row::text;
use crate::{Read, Tx};

/// Revokes the credentials of a scope that were issued until now.
///
/// The mark is the time for the sake of people, who may read the table, and of a database that was restored:
/// there a plain counter would come to the numbers that credentials already carry. Where the clock was set
/// back, the mark is the next number.
pub fn put(tx: &mut Tx<'_>, scope: &RevocationScope) -> Result<(), Fault> {
    tx.change_authority();
    let sql = "INSERT INTO revocation (scope, not_before_ms) VALUES ($1, $2)
        ON CONFLICT (scope) DO UPDATE SET not_before_ms =
            CASE WHEN revocation.not_before_ms < $2 THEN $2 ELSE revocation.not_before_ms + 1 END";
    let now_ms = tx.now_ms();
    tx.write(sql, &[text(scope), now_ms.into()])
}

/// Finds the mark of a scope. A scope that was never revoked has none.
pub fn find(read: &mut Read<'_>, scope: &RevocationScope) -> Result<Option<i64>, Fault> {
    let sql = "SELECT not_before_ms FROM revocation WHERE scope = $1";
    read.query_one(sql, &[text(scope)], |row| row.integer("not_before_ms"))
}
